import Platform
import Synchronization

/// How long a cache line takes from one core to another: what no ring can beat.
///
/// Two threads on the first two cores bounce a number over two lines, one per direction. On a virtual machine the result
/// flips between near (under 80 ns) and far (about 200 ns) from minute to minute, so it is measured before every run.
public enum LineTransferProbe {
  /// One way, in nanoseconds.
  public struct Reading: Sendable, Equatable {
    /// The median.
    public var p50Nanoseconds: Double
    /// The 99th percentile.
    public var p99Nanoseconds: Double
    /// Whether the cores are near one another: every ring is several times slower on far ones.
    public var isNear: Bool { p50Nanoseconds < 80 }
  }

  /// On a busy machine the two threads are seldom on their cores together; what was measured by then has to do.
  private static let longestNanoseconds: Int64 = 200_000_000

  /// A median beyond is no line's way: the threads were not on their cores together, and took turns at the scheduler's pace.
  private static let plausibleNanoseconds = 10_000.0

  /// Measures for about 20 ms, at most about 200 ms; nil when it could not be measured: on a machine with one core, when a
  /// thread cannot be started, or when the two were kept apart.
  public static func measure(roundTrips: Int = 100_000) -> Reading? {
    let cores = CPUTopology.usableCores
    guard cores.count > 1 else { return nil }
    let lines = Lines()
    let batch = 10
    let samples = Guarded<[Double]>([])
    let clock = CycleCounter.shared
    guard let far = try? PinnedThread(name: "line-far", core: cores[1], body: { lines.echo() }) else { return nil }
    defer { far.join() }
    guard
      let near = try? PinnedThread(
        name: "line-near", core: cores[0],
        body: {
          var measured: [Double] = []
          measured.reserveCapacity(roundTrips / batch)
          let deadline = clock.now() + longestNanoseconds
          for _ in 0..<roundTrips / batch {
            let start = clock.now()
            if start > deadline, !measured.isEmpty { break }
            for _ in 0..<batch { lines.bounce() }
            measured.append(Double(clock.now() - start) / Double(2 * batch))
          }
          lines.finish()
          let taken = measured
          samples.withLock { $0 = taken }
        })
    else {
      lines.finish()
      return nil
    }
    near.join()
    return reading(of: samples.withLock { $0 })
  }

  /// What the samples say; nil when there is none, or when they say nothing of lines.
  static func reading(of samples: [Double]) -> Reading? {
    let sorted = samples.sorted()
    guard let last = sorted.last else { return nil }
    let median = sorted[sorted.count / 2]
    guard median <= plausibleNanoseconds else { return nil }
    return Reading(p50Nanoseconds: median, p99Nanoseconds: sorted.count > 100 ? sorted[sorted.count * 99 / 100] : last)
  }

  /// The two lines. Acquire and release pair across them, though only the numbers themselves matter.
  @safe
  private final class Lines: @unchecked Sendable {
    // Unchecked, because: it only points at two atomics.
    private let memory = unsafe AlignedMemory.allocate(byteCount: 2 * AlignedMemory.lineByteCount)
    private var forth: UnsafeMutablePointer<Atomic<UInt64>> {
      unsafe memory.assumingMemoryBound(to: Atomic<UInt64>.self)
    }
    private var back: UnsafeMutablePointer<Atomic<UInt64>> {
      unsafe (memory + AlignedMemory.lineByteCount).assumingMemoryBound(to: Atomic<UInt64>.self)
    }

    deinit { unsafe AlignedMemory.deallocate(memory) }

    func bounce() {
      let number = unsafe forth.pointee.load(ordering: .relaxed) + 1
      unsafe forth.pointee.store(number, ordering: .releasing)
      while unsafe back.pointee.load(ordering: .acquiring) != number {}
    }

    func echo() {
      var expected: UInt64 = 1
      while true {
        let seen = unsafe forth.pointee.load(ordering: .acquiring)
        if seen == .max { return }
        guard seen == expected else { continue }
        unsafe back.pointee.store(seen, ordering: .releasing)
        expected += 1
      }
    }

    func finish() { unsafe forth.pointee.store(.max, ordering: .releasing) }
  }
}
