import DriverInterface
public import Platform
import Serialization
import Synchronization

/// An application that sends tasks, waits for their results, and hosts workers for them, over a driver.
///
/// Roles: any thread may call it. One thread of its own takes results out of its inbox and wakes who waits for them.
/// Cost of a call: a lock, the message, and an entry for its result; workers take no part in that lock.
public final class TaskApplication: Sendable {
  /// How it was set up.
  public let settings: ApplicationSettings
  /// The tasks that it knows.
  public let registry: TaskRegistry
  let transport: any TaskTransport
  let time: any TimeSource
  let results: ResultDesk
  let workflows: Guarded<WorkflowDesk>
  let tasks: QueueOutboxes
  let events: EventDesk
  let inboxAddress: UInt64
  /// Results that found no room.
  let countRefused: @Sendable () -> UInt64
  let identifiers: Guarded<TaskIdentifierSource>
  let etas = Guarded(StayingEtas())
  private let isClosed = Atomic<Bool>(false)
  /// The thread's, until that has ended.
  private let pump: ResultPump
  private let thread: LoopThread?

  /// An application.
  /// - Parameters:
  ///   - registry: The tasks that it knows: calls take their options from here, and its workers do them.
  ///   - transport: The driver's ends.
  ///   - time: The clock that ETAs and expiries count in; that of the workers.
  ///   - settings: How it is set up.
  public convenience init(
    registry: TaskRegistry, transport: any TaskTransport, time: any TimeSource,
    settings: ApplicationSettings = ApplicationSettings()
  ) throws {
    try self.init(registry, transport, time, settings) { pump in
      try LoopThread(name: "task-results") { pump.run() }
    }
  }

  /// The same, with somebody else to drive it.
  init(
    _ registry: TaskRegistry, _ transport: any TaskTransport, _ time: any TimeSource, _ settings: ApplicationSettings,
    drive: (ResultPump) throws -> LoopThread?
  ) throws {
    self.settings = settings
    self.registry = registry
    self.transport = transport
    self.time = time
    let seed = settings.seed ?? UInt64.random(in: .min ... .max)
    identifiers = Guarded(TaskIdentifierSource(seed: seed))
    workflows = Guarded(
      WorkflowDesk(
        identifiers: TaskIdentifierSource(seed: seed, stream: 1), registry: registry, limits: settings.chordLimits))
    var limits = ResultLedger<ReceivedOutcome>.Limits()
    limits.entryCount = settings.resultLimit
    results = ResultDesk(limits: limits)
    try transport.declare(Self.topology(settings))
    tasks = try QueueOutboxes(transport, queues: settings.allQueues)
    events = EventDesk(try transport.openOutbox(), hostname: settings.name, isOn: settings.sendsEvents)
    let inbox = try transport.openInbox([], limit: max(Self.leastInboxLimit, settings.resultLimit))
    inboxAddress = inbox.address
    countRefused = inbox.countRefused
    pump = ResultPump(inbox, desk: results, outboxes: [tasks, events.outbox], time: time)
    thread = try drive(pump)
  }

  deinit { close() }

  /// Room for results however few handles there are: of those that are gone, and of beginnings and retries.
  private static var leastInboxLimit: Int { 65_536 }

  /// What an application needs of its driver.
  static func topology(_ settings: ApplicationSettings) -> Topology {
    var topology = Topology()
    topology.exchanges = [
      Topology.Exchange(name: TaskEvent.exchange, type: "topic"),
      Topology.Exchange(name: ControlRequest.exchange, type: "fanout"),
    ]
    if !settings.exchange.isEmpty { topology.exchanges.append(.init(name: settings.exchange, type: "direct")) }
    let deadLetter = settings.deadLetters.map { Topology.DeadLetter(exchange: $0.exchange, key: $0.queue) }
    for name in settings.allQueues {
      var queue = Topology.Queue(name: name, maxLength: settings.queueLength)
      queue.deadLetter = deadLetter
      var etaQueue = queue
      etaQueue.name = WorkerOptions.etaQueue(of: name)
      if let highest = settings.highestPriority { queue.order = .priority(highest: highest) }
      topology.queues += [queue, etaQueue]
      if !settings.exchange.isEmpty {
        topology.bindings.append(.init(exchange: settings.exchange, destination: .queue(name), key: name))
      }
    }
    if let deadLetters = settings.deadLetters { add(deadLetters, to: &topology) }
    return topology
  }

  private static func add(_ deadLetters: DeadLetterSettings, to topology: inout Topology) {
    topology.queues.append(
      Topology.Queue(name: deadLetters.queue, maxLength: deadLetters.queueLength, overflow: .dropHead))
    guard !deadLetters.exchange.isEmpty else { return }
    if !topology.exchanges.contains(where: { $0.name == deadLetters.exchange }) {
      topology.exchanges.append(.init(name: deadLetters.exchange, type: "direct"))
    }
    topology.bindings.append(
      .init(exchange: deadLetters.exchange, destination: .queue(deadLetters.queue), key: deadLetters.queue))
  }

  /// Ends the application's own thread: calls are refused from now on, and who waits for a result that has not come is told so
  /// (`TaskResultError.closed`). Workers are shut down by themselves (`WorkerNode.shutdown`), before. Dropping the application is the same.
  ///
  /// A message that waits for room in its queue is offered for `sendTimeout` more; who waits for its task hears that it was not sent
  /// (`WorkerErrorName.notSent`). So do those who wait for a task that found no room when its keeper ended (`stayingEtaCount`).
  public func close() {
    guard !isClosed.exchange(true, ordering: .relaxed) else { return }
    thread?.stop()
    let end = MonotonicClock.now().advanced(upTo: settings.sendTimeout.wholeNanoseconds)
    flush(until: end)
    giveUpEtas()
    // What the workers had sent by then counts.
    while pump.takeResults() > 0, MonotonicClock.now() < end {}
    results.close()
  }

  private func flush(until end: Int64) {
    while tasks.drain(now: time.now()) + events.outbox.drain(now: time.now()) > 0, MonotonicClock.now() < end {
      _ = pump.step()
      PrecisionSleep.sleep(nanoseconds: Self.roomPeriod)
    }
    for lost in tasks.allHeld {
      lost.bytes.withBody { body in
        if let envelope = TaskEnvelope(body) { noteUnsent(envelope, to: "\(lost.destination)") }
      }
    }
  }

  /// Tells those who wait for a task here that it was not sent.
  func noteUnsent(_ envelope: TaskEnvelope, to place: String) {
    var writer = ByteWriter(capacity: 256)
    OutcomeWriter.begin(&writer, for: envelope.identifier, retries: envelope.retries)
    OutcomeWriter.end(
      &writer, .failure, errorType: WorkerErrorName.notSent,
      text: "\(place) had no room until the application was closed", flags: [])
    let outcome = writer.copied().withBody { ReceivedOutcome(TaskOutcome(unchecked: $0)) }
    results.note(outcome, of: envelope.identifier, now: time.now())
  }

  /// Relaxed: a call that runs beside `close` may come before or after it.
  var isOver: Bool { isClosed.load(ordering: .relaxed) }

  func checkOpen() throws(TaskSendError) {
    if isOver { throw .closed }
  }
}
