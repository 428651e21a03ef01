public import Serialization

extension ControlRequest: SerializableValue {
  private static let fields: FieldNames = [
    "method", "destination", "ticket", "task_id", "terminate", "task_name", "rate_limit", "soft", "hard", "n", "queue",
    "reply_to",
  ]

  /// The arguments of every command, those that a command does not have being nil.
  fileprivate struct Arguments {
    var tasks: [TaskIdentifier]?
    var terminate: Bool?
    var name: String?
    var rate: String?
    var soft: Int64?
    var hard: Int64?
    var count: Int?
    var queue: String?
  }

  /// Writes a record: the command's name, whom it is for, and its arguments.
  public func encode<Writer: ValueWriter & ~Copyable>(into writer: inout Writer) {
    let arguments = arguments
    writer.beginRecord(fieldCount: Self.fields.count)
    writer.field("method", command.method)
    writer.field("destination", destination)
    writer.field("ticket", ticket)
    writer.field("task_id", arguments.tasks)
    writer.field("terminate", arguments.terminate)
    writer.field("task_name", arguments.name)
    writer.field("rate_limit", arguments.rate)
    writer.field("soft", arguments.soft)
    writer.field("hard", arguments.hard)
    writer.field("n", arguments.count)
    writer.field("queue", arguments.queue)
    writer.field("reply_to", replyTo)
    writer.endRecord()
  }

  private var arguments: Arguments {
    var arguments = Arguments()
    switch command {
    case .active, .scheduled, .reserved, .revoked, .registered, .stats, .ping, .conf, .activeQueues, .shutdown,
      .enableEvents, .disableEvents:
      break
    case .queryTask(let tasks): arguments.tasks = tasks
    case .revoke(let tasks, let terminate): (arguments.tasks, arguments.terminate) = (tasks, terminate)
    case .rateLimit(let task, let limit): (arguments.name, arguments.rate) = (task, limit?.description ?? "0")
    case .timeLimit(let task, let soft, let hard):
      (arguments.name, arguments.soft, arguments.hard) = (task, soft, hard)
    case .poolGrow(let count), .poolShrink(let count): arguments.count = count
    case .addConsumer(let queue), .cancelConsumer(let queue): arguments.queue = queue
    }
    return arguments
  }

  /// Reads a record; a command that is unknown, or lacks an argument, is refused.
  public init<Reader: ValueReader & ~Copyable>(from reader: inout Reader) throws(SerializationError) {
    var method = ""
    var arguments = Arguments()
    var (destination, ticket, replyTo): ([String], UInt64, UInt64) = ([], 0, 0)
    var cursor = try reader.beginRecord(Self.fields)
    while let field = try reader.nextField(&cursor, of: Self.fields) {
      switch field {
      case 0: method = try reader.string()
      case 1: destination = try reader.value()
      case 2: ticket = try reader.unsigned()
      case 3: arguments.tasks = try reader.value()
      case 4: arguments.terminate = try reader.value()
      case 5: arguments.name = try reader.value()
      case 6: arguments.rate = try reader.value()
      case 7: arguments.soft = try reader.value()
      case 8: arguments.hard = try reader.value()
      case 9: arguments.count = try reader.value()
      case 10: arguments.queue = try reader.value()
      default: replyTo = try reader.unsigned()
      }
    }
    guard let command = ControlCommand(method, arguments) else { throw reader.error(.malformed) }
    self.init(command, destination: destination, ticket: ticket, replyTo: replyTo)
  }
}

extension ControlCommand {
  fileprivate init?(_ method: String, _ arguments: ControlRequest.Arguments) {
    switch (method, arguments.tasks, arguments.name, arguments.count, arguments.queue) {
    case ("active", _, _, _, _): self = .active
    case ("scheduled", _, _, _, _): self = .scheduled
    case ("reserved", _, _, _, _): self = .reserved
    case ("revoked", _, _, _, _): self = .revoked
    case ("registered", _, _, _, _): self = .registered
    case ("stats", _, _, _, _): self = .stats
    case ("ping", _, _, _, _): self = .ping
    case ("conf", _, _, _, _): self = .conf
    case ("active_queues", _, _, _, _): self = .activeQueues
    case ("shutdown", _, _, _, _): self = .shutdown
    case ("enable_events", _, _, _, _): self = .enableEvents
    case ("disable_events", _, _, _, _): self = .disableEvents
    case ("query_task", let tasks?, _, _, _): self = .queryTask(tasks)
    case ("revoke", let tasks?, _, _, _): self = .revoke(tasks, terminate: arguments.terminate ?? false)
    case ("rate_limit", _, let name?, _, _):
      guard let text = arguments.rate else { return nil }
      let limit = RateLimit(text)
      guard limit != nil || text == "0" else { return nil }
      self = .rateLimit(task: name, limit)
    case ("time_limit", _, let name?, _, _):
      self = .timeLimit(task: name, softNanoseconds: arguments.soft, hardNanoseconds: arguments.hard)
    case ("pool_grow", _, _, let count?, _): self = .poolGrow(count)
    case ("pool_shrink", _, _, let count?, _): self = .poolShrink(count)
    case ("add_consumer", _, _, _, let queue?): self = .addConsumer(queue: queue)
    case ("cancel_consumer", _, _, _, let queue?): self = .cancelConsumer(queue: queue)
    default: return nil
    }
  }
}
