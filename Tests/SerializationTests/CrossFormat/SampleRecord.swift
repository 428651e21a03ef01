import Foundation
import Serialization

/// A record with every kind of field that types have.
struct SampleRecord: Equatable, Codable {
  var flag: Bool
  var small: Int8
  var large: Int64
  var unsigned: UInt64
  var number: Double
  var single: Float
  var text: String
  var content: Blob
  var maybe: Int?
  var numbers: [Int]
  var names: [String: String]
  var parts: [Part]

  struct Part: Equatable, Codable {
    var name: String
    var weight: Double?
  }

  init(_ values: inout AnyValues) {
    flag = Bool.random(using: &values.random)
    small = Int8(truncatingIfNeeded: values.integer())
    large = values.integer()
    unsigned = UInt64.random(in: 0...(.max >> UInt64.random(in: 0...63, using: &values.random)), using: &values.random)
    number = Self.finite(values.float())
    single = Float.random(in: -1000...1000, using: &values.random)
    text = values.text()
    content = Blob(values.bytes())
    maybe = Bool.random(using: &values.random) ? Int(values.integer()) : nil
    numbers = (0..<Int.random(in: 0...4, using: &values.random)).map { _ in Int(values.integer()) }
    names = [:]
    for index in 0..<Int.random(in: 0...3, using: &values.random) { names["\(index)"] = values.text() }
    parts = (0..<Int.random(in: 0...3, using: &values.random)).map { _ in
      Part(name: values.text(), weight: Bool.random(using: &values.random) ? Self.finite(values.float()) : nil)
    }
  }

  /// JSON has only finite numbers.
  private static func finite(_ number: Double) -> Double { number.isFinite ? number : 0.5 }
}

/// Bytes that are bytes in both forms: `ByteString` in the fast one, `Data` in the bridge.
struct Blob: Equatable, Codable, SerializableValue {
  var bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }
  init(from decoder: any Decoder) throws { bytes = [UInt8](try decoder.singleValueContainer().decode(Data.self)) }

  init<Reader: ValueReader & ~Copyable>(from reader: inout Reader) throws(SerializationError) {
    bytes = try ByteString(from: &reader).bytes
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(Data(bytes))
  }

  func encode<Writer: ValueWriter & ~Copyable>(into writer: inout Writer) { ByteString(bytes).encode(into: &writer) }
}

extension SampleRecord: SerializableValue {
  static let fields: FieldNames = [
    "flag", "small", "large", "unsigned", "number", "single", "text", "content", "maybe", "numbers", "names", "parts",
  ]

  func encode<Writer: ValueWriter & ~Copyable>(into writer: inout Writer) {
    writer.beginRecord(fieldCount: Self.fields.count)
    writer.field("flag", flag)
    writer.field("small", small)
    writer.field("large", large)
    writer.field("unsigned", unsigned)
    writer.field("number", number)
    writer.field("single", single)
    writer.field("text", text)
    writer.field("content", content)
    writer.field("maybe", maybe)
    writer.field("numbers", numbers)
    writer.field("names", names)
    writer.field("parts", parts)
    writer.endRecord()
  }

  init<Reader: ValueReader & ~Copyable>(from reader: inout Reader) throws(SerializationError) {
    (flag, small, large, unsigned, number, single) = (false, 0, 0, 0, 0, 0)
    (text, content, maybe, numbers, names, parts) = ("", Blob([]), nil, [], [:], [])
    var cursor = try reader.beginRecord(Self.fields)
    while let field = try reader.nextField(&cursor, of: Self.fields) {
      switch field {
      case 0: flag = try reader.bool()
      case 1: small = try reader.value()
      case 2: large = try reader.integer()
      case 3: unsigned = try reader.unsigned()
      case 4: number = try reader.float()
      case 5: single = try reader.single()
      case 6: text = try reader.string()
      case 7: content = try reader.value()
      case 8: maybe = try reader.value()
      case 9: numbers = try reader.value()
      case 10: names = try reader.value()
      default: parts = try reader.value()
      }
    }
  }
}

extension SampleRecord.Part: SerializableValue {
  static let fields: FieldNames = ["name", "weight"]

  func encode<Writer: ValueWriter & ~Copyable>(into writer: inout Writer) {
    writer.beginRecord(fieldCount: 2)
    writer.field("name", name)
    writer.field("weight", weight)
    writer.endRecord()
  }

  init<Reader: ValueReader & ~Copyable>(from reader: inout Reader) throws(SerializationError) {
    (name, weight) = ("", nil)
    var cursor = try reader.beginRecord(Self.fields)
    while let field = try reader.nextField(&cursor, of: Self.fields) {
      if field == 0 { name = try reader.string() } else { weight = try reader.value() }
    }
  }
}
