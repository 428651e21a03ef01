import DriverInterface
import Serialization

/// Reads a body of a shape back into memory that its caller owns: no value of its own, so nothing is allocated.
@safe
struct ShapedBodyReading: DocumentReading {
  let shape: PayloadShape
  private let memory: UnsafeMutableRawBufferPointer
  /// Bytes of the body that was read.
  private(set) var count = 0

  init(_ shape: PayloadShape, into memory: UnsafeMutableRawBufferPointer) {
    self.shape = shape
    unsafe self.memory = memory
  }

  /// Reads the one value of a document.
  mutating func read<Reader: ValueReader & ~Copyable>(from reader: inout Reader) throws(SerializationError) {
    if shape == .bytes {
      let bytes = try reader.bytes()
      guard unsafe bytes.count >= 32 && bytes.count <= memory.count else { throw reader.error(.outOfRange) }
      unsafe memory.copyMemory(from: bytes.buffer)
      count = bytes.count
      return
    }
    var length = 0
    var seen = 0
    var cursor = try reader.beginRecord(ShapedBody.fields)
    while let field = try reader.nextField(&cursor, of: ShapedBody.fields) {
      // In the order of writing, so that the length is known when it is needed.
      guard field == seen else { throw reader.error(.malformed) }
      seen += 1
      switch field {
      case 0:
        length = Int(try reader.integer())
        guard unsafe length >= 32 && length <= memory.count else { throw reader.error(.outOfRange) }
      case 1: store(try reader.unsigned() | UInt64(length) << 32, at: 0)
      case 2: store(try reader.unsigned(), at: 8)
      case 3: store(UInt64(bitPattern: try reader.integer()), at: 16)
      case 4: store(UInt64(bitPattern: try reader.integer()), at: 24)
      case 5: try readContent(length, from: &reader)
      default: try readRest(length, from: &reader)
      }
    }
    guard seen == ShapedBody.fields.count else { throw reader.error(.truncated) }
    count = length
  }

  private func store(_ word: UInt64, at offset: Int) {
    unsafe memory.storeBytes(of: word, toByteOffset: offset, as: UInt64.self)
  }

  private func readContent<Reader: ValueReader & ~Copyable>(
    _ length: Int, from reader: inout Reader
  ) throws(SerializationError) {
    if shape == .text {
      let text = try reader.text()
      guard text.count == length - 32 else { throw reader.error(.malformed) }
      return unsafe UnsafeMutableRawBufferPointer(rebasing: memory[32...]).copyMemory(from: text.buffer)
    }
    let end = 32 + (length - 32) / shape.unitByteCount * shape.unitByteCount
    var offset = 32
    var cursor = try reader.beginArray()
    while try reader.nextElement(&cursor) {
      guard offset < end else { throw reader.error(.malformed) }
      if shape == .numbers {
        store(try reader.float().bitPattern, at: offset)
      } else {
        try readRecord(at: offset, from: &reader)
      }
      offset += shape.unitByteCount
    }
    guard offset == end else { throw reader.error(.malformed) }
  }

  private func readRecord<Reader: ValueReader & ~Copyable>(
    at offset: Int, from reader: inout Reader
  ) throws(SerializationError) {
    var seen = 0
    var cursor = try reader.beginRecord(ShapedBody.recordFields)
    while let field = try reader.nextField(&cursor, of: ShapedBody.recordFields) {
      seen |= 1 << field
      switch field {
      case 0:
        let name = try reader.text()
        guard name.count == ShapedRecord.nameByteCount else { throw reader.error(.malformed) }
        unsafe UnsafeMutableRawBufferPointer(rebasing: memory[offset...]).copyMemory(from: name.buffer)
      case 1:
        guard let count = Int32(exactly: try reader.integer()) else { throw reader.error(.outOfRange) }
        unsafe memory.storeBytes(of: count, toByteOffset: offset + ShapedRecord.countOffset, as: Int32.self)
      case 2: store(try reader.float().bitPattern, at: offset + ShapedRecord.priceOffset)
      default: store(UInt64(bitPattern: try reader.integer()), at: offset + ShapedRecord.timeOffset)
      }
    }
    guard seen == 0b1111 else { throw reader.error(.truncated) }
  }

  private func readRest<Reader: ValueReader & ~Copyable>(
    _ length: Int, from reader: inout Reader
  ) throws(SerializationError) {
    var offset = length - (length - 32) % shape.unitByteCount
    var cursor = try reader.beginArray()
    while try reader.nextElement(&cursor) {
      guard offset < length else { throw reader.error(.malformed) }
      let word = try reader.unsigned()
      let count = min(8, length - offset)
      for index in 0..<count {
        let byte = UInt8(truncatingIfNeeded: word >> (8 * UInt64(index)))
        unsafe memory.storeBytes(of: byte, toByteOffset: offset + index, as: UInt8.self)
      }
      offset += count
    }
    guard offset == length else { throw reader.error(.malformed) }
  }
}
