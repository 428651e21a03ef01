import Platform
import Statistics

/// How well this machine repeats itself: the same work many times over, an A/A test of processor and memory.
public enum NoiseProbe {
  /// Coefficients of variation of identical work; 0.01 is 1 %.
  public struct Reading: Sendable, Equatable {
    /// Of arithmetic that stays in registers.
    public var cpuVariation: Double
    /// Of dependent loads over 16 MiB.
    public var memoryVariation: Double
  }

  /// Repeats both kinds of work, about half a second in all.
  public static func measure(repetitions: Int = 30) -> Reading {
    Reading(
      cpuVariation: variation(repetitions) { compute(steps: 2_000_000) },
      memoryVariation: variation(repetitions, of: MemoryChase(byteCount: 16 << 20).walker(steps: 60_000)))
  }

  private static func variation(_ repetitions: Int, of work: () -> UInt64) -> Double {
    var sink: UInt64 = work()  // The first one warms up.
    let times = (0..<repetitions).map { _ in
      let start = CycleCounter.shared.now()
      sink &+= work()
      return Double(CycleCounter.shared.now() - start)
    }
    // The sum is used, so that no work is optimised away.
    return sink == .max ? 0 : SampleStatistics.coefficientOfVariation(times) ?? 0
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

  /// A cycle through memory in an order that no prefetcher guesses.
  private struct MemoryChase {
    let next: [UInt32]

    init(byteCount: Int) {
      // Sattolo's algorithm: a random permutation that is one single cycle.
      var order = (0..<UInt32(byteCount / 4)).map { $0 }
      var state: UInt64 = 1
      for index in stride(from: order.count - 1, to: 0, by: -1) {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        order.swapAt(index, Int((state >> 33) % UInt64(index)))
      }
      next = order
    }

    func walker(steps: Int) -> () -> UInt64 {
      {
        var position: UInt32 = 0
        for _ in 0..<steps { position = next[Int(position)] }
        return UInt64(position)
      }
    }
  }
}
