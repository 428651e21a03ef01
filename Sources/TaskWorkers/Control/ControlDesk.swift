/// How a worker answers commands: turns each into what is to be done, and what is said.
///
/// A value: it reads no clock and does nothing. What a worker has in hand is told to it with each request.
public struct ControlDesk: Sendable {
  /// What is to be done.
  public enum Action: Sendable, Equatable {
    /// Call these tasks off; with `terminate` also those that run.
    case revoke([TaskIdentifier], terminate: Bool)
    /// A new rate limit for a task.
    case setRateLimit(task: String, RateLimit?)
    /// New time limits for a task, in nanoseconds.
    case setTimeLimit(task: String, softNanoseconds: Int64?, hardNanoseconds: Int64?)
    /// So many tasks at a time from now on.
    case setConcurrency(Int)
    /// Consume one more queue.
    case addConsumer(queue: String)
    /// Consume a queue no longer.
    case cancelConsumer(queue: String)
    /// Publish events, or no longer.
    case setEvents(Bool)
    /// Finish what was taken, and end.
    case shutdown
  }

  /// What a worker knows of itself at the moment of a request.
  public struct Facts: Sendable {
    /// Tasks that are being executed.
    public var active: [TaskSummary] = []
    /// Tasks that wait for their turn.
    public var reserved: [TaskSummary] = []
    /// Tasks that wait for their time.
    public var scheduled: [TaskSummary] = []
    /// Tasks that were called off, the oldest first.
    public var revoked: [TaskIdentifier] = []
    /// Counts.
    public var statistics = WorkerStatistics()

    /// Nothing in hand.
    public init() {}
  }

  /// The worker's name.
  public let name: String
  /// The names of the tasks that it knows.
  public let registered: Set<String>
  /// The most tasks at a time that it can be told to execute.
  public let concurrencyLimit: Int
  /// The queues that it consumes.
  public private(set) var queues: [String]
  /// How many tasks it executes at a time.
  public private(set) var concurrency: Int
  /// Whether it publishes events.
  public private(set) var sendsEvents: Bool
  /// Whether its pool can kill what runs.
  private let canTerminate: Bool
  /// How it was configured: what it answers to `conf`.
  let configuration: [String: String]

  /// A desk.
  public init(
    name: String, registered: some Sequence<String>, queues: [String], concurrency: Int, concurrencyLimit: Int,
    sendsEvents: Bool, canTerminate: Bool, configuration: [String: String]
  ) {
    self.name = name
    self.registered = Set(registered)
    self.queues = queues
    self.concurrency = concurrency
    self.concurrencyLimit = concurrencyLimit
    self.sendsEvents = sendsEvents
    self.canTerminate = canTerminate
    self.configuration = configuration
  }

  /// Answers a request.
  /// - Returns: nil when it is for other workers; else what is to be done, if anything, and what is said.
  public mutating func handle(_ request: ControlRequest, _ facts: Facts) -> (action: Action?, reply: ControlReply)? {
    guard request.destination.isEmpty || request.destination.contains(name) else { return nil }
    let (action, answer) = inspect(request.command, facts).map { (nil, $0) } ?? control(request.command)
    return (action, ControlReply(worker: name, ticket: request.ticket, answer: answer))
  }

  private func inspect(_ command: ControlCommand, _ facts: Facts) -> ControlReply.Answer? {
    switch command {
    case .active: .tasks(facts.active)
    case .scheduled: .tasks(facts.scheduled)
    case .reserved: .tasks(facts.reserved)
    case .revoked:
      .identifiers(facts.revoked.suffix(ControlReply.identifierLimit).reversed(), total: facts.revoked.count)
    case .registered: .names(registered.sorted())
    case .stats: .statistics(facts.statistics)
    case .ping: .pong
    case .conf: .configuration(configuration)
    case .queryTask(let tasks): .standings(standings(of: tasks, facts))
    case .activeQueues: .names(queues)
    default: nil
    }
  }

  /// Sets, since a single command may ask for tens of thousands of tasks.
  private func standings(of tasks: [TaskIdentifier], _ facts: Facts) -> [TaskStanding] {
    let places: [(TaskStanding.Place, Set<TaskIdentifier>)] = [
      (.active, Set(facts.active.map(\.id))), (.reserved, Set(facts.reserved.map(\.id))),
      (.scheduled, Set(facts.scheduled.map(\.id))), (.revoked, Set(facts.revoked)),
    ]
    return tasks.compactMap { task in
      places.first { $0.1.contains(task) }.map { TaskStanding(id: task, place: $0.0) }
    }
  }

