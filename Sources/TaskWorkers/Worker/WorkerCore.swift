public import Distributions
public import DriverInterface
public import Platform
public import RingBuffers
public import Serialization

/// One worker: takes messages of tasks from a queue, decides about each, runs it, replies and acknowledges.
///
/// Roles: owned by one thread, which calls `step` again and again and waits at the end point in between; it alone acknowledges and
/// replies. This is the pool `solo`, and `threads` with one thread: tasks run within `step`.
/// Cost of a task without options and without an observer, beside the broker and the handler: nothing is allocated, and of short ones the
/// clock is read after one in sixteen.
///
/// Promises
/// - A task is acknowledged before it begins, or with `acksLate` when its outcome, or the message of its next attempt, has arrived in
///   its queue: at most once, or at least once. What a full queue holds back has not arrived. When that is the queue that a late task came
///   from, what it sends there goes to the keeper of ETAs instead: else they would wait for each other.
/// - Every task that a client waits for gets one outcome from the worker that ends it, unless the waiter's queue has no room. So does one
///   that it causes and cannot send on, because there is no such queue or it is too large: FAILURE.
/// - A step whose handlers have taken long ends: outcomes do not wait for the tasks behind them, nor do late acknowledgements. What it
///   has taken and not begun is done in the next steps, unless it was called off or has expired by then, or the worker is to end.
/// - What is refused is counted in `counters`, and goes where the queue's dead letters go.
@frozen
public struct WorkerCore<Endpoint: ReplyingReceiver & RoutingSender & ~Copyable, Time: TimeSource>: ~Copyable {
  /// Where messages come from and go to.
  public var endpoint: Endpoint
  @usableFromInline var tally = WorkerCounters()
  /// Who hears of it.
  @usableFromInline var observer: (any WorkerObserver)?
  /// Whether the observer wants to hear of each task of the present batch.
  @usableFromInline var isWatched = false
  /// Where the task that runs is shown to other threads.
  @usableFromInline var running: RunningTask?
  @usableFromInline let time: Time
  @usableFromInline let table: TaskTable
  @usableFromInline let options: WorkerOptions
  @usableFromInline let accepted: CodeSet
  /// The optional fields whose content types have to be looked at: none when all are accepted.
  @usableFromInline let contentFields: UInt32
  @usableFromInline var runner: TaskRunner
  /// A copy of the message that is acknowledged before it begins, or that is sent on.
  @usableFromInline var copy: ByteWriter
  @usableFromInline var revocations: RevocationList
  @usableFromInline var lines: HeldLines
  @usableFromInline var backlog: OutgoingBacklog
  /// What to acknowledge when everything that is staged has arrived.
  @usableFromInline var owed: ContiguousArray<UInt64>
  /// Messages and results that the end point held back at the last flush, because their queues have no room.
  @usableFromInline var heldBackCount = 0
  @usableFromInline var random: Xoshiro256
  @usableFromInline var attempt: UInt64 = 0
  /// The present time, as old as the last handler.
  @usableFromInline var now: Int64 = 0
  @usableFromInline var isNowOld = false
  /// What the end point's batch has left, which no step has begun: places in it.
  @usableFromInline var rest = 0..<0
  @usableFromInline var pace = StepPace()
  /// Whether any task has a rate limit.
  @usableFromInline var hasLimits: Bool
  @usableFromInline var isStopping = false
  /// When what then still runs elsewhere is given up; nil unless the stop is cold.
  var coldLimit: Int64?
  /// Whether tasks run on this thread, not in a pool's lanes.
  @usableFromInline let runsHere: Bool
  /// Whether there are processes to kill.
  @usableFromInline var canKill = false
  /// What is done elsewhere.
  @usableFromInline var hands: TaskHands
  /// What is done several at a time: once a batch of messages is looked through, in as many steps as that takes, or by a lane.
  @usableFromInline var gathered: GatheredTasks
  /// Batches that lanes have.
  var batchesUnderWay = 0
  /// The slots of asynchronous attempts that are over.
  let endingRing: ManyToOneRing<UInt64>
  /// Where asynchronous attempts ring when they are over, and whoever else wants the worker's thread to look.
  public let bell: WorkerBell
  var nap: BelledNap
  var endings: ManyToOneRing<UInt64>.Consumer

