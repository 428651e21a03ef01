extension CBORWriter {
  /// Writes text.
  @inlinable @inline(__always)
  public mutating func string(_ value: String) { value.withBorrowedUTF8 { text($0) } }

  /// Writes text.
  @inlinable @inline(__always)
  public mutating func text(_ utf8: BorrowedBytes) {
    head(.text, UInt64(utf8.count))
    output.append(utf8)
  }

  /// Writes bytes.
  @inlinable
  public mutating func bytes(_ value: BorrowedBytes) {
    head(.bytes, UInt64(value.count))
    output.append(value)
  }

  /// Begins an array.
  @inlinable
  public mutating func beginArray(count: Int) { head(.array, UInt64(count)) }

  /// Ends it: nothing to write.
  @inlinable
  public mutating func endArray() {}

  /// Begins a map.
  @inlinable @inline(__always)
  public mutating func beginMap(count: Int) { head(.map, UInt64(count)) }

  /// Writes a key.
  @inlinable @inline(__always)
  public mutating func key(_ name: String) { string(name) }

  /// Ends the map: nothing to write.
  @inlinable
  public mutating func endMap() {}

  /// Begins a record: a map.
  @inlinable @inline(__always)
  public mutating func beginRecord(fieldCount: Int) { beginMap(count: fieldCount) }

  /// Writes the name of a field.
  @inlinable @inline(__always)
  public mutating func field(_ name: StaticString) { text(BorrowedBytes(name)) }

  /// Ends the record: nothing to write.
  @inlinable
  public mutating func endRecord() {}
}
