import Platform

/// Time that a test moves by hand.
final class VirtualClock: TimeSource, @unchecked Sendable {
  // Unchecked, because: each test is one thread.
  var nanoseconds: Int64
  /// How far each reading moves it.
  var step: Int64
  /// Rings once, at the first reading from that time on.
  var alarm: (nanoseconds: Int64, ring: () -> Void)?

  init(_ nanoseconds: Int64 = 0, step: Int64 = 0) {
    self.nanoseconds = nanoseconds
    self.step = step
  }

  func now() -> Int64 {
    nanoseconds += step
    if let due = alarm, nanoseconds >= due.nanoseconds {
      alarm = nil
      due.ring()
    }
    return nanoseconds
  }
}
