import Platform

/// Time that a test moves by hand.
final class VirtualClock: TimeSource, @unchecked Sendable {
  // Unchecked, because: each test is one thread.
  var nanoseconds: Int64
  /// How far each reading moves it.
  var step: Int64

  init(_ nanoseconds: Int64 = 0, step: Int64 = 0) {
    self.nanoseconds = nanoseconds
    self.step = step
  }

  func now() -> Int64 {
    nanoseconds += step
    return nanoseconds
  }
}
