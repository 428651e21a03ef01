/// When a worker's step has taken long enough, found out with few looks at the clock.
///
/// A look follows each task, or only one in up to sixteen as long as tasks are short: the stride doubles when a stretch took little, and
/// falls back to one when it took long. So what the first long task after many short ones delays is one stretch.
@frozen @usableFromInline
struct StepPace: BitwiseCopyable {
  /// How long a step's handlers may take before it ends, in nanoseconds: 50 µs.
  @usableFromInline static var limit: Int64 { 50_000 }
  /// The longest stretch, in tasks.
  @usableFromInline static var longestStride: Int { 16 }

  @usableFromInline var start: Int64 = 0
  @usableFromInline var lastLook: Int64 = 0
  @usableFromInline var stride = 1
  @usableFromInline var untilLook = 1

  @usableFromInline
  init() {}

  /// A step begins.
  @inlinable @inline(__always)
  mutating func begin(now: Int64) {
    start = now
    lastLook = now
  }

  /// A task was done: whether the clock is to be looked at.
  @inlinable @inline(__always)
  mutating func isDue() -> Bool {
    untilLook &-= 1
    return untilLook <= 0
  }

  /// Takes the time of a look; true when the step is to end.
  /// - Parameter looksAlways: Whether a look is to follow each task, however short they are.
  @usableFromInline
  mutating func look(now: Int64, looksAlways: Bool) -> Bool {
    let stretch = now &- lastLook
    lastLook = now
    if looksAlways || stretch > Self.limit {
      stride = 1
    } else if stretch < Self.limit / 4 {
      stride = min(2 * stride, Self.longestStride)
    }
    untilLook = stride
    return now &- start > Self.limit
  }
}
