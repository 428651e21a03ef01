import Testing

/// Whole runs, one after the other: two at a time would only wait for each other's spinning threads.
@Suite(.serialized) enum RunTests {
  /// Every way to wait, as scenarios name it.
  static let waits = ["spin", "yield", "backoff", "park", "spin_then_park"]
}
