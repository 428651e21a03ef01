extension JSONReader {
  /// Goes into an array.
  @inlinable
  public mutating func beginArray() throws(SerializationError) -> ContainerCursor { try begin(0x5B) }

  /// Goes into an object.
  @inlinable
  public mutating func beginMap() throws(SerializationError) -> ContainerCursor { try begin(0x7B) }

  /// Goes into a record: an object.
  @inlinable
  public mutating func beginRecord(_ names: FieldNames) throws(SerializationError) -> ContainerCursor {
    try begin(0x7B)
  }

  @inlinable @inline(__always)
  mutating func begin(_ bracket: UInt8) throws(SerializationError) -> ContainerCursor {
    guard try peekToken() == bracket else { throw mismatch() }
    try input.enter()
    input.advance(1)
    return ContainerCursor(count: -1)
  }

  /// Goes on to the next element.
  @inlinable
  public mutating func nextElement(_ cursor: inout ContainerCursor) throws(SerializationError) -> Bool {
    try next(&cursor, bracket: 0x5D)
  }

  /// Goes on to the key of the next entry.
  @inlinable
  public mutating func nextEntry(_ cursor: inout ContainerCursor) throws(SerializationError) -> Bool {
    try next(&cursor, bracket: 0x7D)
  }

  /// Reads the comma before the next element or entry, or the closing bracket.
  @inlinable @inline(__always)
  mutating func next(_ cursor: inout ContainerCursor, bracket: UInt8) throws(SerializationError) -> Bool {
    let byte = try peekToken()
    if byte == bracket {
      input.advance(1)
      input.leave()
      return false
    }
    if cursor.isFirst {
      cursor.isFirst = false
    } else {
      guard byte == 0x2C else { throw error(.malformed) }
      input.advance(1)
    }
    return true
  }

  /// Reads a key.
  @inlinable
  public mutating func key() throws(SerializationError) -> String {
    try checkKey()
    let key = try string()
    try colon()
    return key
  }

  /// Reads a key, in place unless it has escapes.
  @inlinable
  public mutating func keyText() throws(SerializationError) -> BorrowedBytes {
    try checkKey()
    let key = try text()
    try colon()
    return key
  }

  /// Reads a key, which is a string.
  @inlinable
  public mutating func dynamicKey() throws(SerializationError) -> SerializedValue { .string(try key()) }

  /// A key that is no string is no JSON, not a matter of types.
  @inlinable @inline(__always)
  mutating func checkKey() throws(SerializationError) {
    guard try peekToken() == 0x22 else { throw error(.malformed) }
  }

  @inlinable @inline(__always)
  mutating func colon() throws(SerializationError) {
    guard try peekToken() == 0x3A else { throw error(.malformed) }
    input.advance(1)
  }

  /// Goes on to the value of the next field with one of the names.
  @inlinable @inline(__always)
  public mutating func nextField(
    _ cursor: inout ContainerCursor, of names: FieldNames
  ) throws(SerializationError) -> Int? {
    while try nextEntry(&cursor) {
      if let index = try fieldIndex(names, guess: cursor.nextField) {
        cursor.nextField = index &+ 1
        return index
      }
      try skipValue()
    }
    return nil
  }

  @inlinable @inline(__always)
  mutating func fieldIndex(_ names: FieldNames, guess: Int) throws(SerializationError) -> Int? {
    try checkKey()
    let length = try plainLength()
    let index: Int?
    if length >= 0 {
      index = names.index(of: try input.take(length), guess: guess)
      input.advance(1)
    } else {
      index = names.index(of: try unescapedText(), guess: guess)
    }
    try colon()
    return index
  }

  /// The kind of the next value; reads nothing but white space.
  public mutating func dynamicKind() throws(SerializationError) -> ValueKind {
    switch try peekToken() {
    case 0x22: .string
    case 0x2D, 0x30...0x39: try numberKind()
    case 0x5B: .array
    case 0x66, 0x74: .bool
    case 0x6E: .null
    case 0x7B: .map
    default: throw error(.malformed)
    }
  }

  /// Passes over one value, which is as strictly JSON as one that is read; its depth is limited likewise.
  public mutating func skipValue() throws(SerializationError) {
    switch try dynamicKind() {
    case .string: try skipText()
    case .array:
      var cursor = try beginArray()
      while try nextElement(&cursor) { try skipValue() }
    case .map:
      var cursor = try beginMap()
      while try nextEntry(&cursor) {
        try checkKey()
        try skipText()
        try colon()
        try skipValue()
      }
    case .bool: _ = try bool()
    case .null: try null()
    default: _ = try float()
    }
  }

  private mutating func skipText() throws(SerializationError) {
    let length = try plainLength()
    if length >= 0 { input.advance(length + 1) } else { try unescape() }
  }
}
