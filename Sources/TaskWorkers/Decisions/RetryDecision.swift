import Distributions

/// When a task is tried again, in plain numbers.
@frozen @usableFromInline
struct RetryTerms: BitwiseCopyable, Sendable {
  /// Attempts after the first one; `.max` for any number.
  let limit: Int64
  /// The wait without a backoff, in nanoseconds.
  let delay: Int64
  /// The first wait of the backoff; 0 for none.
  let backoff: Int64
  /// The longest wait of the backoff.
  let backoffLimit: Int64
  let hasJitter: Bool

  init(_ options: TaskOptions) {
    limit = options.maxRetries.map { Int64(max(0, $0)) } ?? .max
    delay = max(0, options.defaultRetryDelay.wholeNanoseconds)
    backoff = max(0, options.retryBackoff?.wholeNanoseconds ?? 0)
    backoffLimit = max(0, options.retryBackoffMax.wholeNanoseconds)
    hasJitter = options.retryJitter
  }
}

/// Whether a task that wants to be tried again is, and when.
public enum RetryDecision: Sendable, Equatable {
  /// After so many nanoseconds.
  case after(Int64)
  /// It was tried as often as its options allow.
  case exhausted

  /// Decides for an attempt that failed.
  /// - Parameters:
  ///   - retries: Which attempt it was, from 0.
  ///   - countdown: The wait that the handler asked for; nil for what the options say.
  ///   - options: The task's options.
  ///   - draw: Random bits, for the jitter.
  public init(retries: UInt32, countdown: Int64?, options: TaskOptions, draw: UInt64) {
    self.init(retries: retries, countdown: countdown, terms: RetryTerms(options), draw: draw)
  }

  /// Full jitter draws the whole wait by lot: Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015; the field's
  /// `get_exponential_backoff_interval`.
  init(retries: UInt32, countdown: Int64?, terms: RetryTerms, draw: UInt64) {
    guard Int64(retries) < terms.limit, retries < .max else {
      self = .exhausted
      return
    }
    if let countdown {
      self = .after(max(0, countdown))
    } else if terms.backoff > 0 {
      // More doublings than this exceed every limit.
      let (doubled, overflows) = terms.backoff.multipliedReportingOverflow(by: 1 << Int64(min(retries, 62)))
      let wait = overflows ? terms.backoffLimit : min(doubled, terms.backoffLimit)
      self = .after(terms.hasJitter ? Int64(UnitInterval.openAbove(draw) * Double(wait)) : wait)
    } else {
      self = .after(terms.delay)
    }
  }
}
