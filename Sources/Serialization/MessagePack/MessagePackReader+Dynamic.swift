extension MessagePackReader {
  /// The kind of the next value; reads nothing.
  public mutating func dynamicKind() throws(SerializationError) -> ValueKind {
    switch try input.peek() {
    case 0x00...0x7F, 0xE0...0xFF, 0xCC...0xCE, 0xD0...0xD3: .integer
    case 0x80...0x8F, 0xDE, 0xDF: .map
    case 0x90...0x9F, 0xDC, 0xDD: .array
    case 0xA0...0xBF, 0xD9...0xDB: .string
    case 0xC0: .null
    case 0xC2, 0xC3: .bool
    case 0xC4...0xC6: .bytes
    case 0xC7...0xC9, 0xD4...0xD8: .extended
    case 0xCA, 0xCB: .float
    // A writer may use the unsigned form for a number that would fit the signed one: its highest bit decides.
    case 0xCF: (input.byte(ahead: 1) ?? 0) < 0x80 ? .integer : .unsigned
    default: throw error(.malformed)  // 0xC1, which the specification never uses.
    }
  }

  /// Passes over one value, however deeply nested, in constant memory: it only counts how many values are still due.
  @usableFromInline
  mutating func skipOneValue() throws(SerializationError) {
    var due = 1
    while due > 0 {
      due += try skipHead() - 1
      // Every value takes a byte, so this also keeps the count from overflowing.
      guard due <= input.remaining else { throw error(.truncated) }
    }
  }

  /// Passes over one value.
  @inlinable @inline(__always)
  public mutating func skipValue() throws(SerializationError) { try skipOneValue() }

  /// Passes over a scalar, or over the head of a container.
  /// - Returns: how many values the container has.
  private mutating func skipHead() throws(SerializationError) -> Int {
    let head = try input.takeByte()
    switch head {
    case 0x80...0x8F: return Int(head & 0x0F) * 2
    case 0x90...0x9F: return Int(head & 0x0F)
    case 0xDC: return Int(try input.takeBigEndian(UInt16.self))
    case 0xDD: return Int(try input.takeBigEndian(UInt32.self))
    case 0xDE: return Int(try input.takeBigEndian(UInt16.self)) * 2
    case 0xDF: return Int(try input.takeBigEndian(UInt32.self)) * 2
    default:
      _ = try input.take(try scalarLength(head))
      return 0
    }
  }

  /// How many bytes follow the head of a scalar; a length among them is read.
  private mutating func scalarLength(_ head: UInt8) throws(SerializationError) -> Int {
    switch head {
    case 0x00...0x7F, 0xE0...0xFF, 0xC0, 0xC2, 0xC3: 0
    case 0xA0...0xBF: Int(head & 0x1F)
    case 0xCC, 0xD0: 1
    case 0xCD, 0xD1: 2
    case 0xCA, 0xCE, 0xD2: 4
    case 0xCB, 0xCF, 0xD3: 8
    case 0xC4, 0xD9: Int(try input.takeByte())
    case 0xC5, 0xDA: Int(try input.takeBigEndian(UInt16.self))
    case 0xC6, 0xDB: Int(try input.takeBigEndian(UInt32.self))
    case 0xC7: Int(try input.takeByte()) + 1
    case 0xC8: Int(try input.takeBigEndian(UInt16.self)) + 1
    case 0xC9: Int(try input.takeBigEndian(UInt32.self)) + 1
    case 0xD4...0xD8: 1 << Int(head - 0xD4) + 1
    default: throw SerializationError(.malformed, at: offset - 1)
    }
  }
}