  /// A worker of the tasks in `registry`.
  /// - Parameters:
  ///   - endpoint: An end that consumes the queue of `options`, with acknowledgement.
  ///   - time: Where soft time limits and the runtimes of an observer's tasks are read; and the present time between two long tasks
  ///     of a batch.
  public init(endpoint: consuming Endpoint, registry: TaskRegistry, options: WorkerOptions, time: Time) {
    self.init(
      endpoint: endpoint, registry: registry, options: options, time: time, bell: WorkerBell(), runsHere: true)
  }

  init(
    endpoint: consuming Endpoint, registry: TaskRegistry, options: WorkerOptions, time: Time, bell: WorkerBell,
    runsHere: Bool
  ) {
    self.runsHere = runsHere
    self.bell = bell
    nap = BelledNap()
    hands = TaskHands()
    gathered = GatheredTasks()
    endingRing = ManyToOneRing(capacity: Self.asynchronousLimit)
    endings = endingRing.makeConsumer()
    self.endpoint = endpoint
    self.time = time
    self.options = options
    table = TaskTable(registry)
    accepted = CodeSet(options.acceptContent)
    contentFields = options.acceptContent.count == Serializer.allCases.count ? 0 : EnvelopeField.input.bit
    runner = TaskRunner(table, environment: TaskEnvironment(clock: time))
    copy = ByteWriter(capacity: 1024, limit: TaskEnvelope.byteCountLimit)
    lines = HeldLines(table, limit: options.heldLimit, sharing: options.rateLimits ?? SharedRateLimits())
    hasLimits = !lines.isEmpty
    random = Xoshiro256(seed: options.seed)
    revocations = RevocationList()
    backlog = OutgoingBacklog()
    owed = []
    owed.reserveCapacity(256)
  }

  /// What it has done and refused.
  public var counters: WorkerCounters { tally }

  /// How many attempts it has begun, wherever they are made; what a lane begins again by itself is not one of them.
  public var attemptCount: Int { Int(truncatingIfNeeded: attempt) }

  /// Takes at most one batch and does its tasks, or those of the batch before that are left. Never waits; ends early when handlers have
  /// taken long.
  /// - Parameters:
  ///   - limit: How many messages a batch has at most.
  ///   - now: The present time, in nanoseconds of the clients' clock.
  /// - Returns: how much was done; 0 when there was nothing to do.
  @inlinable
  public mutating func step(limit: Int, now: Int64) -> Int {
    self.now = now
    isNowOld = false
    pace.begin(now: now)
    if let observer { isWatched = observer.hearsTasks }
    var done = hasLimits || !backlog.isEmpty || hands.count > 0 || heldBackCount > 0 ? attend() : 0
    if !isStopping, hands.waitingCount == 0 {
      if rest.isEmpty, gathered.isEmpty || !runsHere { receive(limit: limit) }
      done &+= takeRest()
    }
    if runsHere, rest.isEmpty, !gathered.isEmpty { done = max(done, runBatches()) }
    if done > 0 { flush() }
    return done
  }

  @inlinable @inline(__always)
  mutating func receive(limit: Int) {
    rest = 0..<endpoint.receive(limit: limit, now: now)
    if observer != nil, !rest.isEmpty { showRest() }
  }

  /// Does what is left of the batch, until that has taken long; returns how many messages it has looked at.
  @inlinable @inline(__always)
  mutating func takeRest() -> Int {
    let first = rest.lowerBound
    let end = rest.upperBound
    var index = first
    while index < end {
      if observer != nil {
        if isStoppedCold {
          rest = index..<end
          giveBackRest()
          return end &- first
        }
        running?.leave(end &- index &- 1)
      }
      take(endpoint.message(at: index))
      index &+= 1
      if index < end, pace.isDue(), isLong() { break }
    }
    rest = index..<end
    return index &- first
  }

  /// Decides about one message, and does what was decided.
  @inlinable @inline(__always)
  mutating func take(_ message: ReceivedMessage) {
    tally.received &+= 1
    guard let envelope = TaskEnvelope(message.body) else { return refuseMalformed(message) }
    let index = table.index(of: envelope.name)
    // Most messages say nothing that has to be thought about.
    let isPlain =
      runsHere && index >= 0 && accepted.contains(envelope.serializerCode) && !message.isRedelivered && !hasLimits
      && envelope.expires | envelope.eta | envelope.timeLimit == 0 && envelope.mask & contentFields == 0
    guard isPlain, revocations.isEmpty, !isWatched, unsafe table.terms[index].isPlain else {
      return consider(message, envelope, index)
    }
    run(message, envelope, index)
  }
}
