/// Where a run's time comes from: the host's counter in a real run, a hand-moved value in a simulation or a test.
public protocol TimeSource: Sendable {
  /// Nanoseconds since an arbitrary start. Never decreases on one thread.
  func now() -> Int64
}

/// The kernel's monotonic clock as a source of time: for whoever does not read it for every message.
public struct MonotonicTime: TimeSource {
  /// A source.
  public init() {}

  /// Nanoseconds since an arbitrary start, the same for all processes of this machine.
  public func now() -> Int64 { MonotonicClock.now() }
}
