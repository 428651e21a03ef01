import DriverInterface
import Serialization

/// A body as a value of its shape, in the memory where it lies.
///
/// The stamp is a record of numbers in which the length stands first: what follows has as many bytes as it says.
struct ShapedBody: SerializableValue {
  let body: MessageBody
  let shape: PayloadShape

  static let fields: FieldNames = ["length", "check", "number", "intended", "sent", "content", "rest"]
  static let recordFields: FieldNames = ["name", "count", "price", "time"]

  init(_ body: MessageBody, shape: PayloadShape) {
    self.body = body
    self.shape = shape
  }

  /// A body is read into memory that it is told; see `decode`.
  init<Reader: ValueReader & ~Copyable>(from reader: inout Reader) throws(SerializationError) {
    throw reader.error(.unsupported)
  }

  private var content: BorrowedBytes { unsafe BorrowedBytes(start: body.start + 32, count: body.count - 32) }

  private func word(_ offset: Int) -> UInt64 { body.word(at: offset) }

  func encode<Writer: ValueWriter & ~Copyable>(into writer: inout Writer) {
    if shape == .bytes { return unsafe writer.bytes(BorrowedBytes(start: body.start, count: body.count)) }
    writer.beginRecord(fieldCount: Self.fields.count)
    writer.field("length")
    writer.integer(Int64(body.count))
    writer.field("check")
    writer.unsigned(word(0) & 0xFFFF_FFFF)
    writer.field("number")
    writer.unsigned(word(8))
    writer.field("intended")
    writer.integer(Int64(bitPattern: word(16)))
    writer.field("sent")
    writer.integer(Int64(bitPattern: word(24)))
    writer.field("content")
    encodeContent(into: &writer)
    writer.field("rest")
    encodeRest(into: &writer)
    writer.endRecord()
  }

  private func encodeContent<Writer: ValueWriter & ~Copyable>(into writer: inout Writer) {
    if shape == .text { return writer.text(content) }
    let count = content.count / shape.unitByteCount
    writer.beginArray(count: count)
    for unit in 0..<count {
      let offset = 32 + unit * shape.unitByteCount
      if shape == .numbers {
        writer.float(Double(bitPattern: word(offset)))
      } else {
        encodeRecord(at: offset, into: &writer)
      }
    }
    writer.endArray()
  }

  private func encodeRecord<Writer: ValueWriter & ~Copyable>(at offset: Int, into writer: inout Writer) {
    writer.beginRecord(fieldCount: Self.recordFields.count)
    writer.field("name")
    unsafe writer.text(BorrowedBytes(start: body.start + offset, count: ShapedRecord.nameByteCount))
    writer.field("count")
    let count = Int32(truncatingIfNeeded: word(offset + ShapedRecord.countOffset - 4) >> 32)
    writer.integer(Int64(count))
    writer.field("price")
    writer.float(Double(bitPattern: word(offset + ShapedRecord.priceOffset)))
    writer.field("time")
    writer.integer(Int64(bitPattern: word(offset + ShapedRecord.timeOffset)))
    writer.endRecord()
  }

  /// What does not make a whole unit, in words of which the last is filled up with zeros.
  private func encodeRest<Writer: ValueWriter & ~Copyable>(into writer: inout Writer) {
    let restCount = content.count % shape.unitByteCount
    writer.beginArray(count: (restCount + 7) / 8)
    var offset = body.count - restCount
    while offset < body.count {
      let count = min(8, body.count - offset)
      var word: UInt64 = 0
      for index in 0..<count {
        word |= UInt64(unsafe body.start.load(fromByteOffset: offset + index, as: UInt8.self)) << (8 * UInt64(index))
      }
      writer.unsigned(word)
      offset += count
    }
    writer.endArray()
  }
}
