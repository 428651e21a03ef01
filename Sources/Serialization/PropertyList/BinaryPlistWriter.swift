/// Writes a value as a binary property list, version 00 (CFBinaryPList.c of Apple's CF describes it).
///
/// Keys are text, each written once. There is no null, no number below `Int64.min`, and nothing with a tag or type of its own.
struct BinaryPlistWriter {
  /// A value whose parts are known by their numbers.
  private enum Object {
    case leaf(SerializedValue)
    case array([Int])
    case map(keys: [Int], values: [Int])
  }

  private var objects: [Object] = []
  private var keyNumbers: [String: Int] = [:]

  /// Appends the document of a value.
  static func append(_ value: SerializedValue, to bytes: inout ByteWriter) throws(SerializationError) {
    var writer = BinaryPlistWriter()
    _ = try writer.number(of: value)
    writer.write(into: &bytes)
  }

  /// Gives a value, and then its parts, the next numbers.
  private mutating func number(of value: SerializedValue) throws(SerializationError) -> Int {
    let number = objects.count
    objects.append(.leaf(value))
    switch value {
    case .array(let elements):
      var numbers: [Int] = []
      numbers.reserveCapacity(elements.count)
      for element in elements { numbers.append(try self.number(of: element)) }
      objects[number] = .array(numbers)
    case .map(let entries):
      var (keys, values) = ([Int](), [Int]())
      for entry in entries {
        keys.append(try keyNumber(of: entry.key))
        values.append(try self.number(of: entry.value))
      }
      objects[number] = .map(keys: keys, values: values)
    case .null, .negative, .tagged, .extended, .simple: throw .unsupported(value.description, in: .plist)
    case .bool, .integer, .unsigned, .float, .string, .bytes: break
    }
    return number
  }

  private mutating func keyNumber(of key: SerializedValue) throws(SerializationError) -> Int {
    guard case .string(let name) = key else { throw .unsupported("a map key other than text", in: .plist) }
    if let known = keyNumbers[name], case .leaf(.string(let same)) = objects[known], same.utf8.elementsEqual(name.utf8) {
      return known
    }
    let number = objects.count
    objects.append(.leaf(key))
    keyNumbers[name] = number
    return number
  }

  /// Header, objects, the table of their places, and the trailer that a reader begins with.
  private func write(into bytes: inout ByteWriter) {
    let start = bytes.count
    let referenceSize = Self.size(of: objects.count - 1)
    bytes.append("bplist00")
    var offsets: [Int] = []
    offsets.reserveCapacity(objects.count)
    for object in objects {
      offsets.append(bytes.count - start)
      Self.write(object, referenceSize: referenceSize, into: &bytes)
    }
    let table = bytes.count - start
    let offsetSize = Self.size(of: table)
    for offset in offsets { Self.write(offset, size: offsetSize, into: &bytes) }
    for byte in [0, 0, 0, 0, 0, 0, UInt8(offsetSize), UInt8(referenceSize)] { bytes.append(byte) }
    for number in [objects.count, 0, table] { Self.write(number, size: 8, into: &bytes) }
  }

  private static func write(_ object: Object, referenceSize: Int, into bytes: inout ByteWriter) {
    switch object {
    case .leaf(.bool(let value)): bytes.append(value ? 0x09 : 0x08)
    case .leaf(.integer(let value)): write(value, into: &bytes)
    case .leaf(.unsigned(let value)):
      bytes.append(0x14)
      write(0, size: 8, into: &bytes)
      bytes.append(littleEndian: value.bigEndian)
    case .leaf(.float(let value)): bytes.append(0x23, bigEndian: value.bitPattern)
    case .leaf(.string(let value)): write(value, into: &bytes)
    case .leaf(.bytes(let value)):
      head(0x40, count: value.count, into: &bytes)
      bytes.append(value)
    case .array(let numbers):
      head(0xA0, count: numbers.count, into: &bytes)
      for number in numbers { write(number, size: referenceSize, into: &bytes) }
    case .map(let keys, let values):
      head(0xD0, count: keys.count, into: &bytes)
      for number in keys { write(number, size: referenceSize, into: &bytes) }
      for number in values { write(number, size: referenceSize, into: &bytes) }
    case .leaf: break  // Refused when it was to get a number.
    }
  }

  /// ASCII where it is, UTF-16 otherwise.
  private static func write(_ text: String, into bytes: inout ByteWriter) {
    if text.utf8.allSatisfy({ $0 < 0x80 }) {
      head(0x50, count: text.utf8.count, into: &bytes)
      bytes.append(text)
    } else {
      head(0x60, count: text.utf16.count, into: &bytes)
      for unit in text.utf16 { bytes.append(littleEndian: unit.bigEndian) }
    }
  }

  /// A whole number in 1, 2, 4 or 8 bytes; only that of 8 has a sign.
  private static func write(_ value: Int64, into bytes: inout ByteWriter) {
    if let byte = UInt8(exactly: value) {
      bytes.append(0x10, bigEndian: byte)
    } else if let short = UInt16(exactly: value) {
      bytes.append(0x11, bigEndian: short)
    } else if let word = UInt32(exactly: value) {
      bytes.append(0x12, bigEndian: word)
    } else {
      bytes.append(0x13, bigEndian: value)
    }
  }

  /// The first byte of an object with a count: in itself up to 14, else in a number behind it.
  private static func head(_ kind: UInt8, count: Int, into bytes: inout ByteWriter) {
    bytes.append(kind | UInt8(min(count, 15)))
    if count >= 15 { write(Int64(count), into: &bytes) }
  }

  private static func write(_ number: Int, size: Int, into bytes: inout ByteWriter) {
    for index in (0..<size).reversed() { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * index))) }
  }

  /// How many bytes a number takes.
  private static func size(of number: Int) -> Int { number < 1 << 8 ? 1 : number < 1 << 16 ? 2 : number < 1 << 32 ? 4 : 8 }
}
