public import Serialization

/// What holds for all tasks of one name, by the names of the field; a call may say otherwise for some (`ApplyOptions`).
public struct TaskOptions: Sendable {
  /// How often a task is tried again after its first attempt; nil for ever.
  public var maxRetries: Int? = 3
  /// How long it waits before it is tried again, where neither the handler nor a backoff says so.
  public var defaultRetryDelay = Duration.seconds(180)
  /// How often one worker may start tasks of this name, such as `.perMinute(100)`; nil without a limit. A `WorkerNode` is one worker, whatever its pool, its
  /// concurrency and the number of its queues.
  public var rateLimit: RateLimit?
  /// Whether nobody wants the results: none are sent.
  public var ignoreResult = false
  /// How arguments are serialized by a client that says nothing else. The result comes back the same way as its arguments came.
  public var serializer = Serializer.messagepack
  /// How arguments and results are compressed.
  public var compression = Compression.none
  /// After what time a running task is killed, with its process: refused by workers whose pool is not `processes`.
  public var timeLimit: Duration?
  /// After what time a running task is asked to stop: `TaskContext.shouldStop` says so, and `TaskBatch.shouldStop`.
  public var softTimeLimit: Duration?
  /// Whether a task is acknowledged when it is over, not when it begins: then it is done at least once, not at most once.
  public var acksLate = false
  /// Whether a task with `acksLate` goes back into its queue when the process that did it dies; otherwise it counts as failed.
  public var rejectOnWorkerLost = false
  /// After what time a task that has not begun is called off, counted from its sending, a countdown included.
  public var expires: Duration?
  /// How urgent tasks are, from 0, in queues with priorities (`ApplicationSettings.highestPriority`); others pay no attention to it.
  public var priority: UInt8 = 0
  /// Whether the waiter hears when a task begins and when it is tried again, not only how it ends.
  public var trackStarted = false
  /// Errors that are part of the task's work: failures of these kinds are counted apart, `WorkerCounters.expectedFailures`.
  public var `throws`: [any Error.Type] = []
  /// Errors after which a task is tried again by itself.
  public var autoretryFor: [any Error.Type] = []
  /// The first wait of an exponential backoff, doubled from attempt to attempt; nil waits `defaultRetryDelay` each time.
  public var retryBackoff: Duration?
  /// The longest wait of the backoff.
  public var retryBackoffMax = Duration.seconds(600)
  /// Whether each wait of the backoff is drawn by lot from 0 to what it would be ("full jitter").
  public var retryJitter = true
  /// How often a message may come back from workers and processes that died with it, refused it, or gave it back when they ended, before
  /// it counts as poison and goes to the dead letters; nil for as often as the queue allows. A pool of processes does a task with
  /// `rejectOnWorkerLost` again by itself so often, less what the queue has counted, and later each time, up to a tenth of a second; the
  /// other processes of the pool go on meanwhile. With nil it gives it back to the queue.
  public var redeliveryLimit: Int? = 20
  /// How long a result is kept for its handle, from its arrival on: then it is dropped, counted if nobody has fetched it
  /// (`ResultStatistics.expired`), and `get` says so (`TaskResultError.expired`). Zero keeps it as long as the handle; nil leaves it to the
  /// application (`ApplicationSettings.resultExpires`).
  public var resultExpires: Duration?

  /// The defaults of the field, but for the limit of redeliveries, which it does not have.
  public init() {}

  /// The defaults with changes: `TaskOptions { $0.acksLate = true }`.
  public init(_ change: (inout TaskOptions) -> Void) { change(&self) }
}

extension Duration {
  /// The whole nanoseconds of a time; more than 292 years are that many.
  var wholeNanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (whole, overflows) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, sumOverflows) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
    return overflows || sumOverflows ? (seconds < 0 ? .min : .max) : sum
  }
}
