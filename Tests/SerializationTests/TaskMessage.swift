import Serialization

/// A task message as real clients send it: the fields of message protocol 2, about 300 bytes in MessagePack.
struct TaskMessage: Equatable, Codable {
  var id: String
  var task: String
  var args: [Int64]
  var kwargs: RenderArguments
  var retries: Int
  var eta: Double?
  var expires: Double?
  var rootID: String
  var parentID: String?
  var origin: String
  var language: String
  var ignoreResult: Bool
  var priority: UInt8

  static let sample = TaskMessage(
    id: "3b1f0c52-7a55-4f0e-9d83-6f5d2a1c9e40", task: "reports.render_invoice", args: [4711, 20_250_131, -3],
    kwargs: RenderArguments(customer: "Grüße & Söhne GmbH", amount: 1234.56, currency: "EUR", isDraft: false),
    retries: 2, eta: 1_784_900_000.25, expires: nil, rootID: "91c1de66-0b0c-4c43-8c5b-6dbcb8a0b7d1", parentID: nil,
    origin: "gen4711@worker-7.example.org", language: "swift", ignoreResult: false, priority: 5)
}

/// The keyword arguments of the sample.
struct RenderArguments: Equatable, Codable {
  var customer: String
  var amount: Double
  var currency: String
  var isDraft: Bool
}

extension RenderArguments: SerializableValue {
  static let fields: FieldNames = ["customer", "amount", "currency", "is_draft"]

  func encode<Writer: ValueWriter & ~Copyable>(into writer: inout Writer) {
    writer.beginRecord(fieldCount: 4)
    writer.field("customer", customer)
    writer.field("amount", amount)
    writer.field("currency", currency)
    writer.field("is_draft", isDraft)
    writer.endRecord()
  }

  init<Reader: ValueReader & ~Copyable>(from reader: inout Reader) throws(SerializationError) {
    self.init(customer: "", amount: 0, currency: "", isDraft: false)
    let fields = Self.fields
    var cursor = try reader.beginRecord(fields)
    while let field = try reader.nextField(&cursor, of: fields) {
      switch field {
      case 0: customer = try reader.string()
      case 1: amount = try reader.float()
      case 2: currency = try reader.string()
      default: isDraft = try reader.bool()
      }
    }
  }
}

extension TaskMessage: SerializableValue {
  static let fields: FieldNames = [
    "id", "task", "args", "kwargs", "retries", "eta", "expires", "root_id", "parent_id", "origin", "lang",
    "ignore_result", "priority",
  ]

  func encode<Writer: ValueWriter & ~Copyable>(into writer: inout Writer) {
    writer.beginRecord(fieldCount: 13)
    writer.field("id", id)
    writer.field("task", task)
    writer.field("args", args)
    writer.field("kwargs", kwargs)
    writer.field("retries", retries)
    writer.field("eta", eta)
    writer.field("expires", expires)
    writer.field("root_id", rootID)
    writer.field("parent_id", parentID)
    writer.field("origin", origin)
    writer.field("lang", language)
    writer.field("ignore_result", ignoreResult)
    writer.field("priority", priority)
    writer.endRecord()
  }

  init<Reader: ValueReader & ~Copyable>(from reader: inout Reader) throws(SerializationError) {
    var id: String?
    var task = ""
    var args: [Int64] = []
    var kwargs: RenderArguments?
    var retries = 0
    var eta: Double?
    var expires: Double?
    var rootID = ""
    var parentID: String?
    var origin = ""
    var language = ""
    var ignoreResult = false
    var priority: UInt8 = 0
    let fields = Self.fields
    var cursor = try reader.beginRecord(fields)
    while let field = try reader.nextField(&cursor, of: fields) {
      switch field {
      case 0: id = try reader.string()
      case 1: task = try reader.string()
      case 2: args = try reader.value()
      case 3: kwargs = try reader.value(RenderArguments.self)
      case 4: retries = try reader.value()
      case 5: eta = try reader.value()
      case 6: expires = try reader.value()
      case 7: rootID = try reader.string()
      case 8: parentID = try reader.value()
      case 9: origin = try reader.string()
      case 10: language = try reader.string()
      case 11: ignoreResult = try reader.bool()
      default: priority = try reader.value()
      }
    }
    guard let id else { throw reader.error(.missingField("id")) }
    guard let kwargs else { throw reader.error(.missingField("kwargs")) }
    self.init(
      id: id, task: task, args: args, kwargs: kwargs, retries: retries, eta: eta, expires: expires, rootID: rootID,
      parentID: parentID, origin: origin, language: language, ignoreResult: ignoreResult, priority: priority)
  }
}
