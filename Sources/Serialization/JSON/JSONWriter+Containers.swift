extension JSONWriter {
  /// Writes text.
  @inlinable @inline(__always)
  public mutating func string(_ value: String) { value.withBorrowedUTF8 { text($0) } }

  /// Writes text.
  @inlinable
  public mutating func text(_ utf8: BorrowedBytes) {
    separate()
    output.append(jsonString: utf8)
  }

  /// Writes bytes as text in base64.
  @inlinable
  public mutating func bytes(_ value: BorrowedBytes) {
    separate()
    output.append(0x22)
    output.append(base64: value)
    output.append(0x22)
  }

  @inlinable @inline(__always)
  mutating func begin(_ bracket: UInt8) {
    separate()
    output.append(bracket)
    isFirst = true
  }

  @inlinable @inline(__always)
  mutating func end(_ bracket: UInt8) {
    output.append(bracket)
    isFirst = false
  }

  /// Begins an array.
  @inlinable
  public mutating func beginArray(count: Int) { begin(0x5B) }

  /// Ends it.
  @inlinable
  public mutating func endArray() { end(0x5D) }

  /// Begins an object.
  @inlinable
  public mutating func beginMap(count: Int) { begin(0x7B) }

  /// Writes a key.
  @inlinable
  public mutating func key(_ name: String) {
    string(name)
    output.append(0x3A)
    isFirst = true
  }

  /// Writes a key, which is a string.
  @inlinable
  public mutating func dynamicKey(_ key: SerializedValue) {
    if case .string(let name) = key { self.key(name) } else { fail(.unsupported) }
  }

  /// Ends the object.
  @inlinable
  public mutating func endMap() { end(0x7D) }

  /// Begins a record: an object.
  @inlinable
  public mutating func beginRecord(fieldCount: Int) { begin(0x7B) }

  /// Writes the name of a field, which has no character that would need an escape.
  @inlinable @inline(__always)
  public mutating func field(_ name: StaticString) {
    assert(BorrowedBytes(name).plainCount == name.utf8CodeUnitCount, "the name of a field is plain text")
    output.append(fieldName: name, isFirst: isFirst)
    isFirst = true
  }

  /// Ends the record.
  @inlinable
  public mutating func endRecord() { end(0x7D) }
}
