extension CBORReader {
  /// Reads text.
  @inlinable @inline(__always)
  public mutating func string() throws(SerializationError) -> String {
    let length = try length(of: .text)
    return length >= 0 ? try input.takeString(length) : try joinedString()
  }

  @usableFromInline
  mutating func joinedString() throws(SerializationError) -> String {
    try joinChunks(of: .text)
    try charge(joined.count)
    guard let string = joined.bytes.validatedString() else { throw error(.invalidText) }
    return string
  }

  /// Reads text, in place unless its length is indefinite.
  public mutating func text() throws(SerializationError) -> BorrowedBytes {
    let length = try length(of: .text)
    if length >= 0 { return try input.takeText(length) }
    try joinChunks(of: .text)
    return joined.bytes
  }

  /// Reads bytes, in place unless their length is indefinite.
  public mutating func bytes() throws(SerializationError) -> BorrowedBytes {
    let length = try length(of: .bytes)
    if length >= 0 { return try input.take(length) }
    try joinChunks(of: .bytes)
    return joined.bytes
  }

  /// Reads the chunks of a string of indefinite length, each of which is a whole string of the same type and definite length.
  mutating func joinChunks(of major: CBORMajorType) throws(SerializationError) {
    joined.removeAll()
    while try !takeBreak() {
      let start = offset
      let length = try input.admit(length: try argument(of: major))
      let chunk = try input.take(length)
      guard major == .bytes || chunk.isValidUTF8 else { throw SerializationError(.invalidText, at: start) }
      joined.append(chunk)
      guard !joined.hasOverflowed else { throw error(.lengthLimit(joined.limit)) }
    }
  }

  /// Goes into an array.
  @inlinable
  public mutating func beginArray() throws(SerializationError) -> ContainerCursor {
    let count = try length(of: .array)
    // Every element takes a byte: a greater count is a lie, to be found out before anybody allocates for it.
    guard count <= input.remaining else { throw error(.truncated) }
    try input.enter()
    return ContainerCursor(count: count)
  }

  /// Goes on to the next element.
  @inlinable @inline(__always)
  public mutating func nextElement(_ cursor: inout ContainerCursor) throws(SerializationError) -> Bool {
    if cursor.remaining > 0 {
      cursor.remaining &-= 1
      return true
    }
    if cursor.remaining < 0 {
      guard try takeBreak() else { return true }
    }
    input.leave()
    return false
  }

  /// Goes into a map.
  @inlinable
  public mutating func beginMap() throws(SerializationError) -> ContainerCursor {
    let count = try length(of: .map)
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

  /// Reads a key that is text.
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
      if let index = try fieldIndex(names, guess: cursor.nextField) {
        cursor.nextField = index &+ 1
        return index
      }
      try skipValue()
    }
    return nil
  }

  /// Reads a key of any kind.
  /// - Returns: the index of the name that it is, if it is one.
  @inlinable @inline(__always)
  mutating func fieldIndex(_ names: FieldNames, guess: Int) throws(SerializationError) -> Int? {
    let head = try peekUntagged()
    guard head & 0xE0 == CBORMajorType.text.rawValue else {
      try skipValue()
      return nil
    }
    let length = try length(of: .text)
    if length >= 0 { return names.index(of: try input.take(length), guess: guess) }
    return try joinedFieldIndex(names, guess: guess)
  }

  @usableFromInline
  mutating func joinedFieldIndex(_ names: FieldNames, guess: Int) throws(SerializationError) -> Int? {
    try joinChunks(of: .text)
    return names.index(of: joined.bytes, guess: guess)
  }
}
