public import CLinux

/// The core's constant-rate counter, scaled to nanoseconds: half the cost of `CLOCK_MONOTONIC` and ten times finer.
///
/// Calibrated once against `CLOCK_MONOTONIC` and started at its value, so that both count from the same origin; from then
/// on it drifts from it by the calibration's error (a few parts per million). Where the counter is not invariant, `now()`
/// reads `CLOCK_MONOTONIC` instead and `isCycleCounter` says so: one run never mixes the two.
@frozen
public struct CycleCounter: TimeSource {
  /// Whether `now()` reads the cycle counter; false means `CLOCK_MONOTONIC`.
  public let isCycleCounter: Bool
  @usableFromInline let originTicks: UInt64
  @usableFromInline let originNanoseconds: Int64
  /// Nanoseconds per tick, as a fraction of 2³².
  @usableFromInline let scale: UInt64

  init(isCycleCounter: Bool, originTicks: UInt64, originNanoseconds: Int64, scale: UInt64) {
    self.isCycleCounter = isCycleCounter
    self.originTicks = originTicks
    self.originNanoseconds = originNanoseconds
    self.scale = scale
  }

  /// Nanoseconds on the axis of `MonotonicClock`.
  @inlinable @inline(__always)
  public func now() -> Int64 {
    guard isCycleCounter else { return MonotonicClock.now() }
    // The product needs 96 bits after an hour: full width, then the middle.
    let product = (clinux_cycle_count() &- originTicks).multipliedFullWidth(by: scale)
    return originNanoseconds &+ Int64(truncatingIfNeeded: product.high << 32 | product.low >> 32)
  }

  /// The raw counter.
  @inlinable @inline(__always)
  public static func ticks() -> UInt64 { clinux_cycle_count() }

  /// Ticks per second as calibrated, or nil when the counter is not used.
  public var ticksPerSecond: Double? {
    isCycleCounter ? 1e9 * 4_294_967_296 / Double(scale) : nil
  }
}

extension CycleCounter {
  /// The process's calibrated counter; the first use takes about 20 ms, or none after `adopt`.
  public static let shared =
    adopted.withLock { $0 }.map { anchored(scale: $0) } ?? calibrated(overNanoseconds: 20_000_000)

  private static let adopted = Guarded<UInt64?>(nil)

  /// What a child process needs to count like this one; nil where the counter is not used.
  public var calibration: UInt64? { isCycleCounter ? scale : nil }

  /// Takes over the calibration of another process on this machine, so that all processes of a run count alike and only
  /// one of them takes the time. Call before the first use of `shared`.
  public static func adopt(calibration: UInt64) {
    guard calibration > 0, clinux_cycle_counter_is_invariant() != 0 else { return }
    adopted.withLock { $0 = calibration }
  }

  /// A counter of known speed that starts at the present value of `CLOCK_MONOTONIC`.
  static func anchored(scale: UInt64) -> CycleCounter {
    let now = reading()
    return CycleCounter(
      isCycleCounter: true, originTicks: now.ticks, originNanoseconds: now.nanoseconds, scale: scale)
  }

  /// Compares the counter with `CLOCK_MONOTONIC` at both ends of the given time.
  static func calibrated(overNanoseconds duration: Int64) -> CycleCounter {
    guard clinux_cycle_counter_is_invariant() != 0, ticks() != 0 else {
      return CycleCounter(isCycleCounter: false, originTicks: 0, originNanoseconds: 0, scale: 0)
    }
    let start = reading()
    PrecisionSleep.sleep(nanoseconds: duration)
    let end = reading()
    let scale = Double(end.nanoseconds - start.nanoseconds) * 4_294_967_296 / Double(end.ticks - start.ticks)
    return CycleCounter(
      isCycleCounter: true, originTicks: end.ticks, originNanoseconds: end.nanoseconds, scale: UInt64(scale.rounded()))
  }

  /// One simultaneous reading of both: of several tries the one that the least time passed in.
  private static func reading() -> (ticks: UInt64, nanoseconds: Int64) {
    var best = (ticks: UInt64(0), nanoseconds: Int64(0))
    var bestWidth = UInt64.max
    for _ in 0..<100 {
      let before = ticks()
      let nanoseconds = MonotonicClock.now()
      let width = ticks() &- before
      if width < bestWidth {
        bestWidth = width
        best = (before &+ width / 2, nanoseconds)
      }
    }
    return best
  }
}

extension TimeSource {
  /// The step that different readings in a row are apart most often, and the mean cost of one reading, in nanoseconds.
  ///
  /// Not the smallest step: a counter finer than a nanosecond is rounded, and of thousands of readings there is always one
  /// pair with an odd step, in some runs and not in others. Steps of 4 µs and more are left out: something came between.
  public func measureCost(readings: Int = 20_000) -> (quantumNanoseconds: Double, readCostNanoseconds: Double) {
    precondition(readings > 1, "a cost needs at least two readings")
    var counts = [Int](repeating: 0, count: 4096)
    let start = now()
    var previous = start
    for _ in 1..<readings {
      let current = now()
      let step = current - previous
      if step > 0, step < counts.count { counts[Int(step)] += 1 }
      previous = current
    }
    let cost = Double(previous - start) / Double(readings - 1)
    let largest = counts.max() ?? 0
    let quantum = largest == 0 ? 0 : counts.firstIndex(of: largest) ?? 0
    return (Double(quantum), cost)
  }
}
