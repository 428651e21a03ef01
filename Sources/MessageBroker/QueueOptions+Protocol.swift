extension QueueOptions {
  /// Options from the protocol's arguments of a declaration, as RabbitMQ names them; times are in milliseconds there.
  ///
  /// | argument | type | option |
  /// |---|---|---|
  /// | `x-max-length`, `x-max-length-bytes` | whole number | `maxLength`, `maxByteCount` |
  /// | `x-overflow` | `block` (the default here), `reject-publish`, `reject-publish-dlx`, `drop-head` | `overflow` |
  /// | `x-queue-order` | `fifo`, `lifo` | `order` |
  /// | `x-max-priority` | whole number, 1 to 255 | `order` |
  /// | `x-single-active-consumer` | yes or no | `dispatch` |
  /// | `x-dispatch` | the name of a policy | `dispatch` |
  /// | `x-message-ttl`, `x-expires` | milliseconds | `messageTTL`, `expires` |
  /// | `x-dead-letter-exchange`, `x-dead-letter-routing-key` | text | `deadLetter` |
  /// | `x-delivery-limit`, `x-unacknowledged-limit` | whole number | `deliveryLimit`, `unacknowledgedLimit` |
  /// | `x-retry-backoff`, `x-retry-limit`, `x-retry-jitter` | milliseconds, milliseconds, number | `retry` |
  /// - Throws: 406 (an argument of a wrong type, unknown, or beside one that contradicts it), 540 (known to the field, but not
  ///   supported yet).
  public init(arguments: FieldTable, for queue: String) throws(BrokerError) {
    self.init()
    var reader = QueueArguments(arguments, queue: queue)
    if let length = try reader.integer("x-max-length") { maxLength = length }
    maxByteCount = try reader.integer("x-max-length-bytes")
    if let word = try reader.text("x-overflow") {
      overflow = try reader.choice(
        OverflowPolicy(rawValue: word.split(separator: "-").joined(separator: "_")), of: "x-overflow", word)
    }
    if let word = try reader.text("x-queue-order") {
      order = try reader.choice(["fifo": .fifo, "lifo": .lifo][word], of: "x-queue-order", word)
    }
    if let levels = try reader.integer("x-max-priority") {
      guard order == .fifo else { throw reader.invalid("x-max-priority", "a last-in-first-out queue has none") }
      order = .priority(levels: levels)
    }
    if let name = try reader.text("x-dispatch") {
      dispatch = try reader.choice(DispatchPolicy(name: name), of: "x-dispatch", name)
    }
    if try reader.bool("x-single-active-consumer") == true {
      guard dispatch == .shared || dispatch == .singleActive else {
        throw reader.invalid("x-single-active-consumer", "'x-dispatch' is '\(dispatch.name)'")
      }
      dispatch = .singleActive
    }
    messageTTL = try reader.milliseconds("x-message-ttl")
    expires = try reader.milliseconds("x-expires")
    let routingKey = try reader.text("x-dead-letter-routing-key")
    deadLetter = try reader.text("x-dead-letter-exchange").map {
      DeadLetterAddress(exchange: $0, routingKey: routingKey)
    }
    if routingKey != nil, deadLetter == nil {
      throw reader.invalid("x-dead-letter-routing-key", "there is no 'x-dead-letter-exchange'")
    }
    deliveryLimit = try reader.integer("x-delivery-limit")
    unacknowledgedLimit = try reader.integer("x-unacknowledged-limit")
    let (limit, jitter) = (try reader.milliseconds("x-retry-limit"), try reader.number("x-retry-jitter"))
    if let backoff = try reader.milliseconds("x-retry-backoff") {
      retry = RetryPolicy(backoff: backoff, limit: limit ?? backoff, jitter: jitter ?? 0)
    } else if limit != nil || jitter != nil {
      throw reader.invalid("x-retry-limit", "there is no 'x-retry-backoff'")
    }
    try reader.checkAllRead()
  }
}

/// Reads the arguments of a declaration, each once, and tells of those that nobody read.
private struct QueueArguments {
  private let arguments: FieldTable
  private let queue: String
  private var known: Set<String> = []

  /// Arguments that RabbitMQ knows for queues that this broker does not have yet.
  private static let unsupported: Set<String> = [
    "x-queue-type", "x-queue-mode", "x-queue-version", "x-queue-leader-locator", "x-quorum-initial-group-size",
    "x-max-age", "x-stream-max-segment-size-bytes", "x-dead-letter-strategy", "x-consumer-timeout",
  ]

  init(_ arguments: FieldTable, queue: String) {
    self.arguments = arguments
    self.queue = queue
  }

  func invalid(_ argument: String, _ reason: String) -> BrokerError {
    BrokerError(code: .preconditionFailed, message: "invalid arg '\(argument)' for queue '\(queue)': \(reason)")
  }

  private mutating func read<Value>(
    _ argument: String, as type: String, _ convert: (FieldValue) -> Value?
  ) throws(BrokerError) -> Value? {
    known.insert(argument)
    guard let value = arguments[argument] else { return nil }
    guard let converted = convert(value) else { throw invalid(argument, "it is a \(value.typeName), not a \(type)") }
    return converted
  }

  mutating func integer(_ argument: String) throws(BrokerError) -> Int? {
    try read(argument, as: "long") { if case .integer(let number) = $0 { Int(number) } else { nil } }
  }

  mutating func text(_ argument: String) throws(BrokerError) -> String? {
    try read(argument, as: "longstr") { if case .string(let text) = $0 { text } else { nil } }
  }

  mutating func bool(_ argument: String) throws(BrokerError) -> Bool? {
    try read(argument, as: "bool") { if case .bool(let flag) = $0 { flag } else { nil } }
  }

  mutating func number(_ argument: String) throws(BrokerError) -> Double? {
    try read(argument, as: "double") { value in
      switch value {
      case .double(let number): number
      case .integer(let number): Double(number)
      default: nil
      }
    }
  }

  /// In nanoseconds.
  mutating func milliseconds(_ argument: String) throws(BrokerError) -> Int64? {
    guard let count = try integer(argument) else { return nil }
    let (nanoseconds, overflows) = Int64(count).multipliedReportingOverflow(by: 1_000_000)
    guard !overflows else { throw invalid(argument, "\(count) ms is more than 292 years") }
    return nanoseconds
  }

  func choice<Value>(_ value: Value?, of argument: String, _ word: String) throws(BrokerError) -> Value {
    guard let value else { throw invalid(argument, "'\(word)' is none of its values") }
    return value
  }

  func checkAllRead() throws(BrokerError) {
    for field in arguments where !known.contains(field.name) {
      guard !Self.unsupported.contains(field.name) else {
        throw BrokerError(
          code: .notImplemented, message: "arg '\(field.name)' for queue '\(queue)' is not supported yet")
      }
      throw invalid(field.name, "no queue knows it")
    }
  }
}
