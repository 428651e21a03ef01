public import Serialization

extension ControlReply: SerializableValue {
  private static let fields: FieldNames = [
    "hostname", "ticket", "kind", "text", "tasks", "names", "standings", "statistics", "configuration", "identifiers",
    "count",
  ]

  /// Writes a record that says the kind of the answer and has one of the other fields.
  public func encode<Writer: ValueWriter & ~Copyable>(into writer: inout Writer) {
    let parts = AnswerParts(answer)
    writer.beginRecord(fieldCount: Self.fields.count)
    writer.field("hostname", worker)
    writer.field("ticket", ticket)
    writer.field("kind", parts.kind)
    writer.field("text", parts.text)
    writer.field("tasks", parts.tasks)
    writer.field("names", parts.names)
    writer.field("standings", parts.standings)
    writer.field("statistics", parts.statistics)
    writer.field("configuration", parts.configuration)
    writer.field("identifiers", parts.identifiers)
    writer.field("count", parts.total)
    writer.endRecord()
  }

  /// Reads a record; an answer of an unknown kind, or without its field, is refused.
  public init<Reader: ValueReader & ~Copyable>(from reader: inout Reader) throws(SerializationError) {
    var parts = AnswerParts()
    var (worker, ticket): (String, UInt64) = ("", 0)
    var cursor = try reader.beginRecord(Self.fields)
    while let field = try reader.nextField(&cursor, of: Self.fields) {
      switch field {
      case 0: worker = try reader.string()
      case 1: ticket = try reader.unsigned()
      case 2: parts.kind = try reader.string()
      case 3: parts.text = try reader.value()
      case 4: parts.tasks = try reader.value()
      case 5: parts.names = try reader.value()
      case 6: parts.standings = try reader.value()
      case 7: parts.statistics = try reader.value()
      case 8: parts.configuration = try reader.value()
      case 9: parts.identifiers = try reader.value()
      default: parts.total = try reader.value()
      }
    }
    guard let answer = parts.answer else { throw reader.error(.malformed) }
    self.init(worker: worker, ticket: ticket, answer: answer)
  }
}

/// An answer taken apart into what it may consist of.
private struct AnswerParts {
  var kind = ""
  var text: String?
  var tasks: [TaskSummary]?
  var names: [String]?
  var standings: [TaskStanding]?
  var statistics: WorkerStatistics?
  var configuration: [String: String]?
  var identifiers: [TaskIdentifier]?
  var total: Int?

  init() {}

  init(_ answer: ControlReply.Answer) {
    switch answer {
    case .ok(let text): (kind, self.text) = ("ok", text)
    case .error(let text): (kind, self.text) = ("error", text)
    case .pong: kind = "pong"
    case .tasks(let tasks): (kind, self.tasks) = ("tasks", tasks)
    case .names(let names): (kind, self.names) = ("names", names)
    case .standings(let standings): (kind, self.standings) = ("standings", standings)
    case .statistics(let statistics): (kind, self.statistics) = ("statistics", statistics)
    case .configuration(let configuration): (kind, self.configuration) = ("configuration", configuration)
    case .identifiers(let identifiers, let total):
      (kind, self.identifiers, self.total) = ("identifiers", identifiers, total)
    }
  }

  var answer: ControlReply.Answer? {
    switch kind {
    case "ok": text.map { .ok($0) }
    case "error": text.map { .error($0) }
    case "pong": .pong
    case "tasks": tasks.map { .tasks($0) }
    case "names": names.map { .names($0) }
    case "standings": standings.map { .standings($0) }
    case "statistics": statistics.map { .statistics($0) }
    case "configuration": configuration.map { .configuration($0) }
    case "identifiers": identifiers.flatMap { found in total.map { .identifiers(found, total: $0) } }
    default: nil
    }
  }
}

extension TaskSummary: SerializableValue {
  private static let fields: FieldNames = ["id", "name", "retries", "time"]

  /// Writes a record.
  public func encode<Writer: ValueWriter & ~Copyable>(into writer: inout Writer) {
    writer.beginRecord(fieldCount: Self.fields.count)
    writer.field("id", id)
    writer.field("name", name)
    writer.field("retries", retries)
    writer.field("time", moment)
    writer.endRecord()
  }

  /// Reads a record.
  public init<Reader: ValueReader & ~Copyable>(from reader: inout Reader) throws(SerializationError) {
    self.init(id: .none, name: "")
    var cursor = try reader.beginRecord(Self.fields)
    while let field = try reader.nextField(&cursor, of: Self.fields) {
      switch field {
      case 0: id = try reader.value()
      case 1: name = try reader.string()
      case 2: retries = try reader.value()
      default: moment = try reader.integer()
      }
    }
  }
}

extension TaskStanding: SerializableValue {
  private static let fields: FieldNames = ["id", "place"]

  /// Writes a record.
  public func encode<Writer: ValueWriter & ~Copyable>(into writer: inout Writer) {
    writer.beginRecord(fieldCount: Self.fields.count)
    writer.field("id", id)
    writer.field("place", place.rawValue)
    writer.endRecord()
  }

  /// Reads a record.
  public init<Reader: ValueReader & ~Copyable>(from reader: inout Reader) throws(SerializationError) {
    var (id, place) = (TaskIdentifier.none, Place?.none)
    var cursor = try reader.beginRecord(Self.fields)
    while let field = try reader.nextField(&cursor, of: Self.fields) {
      switch field {
      case 0: id = try reader.value()
      default: place = Place(rawValue: try reader.string())
      }
    }
    guard let place else { throw reader.error(.missingField("place")) }
    self.init(id: id, place: place)
  }
}

extension WorkerStatistics: SerializableValue {
  private static let fields: FieldNames = ["pool", "concurrency", "prefetch_count", "uptime", "total"]

  /// Writes a record.
  public func encode<Writer: ValueWriter & ~Copyable>(into writer: inout Writer) {
    writer.beginRecord(fieldCount: Self.fields.count)
    writer.field("pool", pool)
    writer.field("concurrency", concurrency)
    writer.field("prefetch_count", prefetchCount)
    writer.field("uptime", uptimeNanoseconds)
    writer.field("total", totals)
    writer.endRecord()
  }

  /// Reads a record.
  public init<Reader: ValueReader & ~Copyable>(from reader: inout Reader) throws(SerializationError) {
    self.init()
    var cursor = try reader.beginRecord(Self.fields)
    while let field = try reader.nextField(&cursor, of: Self.fields) {
      switch field {
      case 0: pool = try reader.string()
      case 1: concurrency = try reader.value()
      case 2: prefetchCount = try reader.value()
      case 3: uptimeNanoseconds = try reader.integer()
      default: totals = try reader.value()
      }
    }
  }
}
