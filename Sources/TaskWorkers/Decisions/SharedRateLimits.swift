import Platform

/// Rate limits that several workers keep together: the threads of a node, which is one worker to whoever limits its tasks.
///
/// Cost of a task with a limit: a short lock for a start, and one for each look whether it is time; of others nothing.
public final class SharedRateLimits: Sendable {
  private let limiters = Guarded<[String: SharedRateLimiter]>([:])

  /// No limits yet.
  public init() {}

  /// The limiter of the task of this name: the one that another worker has brought, or a new one.
  func limiter(of task: String, _ limit: RateLimit) -> SharedRateLimiter {
    limiters.withLock { limiters in
      if let known = limiters[task] { return known }
      let new = SharedRateLimiter(limit)
      limiters[task] = new
      return new
    }
  }
}

/// A limiter that several threads take tokens from.
final class SharedRateLimiter: Sendable {
  private let limiter: Guarded<RateLimiter>

  init(_ limit: RateLimit) { limiter = Guarded(RateLimiter(limit)) }

  /// See `RateLimiter.take`.
  func take(now: Int64) -> Bool { limiter.withLock { $0.take(now: now) } }

  /// See `RateLimiter.nextMoment`.
  var nextMoment: Int64 { limiter.withLock { $0.nextMoment } }

  /// See `RateLimiter.returnMoment`.
  func returnMoment(waitingCount: Int, now: Int64) -> Int64 {
    limiter.withLock { $0.returnMoment(waitingCount: waitingCount, now: now) }
  }

  /// Limits otherwise from now on, nil for not at all. Each worker says so; the first to do it changes something.
  func set(_ limit: RateLimit?) {
    let new = limit.map { RateLimiter($0) } ?? .unlimited
    limiter.withLock { limiter in
      if limiter.intervalNanoseconds != new.intervalNanoseconds { limiter = new }
    }
  }
}
