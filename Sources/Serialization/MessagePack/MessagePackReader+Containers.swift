extension MessagePackReader {
  /// Reads text.
  @inlinable @inline(__always)
  public mutating func string() throws(SerializationError) -> String { try input.takeString(try textLength()) }

  /// Reads text in place.
  @inlinable
  public mutating func text() throws(SerializationError) -> BorrowedBytes { try input.takeText(try textLength()) }

  /// Reads bytes in place.
  @inlinable
  public mutating func bytes() throws(SerializationError) -> BorrowedBytes {
    try input.take(try longCount(0xC4, 0xC5, 0xC6))
  }

  /// Goes into an array.
  @inlinable
  public mutating func beginArray() throws(SerializationError) -> ContainerCursor {
    let head = try input.peek()
    let count: Int
    if head & 0xF0 == 0x90 {
      input.advance(1)
      count = Int(head & 0x0F)
    } else {
      count = try longCount(nil, 0xDC, 0xDD)
    }
    // Every element takes a byte: a greater count is a lie, to be found out before anybody allocates for it.
    guard count <= input.remaining else { throw error(.truncated) }
    try input.enter()
    return ContainerCursor(count: count)
  }

  /// Goes on to the next element.
  @inlinable @inline(__always)
  public mutating func nextElement(_ cursor: inout ContainerCursor) throws(SerializationError) -> Bool {
    guard cursor.remaining > 0 else {
      input.leave()
      return false
    }
    cursor.remaining &-= 1
    return true
  }

  /// Goes into a map.
  @inlinable
  public mutating func beginMap() throws(SerializationError) -> ContainerCursor {
    let head = try input.peek()
    let count: Int
    if head & 0xF0 == 0x80 {
      input.advance(1)
      count = Int(head & 0x0F)
    } else {
      count = try longCount(nil, 0xDE, 0xDF)
    }
    guard count <= input.remaining / 2 else { throw error(.truncated) }
    try input.enter()
    return ContainerCursor(count: count)
  }

  /// Goes on to the key of the next entry.
  @inlinable @inline(__always)
  public mutating func nextEntry(_ cursor: inout ContainerCursor) throws(SerializationError) -> Bool {
    try nextElement(&cursor)
  }

  /// Reads a key that is text.
  @inlinable
  public mutating func key() throws(SerializationError) -> String { try string() }

  /// Reads a key that is text, in place.
  @inlinable
  public mutating func keyText() throws(SerializationError) -> BorrowedBytes { try text() }

  /// Goes into a record: a map.
  @inlinable @inline(__always)
  public mutating func beginRecord(_ names: FieldNames) throws(SerializationError) -> ContainerCursor { try beginMap() }

  /// Goes on to the value of the next field with one of the names.
  @inlinable @inline(__always)
  public mutating func nextField(
    _ cursor: inout ContainerCursor, of names: FieldNames
  ) throws(SerializationError) -> Int? {
    while try nextElement(&cursor) {
      if try isText() {
        let name = try input.take(try textLength())
        if let index = names.index(of: name, guess: cursor.nextField) {
          cursor.nextField = index &+ 1
          return index
        }
      } else {
        try skipValue()
      }
      try skipValue()
    }
    return nil
  }

  /// Reads bytes and what they mean, in place.
  public mutating func extended() throws(SerializationError) -> (type: Int8, content: BorrowedBytes) {
    let count: Int
    switch try input.peek() {
    case let head where head >= 0xD4 && head <= 0xD8:
      input.advance(1)
      count = 1 << Int(head - 0xD4)
    default: count = try longCount(0xC7, 0xC8, 0xC9)
    }
    let type = try input.takeBigEndian(Int8.self)
    return (type, try input.take(count))
  }

  @inlinable @inline(__always)
  mutating func isText() throws(SerializationError) -> Bool {
    let head = try input.peek()
    return head & 0xE0 == 0xA0 || (head >= 0xD9 && head <= 0xDB)
  }

  /// Reads the head of a text.
  @inlinable @inline(__always)
  mutating func textLength() throws(SerializationError) -> Int {
    let head = try input.peek()
    guard head & 0xE0 == 0xA0 else { return try longCount(0xD9, 0xDA, 0xDB) }
    input.advance(1)
    return Int(head & 0x1F)
  }

  /// Reads a count of the width 1 (where there is one), 2 or 4 that its head says.
  @usableFromInline
  mutating func longCount(
    _ byteHead: UInt8?, _ shortHead: UInt8, _ wordHead: UInt8
  ) throws(SerializationError) -> Int {
    let start = offset
    let head = try input.takeByte()
    if head == byteHead { return Int(try input.takeByte()) }
    if head == shortHead { return try input.admit(length: UInt64(try input.takeBigEndian(UInt16.self))) }
    if head == wordHead { return try input.admit(length: UInt64(try input.takeBigEndian(UInt32.self))) }
    throw SerializationError(head == 0xC1 ? .malformed : .typeMismatch, at: start)
  }
}
