/// Writes values without names or types, for a reader that has the same type: little-endian, with fixed widths.
///
/// A whole number takes 8 bytes, a `Double` 8, a `Float` 4, a truth value 1; a string, byte string, array or map begins with a
/// length of 4 bytes; a record is its fields in order; an optional begins with a byte that says whether it is there; a
/// `SerializedValue` begins with a byte that says what it is, null being all there is of null.
@frozen
public struct RawWriter: DocumentWriter, ~Copyable {
  @usableFromInline var output: ByteWriter
  /// Why the document is not what it should be.
  public private(set) var failure: SerializationError?

  /// Begins a document at the end of what `output` holds.
  @inlinable
  public init(_ output: consuming ByteWriter) { self.output = output }

  /// Gives the memory back.
  @inlinable
  public consuming func takeOutput() -> ByteWriter { output }

  /// Remembers the first failure.
  public mutating func fail(_ reason: SerializationError.Reason) {
    if failure == nil { failure = SerializationError(reason, at: output.count) }
  }

  /// Writes a length.
  @inlinable @inline(__always)
  mutating func length(_ length: Int) {
    guard let word = UInt32(exactly: length) else { return fail(.lengthLimit(Int(UInt32.max))) }
    output.append(littleEndian: word)
  }

  /// Writes nothing: who reads a null knows that it is one.
  @inlinable
  public mutating func null() {}

  /// Writes one byte.
  @inlinable
  public mutating func bool(_ value: Bool) { output.append(value ? 1 : 0) }

  /// Writes 8 bytes.
  @inlinable
  public mutating func integer(_ value: Int64) { output.append(littleEndian: value) }

  /// Writes 8 bytes.
  @inlinable
  public mutating func unsigned(_ value: UInt64) { output.append(littleEndian: value) }

  /// Writes 8 bytes.
  @inlinable
  public mutating func float(_ value: Double) { output.append(littleEndian: value.bitPattern) }

  /// Writes 4 bytes.
  @inlinable
  public mutating func single(_ value: Float) { output.append(littleEndian: value.bitPattern) }

  /// Writes a length and UTF-8.
  @inlinable @inline(__always)
  public mutating func string(_ value: String) { value.withBorrowedUTF8 { text($0) } }

  /// Writes a length and UTF-8.
  @inlinable @inline(__always)
  public mutating func text(_ utf8: BorrowedBytes) { bytes(utf8) }

  /// Writes a length and bytes.
  @inlinable @inline(__always)
  public mutating func bytes(_ value: BorrowedBytes) {
    length(value.count)
    output.append(value)
  }

  /// Writes the number of elements.
  @inlinable
  public mutating func beginArray(count: Int) { length(count) }

  /// Nothing to write.
  @inlinable
  public mutating func endArray() {}

  /// Writes the number of entries.
  @inlinable
  public mutating func beginMap(count: Int) { length(count) }

  /// Writes a key.
  @inlinable
  public mutating func key(_ name: String) { string(name) }

  /// Nothing to write.
  @inlinable
  public mutating func endMap() {}

  /// Nothing to write.
  @inlinable
  public mutating func beginRecord(fieldCount: Int) {}

  /// Nothing to write.
  @inlinable
  public mutating func field(_ name: StaticString) {}

  /// Nothing to write.
  @inlinable
  public mutating func endRecord() {}

  /// Writes one byte.
  @inlinable
  public mutating func optional(isPresent: Bool) { bool(isPresent) }

  /// Writes one byte.
  @inlinable
  public mutating func dynamicKind(_ kind: ValueKind) { output.append(kind.rawValue) }

  /// Writes 8 bytes.
  @inlinable
  public mutating func negative(_ value: UInt64) { unsigned(value) }

  /// Writes 8 bytes; the value follows.
  @inlinable
  public mutating func tag(_ number: UInt64) { unsigned(number) }

  /// Writes one byte, a length and bytes.
  @inlinable
  public mutating func extended(type: Int8, _ content: BorrowedBytes) {
    output.append(UInt8(bitPattern: type))
    bytes(content)
  }

  /// Writes one byte.
  @inlinable
  public mutating func simple(_ number: UInt8) { output.append(number) }
}
