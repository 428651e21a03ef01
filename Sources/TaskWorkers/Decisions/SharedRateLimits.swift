import Platform

/// Rate limits that several workers keep together: the threads of a node, which is one worker to whoever limits its tasks.
///
/// Cost of a task with a limit: a short lock for a start, and one for each look whether it is time; of others nothing.
public final class SharedRateLimits: Sendable {
  private let limiters = Guarded<[String: SharedRateLimiter]>([:])

  /// No limits yet.
  public init() {}

  /// Limits the tasks of this name otherwise from now on, nil for not at all: for all workers that keep the limit together, in one moment,
  /// and for those that come later. A worker that had no limit for them has to be told to look: `WorkerCore.noticeRateLimit`.
  public func set(_ limit: RateLimit?, of task: String) {
    limiters.withLock { limiters in
      if let known = limiters[task] { known.set(limit) } else { limiters[task] = SharedRateLimiter(limit) }
    }
  }

  /// The limiter of the task of this name: the one that is known, or a new one for what its definition says; nil when it has never had
  /// a limit.
  func limiter(of task: String, defined: RateLimit? = nil) -> SharedRateLimiter? {
    limiters.withLock { limiters in
      if let known = limiters[task] { return known }
      guard let defined else { return nil }
      let new = SharedRateLimiter(defined)
      limiters[task] = new
      return new
    }
  }
}

/// A limiter that several threads take tokens from.
final class SharedRateLimiter: Sendable {
  private let limiter: Guarded<RateLimiter>

  init(_ limit: RateLimit?) { limiter = Guarded(Self.limiter(limit)) }

  private static func limiter(_ limit: RateLimit?) -> RateLimiter { limit.map { RateLimiter($0) } ?? .unlimited }

  /// The time between two starts, in nanoseconds; 0 without a limit.
  var intervalNanoseconds: Int64 { limiter.withLock { $0.intervalNanoseconds } }

  /// Whether there is a limit.
  var isLimited: Bool { intervalNanoseconds > 0 }

  /// See `RateLimiter.take`.
  func take(now: Int64) -> Bool { limiter.withLock { $0.take(now: now) } }

  /// See `RateLimiter.nextMoment`.
  var nextMoment: Int64 { limiter.withLock { $0.nextMoment } }

  /// See `RateLimiter.returnMoment`.
  func returnMoment(waitingCount: Int, now: Int64) -> Int64 {
    limiter.withLock { $0.returnMoment(waitingCount: waitingCount, now: now) }
  }

  /// Limits otherwise from now on, nil for not at all. The limit that there is already changes nothing.
  func set(_ limit: RateLimit?) {
    let new = Self.limiter(limit)
    limiter.withLock { limiter in
      if limiter.intervalNanoseconds != new.intervalNanoseconds { limiter = new }
    }
  }
}
