extension CBORReader {
  /// The kind of the next value; reads nothing.
  public mutating func dynamicKind() throws(SerializationError) -> ValueKind {
    let head = try input.peek()
    guard !Self.isReserved(head), let major = CBORMajorType(rawValue: head & 0xE0) else { throw error(.malformed) }
    switch major {
    case .unsigned: return exceedsInt64(head) ? .unsigned : .integer
    case .negative: return exceedsInt64(head) ? .negative : .integer
    case .bytes: return .bytes
    case .text: return .string
    case .array: return .array
    case .map: return .map
    case .tag: return .tagged
    case .simple:
      switch head {
      case 0xF4, 0xF5: return .bool
      case 0xF6: return .null
      case 0xF9...0xFB: return .float
      default: return .simple
      }
    }
  }

  /// Whether a whole number with this head has a magnitude of 64 bits.
  private func exceedsInt64(_ head: UInt8) -> Bool { head & 0x1F == 27 && (input.byte(ahead: 1) ?? 0) >= 0x80 }

  /// Reads a tag and goes into the value that it belongs to.
  public mutating func tag() throws(SerializationError) -> UInt64 {
    let number = try argument(of: .tag)
    try input.enter()
    return number
  }

  /// Comes out of the value of the last tag.
  public mutating func endTagged() { input.leave() }

  /// Reads a simple value, also false, true, null and undefined (20…23).
  public mutating func simple() throws(SerializationError) -> UInt8 {
    let head = try peekUntagged()
    let start = offset
    guard head >= 0xE0 && head <= 0xF8 else { throw error(.typeMismatch) }
    input.advance(1)
    guard head == 0xF8 else { return head & 0x1F }
    let number = try input.takeByte()
    // Two bytes for what one could say are not well-formed (section 3.3).
    guard number >= 32 else { throw SerializationError(.malformed, at: start) }
    return number
  }

  /// Passes over one value.
  @inlinable @inline(__always)
  public mutating func skipValue() throws(SerializationError) {
    // Most fields are small numbers or short strings.
    let head = try input.peek()
    if head < 24 { input.advance(1) } else { try skipAnyValue() }
  }

  /// Passes over one value; its depth is limited like that of a value that is read.
  @usableFromInline
  mutating func skipAnyValue() throws(SerializationError) {
    let head = try peekUntagged()
    guard !Self.isReserved(head), let major = CBORMajorType(rawValue: head & 0xE0) else { throw error(.malformed) }
    switch major {
    case .unsigned, .negative: _ = try argument(of: major)
    case .bytes: _ = try bytes()
    case .text: try skipText()
    case .array:
      var cursor = try beginArray()
      while try nextElement(&cursor) { try skipValue() }
    case .map:
      var cursor = try beginMap()
      while try nextEntry(&cursor) {
        try skipValue()
        try skipValue()
      }
    case .tag: throw error(.malformed)  // `peekUntagged` has read all tags.
    case .simple:
      switch head {
      case 0xF9...0xFB: _ = try input.take(1 + 1 << Int(head - 0xF8))
      default: _ = try simple()
      }
    }
  }

  /// Passes over text without asking whether it is valid.
  private mutating func skipText() throws(SerializationError) {
    let length = try length(of: .text)
    if length >= 0 { _ = try input.take(length) } else { try joinChunks(of: .text) }
  }
}
