/// Reads a binary property list, version 00.
///
/// Its objects refer to each other by number, so that a few bytes could stand for a value without end, or one larger than memory:
/// every object counts towards the limits each time it is used. Sets and unique ids are refused, and dates where no Codable type reads them.
struct BinaryPlistReader {
  private let bytes: BorrowedBytes
  private let offsetSize: Int
  private let referenceSize: Int
  private let count: Int
  private let table: Int
  private var budget: DecodingBudget
  private let isForCodable: Bool

  /// Reads the value of a document.
  /// - Parameter isForCodable: Whether a `Decodable` type reads it, as Foundation's encoder wrote it: a date is the seconds that `Date` reads,
  ///   and the text `$null` is nothing.
  static func read(
    _ bytes: BorrowedBytes, limits: DecodingLimits, isForCodable: Bool = false
  ) throws(SerializationError) -> SerializedValue {
    guard bytes.count <= limits.length else { throw SerializationError(.lengthLimit(limits.length), at: 0) }
    let trailer = bytes.count - 32
    guard trailer >= 8 else { throw SerializationError(.truncated, at: bytes.count) }
    guard hasHeader(bytes) else { throw SerializationError(.malformed, at: 0) }
    var reader = BinaryPlistReader(bytes, trailer: trailer, limits: limits, isForCodable: isForCodable)
    let top = reader.number(at: trailer + 16, size: 8)
    guard (1...8).contains(reader.offsetSize), (1...8).contains(reader.referenceSize), reader.count > 0,
      reader.table >= 8, reader.table <= trailer, reader.count <= (trailer - reader.table) / reader.offsetSize
    else { throw SerializationError(.malformed, at: trailer) }
    return try reader.object(top)
  }

  /// Whether it begins like a binary property list of this version.
  private static func hasHeader(_ bytes: BorrowedBytes) -> Bool {
    unsafe bytes.count >= 8 && BorrowedBytes(start: bytes.start, count: 8).equals("bplist00")
  }

  private init(_ bytes: BorrowedBytes, trailer: Int, limits: DecodingLimits, isForCodable: Bool) {
    self.bytes = bytes
    self.isForCodable = isForCodable
    offsetSize = Int(bytes[trailer + 6])
    referenceSize = Int(bytes[trailer + 7])
    count = Self.number(bytes, at: trailer + 8, size: 8)
    table = Self.number(bytes, at: trailer + 24, size: 8)
    budget = DecodingBudget(limits)
  }

  /// An unsigned number, highest byte first; one beyond `Int` becomes the largest, which is outside of every range.
  private static func number(_ bytes: BorrowedBytes, at offset: Int, size: Int) -> Int {
    var value: UInt64 = 0
    for index in 0..<size { value = value << 8 | UInt64(bytes[offset + index]) }
    return Int(exactly: value) ?? .max
  }

  private func number(at offset: Int, size: Int) -> Int { Self.number(bytes, at: offset, size: size) }

  private mutating func charge(_ byteCount: Int, at offset: Int) throws(SerializationError) {
    guard budget.charge(byteCount) else {
      throw SerializationError(.allocationLimit(budget.limits.allocation), at: offset)
    }
  }

  /// The object of a number.
  private mutating func object(_ number: Int) throws(SerializationError) -> SerializedValue {
    guard number < count else { throw SerializationError(.malformed, at: table) }
    let offset = self.number(at: table + number * offsetSize, size: offsetSize)
    guard offset >= 8 && offset < table else { throw SerializationError(.malformed, at: offset) }
    try charge(MemoryLayout<SerializedValue>.stride, at: offset)
    var input = ByteReader(bytes, limits: budget.limits)
    input.advance(offset)
    let head = try input.takeByte()
    switch head >> 4 {
    case 0x0:
      switch head {
      case 0x08: return .bool(false)
      case 0x09: return .bool(true)
      default: throw .unsupported("null", in: .plist, at: offset)
      }
    case 0x1: return try whole(head, &input)
    case 0x2 where head == 0x22: return .float(Double(Float(bitPattern: try input.takeBigEndian(UInt32.self))))
    case 0x2 where head == 0x23: return .float(Double(bitPattern: try input.takeBigEndian(UInt64.self)))
    case 0x3 where isForCodable && head == 0x33: return .float(Double(bitPattern: try input.takeBigEndian(UInt64.self)))
    case 0x3: throw .unsupported("a date", in: .plist, at: offset)
    case 0x4: return .bytes(try content(head, size: 1, &input).copied())
    case 0x5:
      let text = try ascii(try content(head, size: 1, &input), at: offset)
      return isForCodable && text == "$null" ? .null : .string(text)
    case 0x6: return .string(try utf16(try content(head, size: 2, &input), at: offset))
    case 0x8: throw .unsupported("a unique id", in: .plist, at: offset)
    case 0xA: return try array(head, &input)
    case 0xC: throw .unsupported("a set", in: .plist, at: offset)
    case 0xD: return try map(head, &input)
    default: throw SerializationError(.malformed, at: offset)
    }
  }

