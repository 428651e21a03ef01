extension Optional: SerializableValue where Wrapped: SerializableValue {
  /// Writes the value, or that there is none.
  @inlinable @inline(__always)
  public func encode<Writer: ValueWriter & ~Copyable>(into writer: inout Writer) {
    writer.optional(isPresent: self != nil)
    if let value = self { value.encode(into: &writer) }
  }

  /// Reads a value, or that there is none.
  @inlinable @inline(__always)
  public init<Reader: ValueReader & ~Copyable>(from reader: inout Reader) throws(SerializationError) {
    self = try reader.isPresent() ? try Wrapped(from: &reader) : nil
  }
}

extension Array: SerializableValue where Element: SerializableValue {
  /// Writes the elements in order.
  @inlinable
  public func encode<Writer: ValueWriter & ~Copyable>(into writer: inout Writer) {
    writer.beginArray(count: count)
    for element in self { element.encode(into: &writer) }
    writer.endArray()
  }

  /// Reads elements in order. Allocates once when the document says how many there are.
  @inlinable
  public init<Reader: ValueReader & ~Copyable>(from reader: inout Reader) throws(SerializationError) {
    self = []
    let stride = MemoryLayout<Element>.stride
    var cursor = try reader.beginArray()
    if let count = cursor.knownCount {
      try reader.charge(count &* stride)
      reserveCapacity(count)
      while try reader.nextElement(&cursor) { append(try Element(from: &reader)) }
    } else {
      while try reader.nextElement(&cursor) {
        try reader.charge(stride)
        append(try Element(from: &reader))
      }
    }
  }
}

extension Dictionary: SerializableValue where Key == String, Value: SerializableValue {
  /// Writes the entries, in the dictionary's own order, which differs between runs of a program.
  @inlinable
  public func encode<Writer: ValueWriter & ~Copyable>(into writer: inout Writer) {
    writer.beginMap(count: count)
    for (key, value) in self {
      writer.key(key)
      value.encode(into: &writer)
    }
    writer.endMap()
  }

  /// Reads entries; of those with the same key the last one counts.
  @inlinable
  public init<Reader: ValueReader & ~Copyable>(from reader: inout Reader) throws(SerializationError) {
    self = [:]
    // A hash table is at most three quarters full, and has sizes of powers of two.
    let stride = (MemoryLayout<String>.stride + MemoryLayout<Value>.stride) * 3
    var cursor = try reader.beginMap()
    while try reader.nextEntry(&cursor) {
      try reader.charge(stride)
      let key = try reader.key()
      self[key] = try Value(from: &reader)
    }
  }
}