  private mutating func control(_ command: ControlCommand) -> (Action?, ControlReply.Answer) {
    switch command {
    case .revoke(let tasks, let terminate): return revoke(tasks, terminate)
    case .rateLimit(let task, let limit):
      guard registered.contains(task) else { return unknown(task) }
      let text = limit.map { "new rate limit set: \($0)" } ?? "rate limit disabled"
      return (.setRateLimit(task: task, limit), .ok(text))
    case .timeLimit(let task, let soft, let hard): return setTimeLimit(task, soft, hard)
    case .poolGrow(let count): return grow(by: count)
    case .poolShrink(let count): return shrink(by: count)
    case .addConsumer(let queue):
      guard !queues.contains(queue) else { return (nil, .ok("already consuming from '\(queue)'")) }
      queues.append(queue)
      return (.addConsumer(queue: queue), .ok("add consumer '\(queue)'"))
    case .cancelConsumer(let queue):
      guard queues.contains(queue) else { return (nil, .error("not consuming from '\(queue)'")) }
      queues.removeAll { $0 == queue }
      return (.cancelConsumer(queue: queue), .ok("no longer consuming from '\(queue)'"))
    case .enableEvents: return setEvents(true)
    case .disableEvents: return setEvents(false)
    case .shutdown: return (.shutdown, .ok("warm shutdown"))
    case .active, .scheduled, .reserved, .revoked, .registered, .stats, .ping, .conf, .queryTask, .activeQueues:
      preconditionFailure("\(command.method) was answered before")
    }
  }

  private func revoke(_ tasks: [TaskIdentifier], _ terminate: Bool) -> (Action?, ControlReply.Answer) {
    // Some by name, many by their number: an answer has to fit into a message.
    let names = tasks.count > 100 ? "\(tasks.count) tasks" : "tasks " + tasks.map(\.description).joined(separator: ", ")
    guard terminate else { return (.revoke(tasks, terminate: false), .ok("\(names) flagged as revoked")) }
    // In pools of threads only asynchronous tasks hear of it (`TaskContext.shouldStop`): the thread that would tell a synchronous one is
    // the one that runs it.
    let text = canTerminate ? "terminated" : "flagged as revoked: this pool cannot kill tasks"
    return (.revoke(tasks, terminate: true), .ok("\(names) \(text)"))
  }

  private func setTimeLimit(_ task: String, _ soft: Int64?, _ hard: Int64?) -> (Action?, ControlReply.Answer) {
    guard registered.contains(task) else { return unknown(task) }
    guard hard == nil || canTerminate else {
      return (nil, .error("a hard time limit needs the processes pool"))
    }
    return (.setTimeLimit(task: task, softNanoseconds: soft, hardNanoseconds: hard), .ok("time limits set"))
  }

  private mutating func grow(by count: Int) -> (Action?, ControlReply.Answer) {
    guard count > 0 else { return (nil, .error("pool_grow takes 1 or more, got \(count)")) }
    guard count <= concurrencyLimit - concurrency else {
      return (
        nil, .error("the pool has \(concurrency) and may have \(concurrencyLimit) at most: it cannot grow by \(count)")
      )
    }
    return resize(to: concurrency + count)
  }

  private mutating func shrink(by count: Int) -> (Action?, ControlReply.Answer) {
    guard count > 0 else { return (nil, .error("pool_shrink takes 1 or more, got \(count)")) }
    guard count < concurrency else {
      return (nil, .error("the pool has \(concurrency) and keeps 1 at least: it cannot shrink by \(count)"))
    }
    return resize(to: concurrency - count)
  }

  private mutating func resize(to wanted: Int) -> (Action?, ControlReply.Answer) {
    concurrency = wanted
    return (.setConcurrency(wanted), .ok("pool will have \(wanted)"))
  }

  private mutating func setEvents(_ isOn: Bool) -> (Action?, ControlReply.Answer) {
    guard sendsEvents != isOn else { return (nil, .ok("task events already \(isOn ? "enabled" : "disabled")")) }
    sendsEvents = isOn
    return (.setEvents(isOn), .ok("task events \(isOn ? "enabled" : "disabled")"))
  }

  private func unknown(_ task: String) -> (Action?, ControlReply.Answer) { (nil, .error("unknown task '\(task)'")) }
}
