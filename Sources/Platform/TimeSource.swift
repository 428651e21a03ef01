/// Where a run's time comes from: the host's counter in a real run, a hand-moved value in a simulation or a test.
public protocol TimeSource: Sendable {
  /// Nanoseconds since an arbitrary start. Never decreases on one thread.
  func now() -> Int64
}
