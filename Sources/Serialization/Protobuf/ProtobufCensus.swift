/// Walks over the wire form of a `Value` before the library builds it, and counts what it would allocate: two bytes of an
/// array make a whole value, so that a short document could become a long one.
struct ProtobufCensus {
  private var budget: DecodingBudget

  /// What a value, an entry and the arrays that hold them take of memory, in the library's form and in ours; generous.
  private static let valueByteCount = 192

  init(limits: DecodingLimits) { budget = DecodingBudget(limits) }

  /// Which kind of message the bytes are.
  private enum Message { case value, array, map, entry }

  /// Counts the document.
  mutating func count(_ bytes: BorrowedBytes) throws(SerializationError) {
    guard bytes.count <= budget.limits.length else {
      throw SerializationError(.lengthLimit(budget.limits.length), at: 0)
    }
    // Text and bytes are copied at most twice.
    try charge(2 * bytes.count)
    try walk(bytes, as: .value)
  }

  private mutating func charge(_ byteCount: Int) throws(SerializationError) {
    guard budget.charge(byteCount) else { throw SerializationError(.allocationLimit(budget.limits.allocation), at: 0) }
  }

  private mutating func walk(_ bytes: BorrowedBytes, as message: Message) throws(SerializationError) {
    try charge(Self.valueByteCount)
    var input = ByteReader(bytes, limits: budget.limits)
    var hasContent = false
    while input.remaining > 0 {
      let tag = try Self.varint(&input)
      switch tag & 7 {
      case 0: _ = try Self.varint(&input)
      case 1: _ = try input.take(8)
      case 5: _ = try input.take(4)
      case 2:
        let length = try Self.varint(&input)
        guard let length = Int(exactly: length) else { throw input.error(.truncated) }
        let content = try input.take(length)
        guard let inner = Self.inner(field: tag >> 3, of: message) else { continue }
        // The library adds a second content to a copy of the first, so that many would take quadratic time. Nobody writes two.
        guard !hasContent || message == .array || message == .map else { throw input.error(.malformed) }
        hasContent = true
        try descend(content, as: inner)
      // Groups, which nobody writes any more, or no wire type at all.
      default: throw input.error(.malformed)
      }
    }
  }

  private mutating func descend(_ bytes: BorrowedBytes, as message: Message) throws(SerializationError) {
    // A container counts once: an array, or a map with its entries, is one level.
    guard message == .array || message == .map else { return try walk(bytes, as: message) }
    guard budget.enter() else { throw SerializationError(.depthLimit(budget.limits.depth), at: 0) }
    try walk(bytes, as: message)
    budget.leave()
  }

  private static func inner(field: UInt64, of message: Message) -> Message? {
    switch (message, field) {
    case (.value, 8): .array
    case (.value, 9): .map
    case (.array, 1): .value
    case (.map, 1): .entry
    case (.entry, 2): .value
    default: nil
    }
  }

  private static func varint(_ input: inout ByteReader) throws(SerializationError) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      let byte = try input.takeByte()
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    throw input.error(.malformed)
  }
}
