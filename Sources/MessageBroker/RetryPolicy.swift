/// How long a message waits before its next attempt, after a consumer gave it back: exponential backoff with jitter.
///
/// The `n`-th failure waits `min(limit, backoff · 2ⁿ⁻¹)`, of which jitter takes a random part away.
public struct RetryPolicy: Sendable, Hashable {
  /// The wait after the first failure, in nanoseconds.
  public var backoff: Int64
  /// The longest wait, in nanoseconds.
  public var limit: Int64
  /// Which share of the wait is drawn by lot, from 0 (none: always the whole wait) to 1 ("full jitter": anything up to it).
  public var jitter: Double

  /// A policy.
  public init(backoff: Int64, limit: Int64, jitter: Double = 0) {
    self.backoff = backoff
    self.limit = limit
    self.jitter = jitter
  }

  /// The wait after the `failure`-th failure, from 1. `draw` is a random number from 0 up to 1.
  public func delay(afterFailure failure: Int, draw: Double) -> Int64 {
    // More doublings than this exceed every limit there is.
    let doublings = min(max(failure - 1, 0), 62)
    let (doubled, overflows) = backoff.multipliedReportingOverflow(by: 1 << Int64(doublings))
    let whole = overflows ? limit : min(doubled, limit)
    let share = 1 - jitter * draw
    return share < 1 ? Int64(Double(whole) * share) : whole
  }
}
