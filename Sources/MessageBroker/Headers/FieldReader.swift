/// Reads what `FieldTable.encoded()` wrote. Anything else is a bug of the broker, so it stops.
@safe
struct FieldReader {
  private let bytes: UnsafeRawBufferPointer
  private var place = 0
  private let end: Int

  init(_ bytes: UnsafeRawBufferPointer) {
    unsafe self.bytes = bytes
    end = bytes.count
  }

  private init(_ bytes: UnsafeRawBufferPointer, from place: Int, to end: Int) {
    unsafe self.bytes = bytes
    self.place = place
    self.end = end
  }

  var isAtEnd: Bool { place == end }

  /// All fields that are left.
  mutating func readTable() -> FieldTable {
    var table = FieldTable()
    while !isAtEnd {
      let name = readText(byteCount: Int(readNumber(of: UInt8.self)))
      table[name] = readValue()
    }
    return table
  }

  /// The value of the field of that name, reading no other value. O(bytes).
  mutating func find(_ name: String) -> FieldValue? {
    while !isAtEnd {
      let text = unsafe take(Int(readNumber(of: UInt8.self)))
      if unsafe text.elementsEqual(name.utf8) { return readValue() }
      skipValue()
    }
    return nil
  }

  private mutating func readValue() -> FieldValue {
    switch readTag() {
    case .string: return .string(readText(byteCount: readCount()))
    case .integer: return .integer(Int64(bitPattern: readNumber()))
    case .double: return .double(Double(bitPattern: readNumber()))
    case .bool: return .bool(readNumber(of: UInt8.self) != 0)
    case .binary: return .binary(unsafe Array(take(readCount())))
    case .timestamp: return .timestamp(secondsSince1970: Int64(bitPattern: readNumber()))
    case .void: return .void
    case .table:
      var part = readPart()
      return .table(part.readTable())
    case .list:
      var part = readPart()
      var values: [FieldValue] = []
      while !part.isAtEnd { values.append(part.readValue()) }
      return .list(values)
    }
  }

  private mutating func skipValue() {
    switch readTag() {
    case .string, .binary, .table, .list: _ = unsafe take(readCount())
    case .integer, .double, .timestamp: _ = unsafe take(8)
    case .bool: _ = unsafe take(1)
    case .void: break
    }
  }

  private mutating func readTag() -> FieldTag {
    let letter = readNumber(of: UInt8.self)
    guard let tag = FieldTag(rawValue: letter) else { preconditionFailure("a header value of type \(letter)") }
    return tag
  }

  private mutating func readCount() -> Int { Int(readNumber(of: UInt32.self)) }

  private mutating func readText(byteCount: Int) -> String { unsafe String(decoding: take(byteCount), as: UTF8.self) }

  private mutating func readNumber<Number: FixedWidthInteger>(of type: Number.Type = UInt64.self) -> Number {
    unsafe Number(bigEndian: take(MemoryLayout<Number>.size).loadUnaligned(as: Number.self))
  }

  /// A reader of the counted bytes that come next, which are skipped here.
  private mutating func readPart() -> FieldReader {
    let count = readCount()
    let start = place
    _ = unsafe take(count)
    return unsafe FieldReader(bytes, from: start, to: place)
  }

  private mutating func take(_ count: Int) -> UnsafeRawBufferPointer {
    precondition(count <= end - place, "headers end in the middle of a field")
    defer { place += count }
    return unsafe UnsafeRawBufferPointer(rebasing: bytes[place..<place + count])
  }
}
