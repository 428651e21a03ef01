import Serialization

/// What a worker needs of a task's options for every message, in plain numbers.
@frozen @usableFromInline
struct TaskTerms: BitwiseCopyable, Sendable {
  @usableFromInline let acksLate: Bool
  @usableFromInline let rejectOnWorkerLost: Bool
  @usableFromInline let tracksStart: Bool
  @usableFromInline let isAsynchronous: Bool
  /// Whether several of its messages are done at once.
  @usableFromInline let isBatched: Bool
  /// `Compression.code` of results.
  @usableFromInline let compressionCode: UInt8
  /// How often a message may come back; `Int.max` where its queue alone says how often.
  @usableFromInline let redeliveryLimit: Int
  /// In nanoseconds; 0 for none.
  @usableFromInline private(set) var softTimeLimit: Int64
  /// In nanoseconds; 0 for none.
  @usableFromInline private(set) var timeLimit: Int64
  @usableFromInline let retry: RetryTerms
  /// Whether its attempts run here at once, unless their messages say something special.
  @usableFromInline private(set) var isPlain: Bool

  init(_ entry: TaskRegistry.Entry) {
    let options = entry.options
    acksLate = options.acksLate
    rejectOnWorkerLost = options.rejectOnWorkerLost
    tracksStart = options.trackStarted
    if case .asynchronous = entry.work { isAsynchronous = true } else { isAsynchronous = false }
    if case .batch = entry.work { isBatched = true } else { isBatched = false }
    compressionCode = options.compression.code
    redeliveryLimit = max(0, options.redeliveryLimit ?? .max)
    softTimeLimit = options.softTimeLimit?.wholeNanoseconds ?? 0
    timeLimit = options.timeLimit?.wholeNanoseconds ?? 0
    retry = RetryTerms(options)
    isPlain = !isAsynchronous && !isBatched && timeLimit == 0
  }

  /// Whether it is done again when the process dies that does it.
  var isBroughtBack: Bool { acksLate && rejectOnWorkerLost }

  /// Whether it goes back into its queue then, which counts: nobody else does.
  var isReturnedToQueue: Bool { isBroughtBack && redeliveryLimit == .max }

  /// Sets both time limits, in nanoseconds; 0 for none.
  mutating func setTimeLimits(soft: Int64, hard: Int64) {
    (softTimeLimit, timeLimit) = (soft, hard)
    isPlain = !isAsynchronous && !isBatched && hard == 0
  }
}