  /// A number of 1, 2 or 4 bytes has no sign, one of 8 has, and one of 16 is what does not fit there.
  private func whole(_ head: UInt8, _ input: inout ByteReader) throws(SerializationError) -> SerializedValue {
    switch head {
    case 0x10: return .integer(Int64(try input.takeByte()))
    case 0x11: return .integer(Int64(try input.takeBigEndian(UInt16.self)))
    case 0x12: return .integer(Int64(try input.takeBigEndian(UInt32.self)))
    case 0x13: return .integer(try input.takeBigEndian(Int64.self))
    case 0x14:
      let high = try input.takeBigEndian(Int64.self)
      let low = try input.takeBigEndian(UInt64.self)
      if high == 0 { return Int64(exactly: low).map { .integer($0) } ?? .unsigned(low) }
      if high == -1, low >> 63 == 1 { return .integer(Int64(bitPattern: low)) }
      throw input.error(.outOfRange)
    default: throw input.error(.malformed)
    }
  }

  /// How many elements an object has that says so in its head or behind it.
  private func count(_ head: UInt8, _ input: inout ByteReader) throws(SerializationError) -> Int {
    guard head & 0x0F == 0x0F else { return Int(head & 0x0F) }
    let marker = try input.takeByte()
    guard marker >> 4 == 0x1, case .integer(let value) = try whole(marker, &input), value >= 0 else {
      throw input.error(.malformed)
    }
    return try input.admit(length: UInt64(value))
  }

  private mutating func content(
    _ head: UInt8, size: Int, _ input: inout ByteReader
  ) throws(SerializationError) -> BorrowedBytes {
    let length = try count(head, &input).multipliedReportingOverflow(by: size)
    guard !length.overflow else { throw input.error(.truncated) }
    let content = try input.take(length.partialValue)
    try charge(2 * content.count, at: input.offset)
    return content
  }

  private func ascii(_ content: BorrowedBytes, at offset: Int) throws(SerializationError) -> String {
    guard unsafe content.buffer.allSatisfy({ $0 < 0x80 }) else { throw SerializationError(.invalidText, at: offset) }
    return unsafe String(decoding: content.buffer, as: UTF8.self)
  }

  private func utf16(_ content: BorrowedBytes, at offset: Int) throws(SerializationError) -> String {
    let units = (0..<content.count / 2).map { UInt16(content[2 * $0]) << 8 | UInt16(content[2 * $0 + 1]) }
    guard let text = String(validating: units, as: UTF16.self) else {
      throw SerializationError(.invalidText, at: offset)
    }
    return text
  }

  /// The references of a container, which are there before anybody allocates for them.
  private mutating func references(
    _ count: Int, _ input: inout ByteReader
  ) throws(SerializationError) -> [Int] {
    guard count <= input.remaining / referenceSize else { throw input.error(.truncated) }
    try charge(count * (MemoryLayout<Int>.stride + MemoryLayout<SerializedValue>.stride), at: input.offset)
    let first = input.offset
    input.advance(count * referenceSize)
    return (0..<count).map { number(at: first + $0 * referenceSize, size: referenceSize) }
  }

  private mutating func enter(at offset: Int) throws(SerializationError) {
    guard budget.enter() else { throw SerializationError(.depthLimit(budget.limits.depth), at: offset) }
  }

  private mutating func array(_ head: UInt8, _ input: inout ByteReader) throws(SerializationError) -> SerializedValue {
    try enter(at: input.offset)
    let numbers = try references(try count(head, &input), &input)
    var elements: [SerializedValue] = []
    elements.reserveCapacity(numbers.count)
    for number in numbers { elements.append(try object(number)) }
    budget.leave()
    return .array(elements)
  }

  private mutating func map(_ head: UInt8, _ input: inout ByteReader) throws(SerializationError) -> SerializedValue {
    try enter(at: input.offset)
    let count = try count(head, &input)
    let keys = try references(count, &input)
    let values = try references(count, &input)
    var entries: [SerializedValue.Entry] = []
    entries.reserveCapacity(count)
    for (key, value) in zip(keys, values) {
      let name = try object(key)
      guard case .string = name else { throw SerializationError(.malformed, at: input.offset) }
      entries.append(.init(key: name, value: try object(value)))
    }
    budget.leave()
    return .map(entries)
  }
}
