import Platform
import Statistics

/// How well this machine repeats itself: the same work many times over, an A/A test of processor and memory.
///
/// The work is sized so that one repetition takes about 2 ms on any machine and in any build, and the probe about 100 ms.
public enum NoiseProbe {
  /// Coefficients of variation of identical work; 0.01 is 1 %.
  public struct Reading: Sendable, Equatable {
    /// Of arithmetic that stays in registers.
    public var cpuVariation: Double
    /// Of dependent loads over 16 MiB: on a shared machine the last-level cache and the memory are the neighbours' too.
    public var memoryVariation: Double
  }

  private static let repetitionNanoseconds: Int64 = 2_000_000

  /// Repeats both kinds of work, about 100 ms in all. Allocates 16 MiB meanwhile.
  public static func measure(repetitions: Int = 20) -> Reading {
    let walk = MemoryWalk(byteCount: 16 << 20)
    return Reading(
      cpuVariation: variation(repetitions, startingWith: 1000, of: compute),
      memoryVariation: variation(repetitions, startingWith: 100, of: walk.walk))
  }

  private static func variation(_ repetitions: Int, startingWith count: Int, of work: (Int) -> UInt64) -> Double {
    // Doubled until it is long enough: that also warms up caches and clocks.
    var steps = count
    while duration(of: work, steps) < repetitionNanoseconds { steps *= 2 }
    let times = (0..<repetitions).map { _ in Double(duration(of: work, steps)) }
    return SampleStatistics.coefficientOfVariation(times) ?? 0
  }

  private static func duration(of work: (Int) -> UInt64, _ steps: Int) -> Int64 {
    let start = CycleCounter.shared.now()
    let result = work(steps)
    let end = CycleCounter.shared.now()
    // The result is used, so that no work is optimised away.
    return result == .max ? end - start + 1 : end - start
  }

  private static func compute(steps: Int) -> UInt64 {
    var state: UInt64 = 88_172_645_463_325_252
    for _ in 0..<steps {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
    }
    return state
  }

  /// A cycle through all cache lines of a piece of memory, in an order that no prefetcher guesses.
  private struct MemoryWalk {
    /// 16 numbers make a line; the first of each is where the next line begins.
    private let lines: [UInt32]

    init(byteCount: Int) {
      let count = byteCount / 64
      // Sattolo's algorithm: a random permutation that is one single cycle.
      var order = (0..<UInt32(count)).map { $0 }
      var state: UInt64 = 1
      for index in stride(from: count - 1, to: 0, by: -1) {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        order.swapAt(index, Int((state >> 33) % UInt64(index)))
      }
      var lines = [UInt32](repeating: 0, count: count * 16)
      for index in 0..<count { lines[index * 16] = order[index] * 16 }
      self.lines = lines
    }

    func walk(steps: Int) -> UInt64 {
      var position: UInt32 = 0
      for _ in 0..<steps { position = lines[Int(position)] }
      return UInt64(position)
    }
  }
}
