public import Serialization

extension TaskEvent: SerializableValue {
  private static let fields: FieldNames = [
    "type", "hostname", "timestamp", "clock", "uuid", "name", "retries", "queue", "root_id", "parent_id", "runtime",
    "exception", "terminated", "expired", "freq", "active", "processed",
  ]

  /// Writes a record with the field's names; times are nanoseconds.
  public func encode<Writer: ValueWriter & ~Copyable>(into writer: inout Writer) {
    writer.beginRecord(fieldCount: Self.fields.count)
    writer.field("type", kind.rawValue)
    writer.field("hostname", hostname)
    writer.field("timestamp", timestamp)
    writer.field("clock", clock)
    writer.field("uuid", task)
    writer.field("name", name)
    writer.field("retries", retries)
    writer.field("queue", queue)
    writer.field("root_id", root)
    writer.field("parent_id", parent)
    writer.field("runtime", runtimeNanoseconds)
    writer.field("exception", exception)
    writer.field("terminated", isTerminated)
    writer.field("expired", isExpired)
    writer.field("freq", heartbeatNanoseconds)
    writer.field("active", active)
    writer.field("processed", processed)
    writer.endRecord()
  }

  /// Reads a record; an unknown type is refused, unknown fields are passed over.
  public init<Reader: ValueReader & ~Copyable>(from reader: inout Reader) throws(SerializationError) {
    var event = TaskEvent(.workerOnline, hostname: "", timestamp: 0)
    var kind: Kind?
    var cursor = try reader.beginRecord(Self.fields)
    while let field = try reader.nextField(&cursor, of: Self.fields) {
      switch field {
      case 0: kind = Kind(rawValue: try reader.string())
      case 1: event.hostname = try reader.string()
      case 2: event.timestamp = try reader.integer()
      case 3: event.clock = try reader.unsigned()
      case 4: event.task = try reader.value()
      case 5: event.name = try reader.value()
      case 6: event.retries = try reader.value()
      case 7: event.queue = try reader.value()
      case 8: event.root = try reader.value()
      case 9: event.parent = try reader.value()
      default: try event.readRest(of: field, from: &reader)
      }
    }
    guard let kind else { throw reader.error(.missingField("type")) }
    event.kind = kind
    self = event
  }

  private mutating func readRest<Reader: ValueReader & ~Copyable>(
    of field: Int, from reader: inout Reader
  ) throws(SerializationError) {
    switch field {
    case 10: runtimeNanoseconds = try reader.value()
    case 11: exception = try reader.value()
    case 12: isTerminated = try reader.value()
    case 13: isExpired = try reader.value()
    case 14: heartbeatNanoseconds = try reader.value()
    case 15: active = try reader.value()
    default: processed = try reader.value()
    }
  }
}

extension TaskIdentifier: SerializableValue {
  /// Writes the UUID as text.
  public func encode<Writer: ValueWriter & ~Copyable>(into writer: inout Writer) { writer.string(description) }

  /// Reads a UUID.
  public init<Reader: ValueReader & ~Copyable>(from reader: inout Reader) throws(SerializationError) {
    guard let identifier = TaskIdentifier(try reader.string()) else { throw reader.error(.malformed) }
    self = identifier
  }
}
