/// Lets tasks of one name begin at most every so many nanoseconds: a bucket of tokens that holds one, as the field's.
///
/// Kept as the moment at which the next token is there, which needs no clock of its own and gathers no rounding errors (the "generic
/// cell rate algorithm", ITU-T I.371).
public struct RateLimiter: Sendable {
  /// The time between two starts, in nanoseconds.
  public let intervalNanoseconds: Int64
  /// When the next task may begin.
  public private(set) var nextMoment: Int64 = .min
  /// When the next task that waits elsewhere should come back.
  private var nextReturn: Int64 = .min

  /// A limiter with a token in its bucket.
  public init(_ limit: RateLimit) { intervalNanoseconds = limit.intervalNanoseconds }

  private init(intervalNanoseconds: Int64) { self.intervalNanoseconds = intervalNanoseconds }

  /// One that always has a token.
  static var unlimited: RateLimiter { RateLimiter(intervalNanoseconds: 0) }

  /// Takes a token; false when there is none before `nextMoment`.
  public mutating func take(now: Int64) -> Bool {
    guard now >= nextMoment else { return false }
    nextMoment = now.advanced(upTo: intervalNanoseconds)
    return true
  }

  /// When a task should come back that finds `waitingCount` others before it, and all those that were sent away before it.
  public mutating func returnMoment(waitingCount: Int, now: Int64) -> Int64 {
    let (wait, overflows) = intervalNanoseconds.multipliedReportingOverflow(by: Int64(waitingCount))
    let turn = max(nextMoment, now).advanced(upTo: overflows ? .max : wait)
    nextReturn = max(turn, nextReturn.advanced(upTo: intervalNanoseconds))
    return nextReturn
  }
}
