/// Writes values in one format, one after the other, in the order of a depth-first walk.
///
/// Every format has one writer; a `SerializableValue` is generic over it and so becomes straight-line code for each format.
/// Nothing throws: the first failure (too large, or a value that the format has no way to express) is remembered, what
/// follows is written in vain, and `Serializer` throws it at the end.
///
/// An array of n elements is `beginArray(count: n)`, n values, `endArray()`. A map is `beginMap(count: n)`, n times a key and a
/// value, `endMap()`. A record is a map whose keys are known beforehand: `beginRecord(fieldCount: n)`, n times `field` and a
/// value, `endRecord()`, always all of its fields in the same order, because the raw format writes no names.
public protocol ValueWriter: ~Copyable {
  /// Writes nothing at all where a value is due.
  mutating func null()
  /// Writes a truth value.
  mutating func bool(_ value: Bool)
  /// Writes a whole number.
  mutating func integer(_ value: Int64)
  /// Writes a whole number.
  mutating func unsigned(_ value: UInt64)
  /// Writes a number, exactly; JSON has no infinities and no NaN.
  mutating func float(_ value: Double)
  /// Writes a number of single precision, exactly.
  mutating func single(_ value: Float)
  /// Writes text.
  mutating func string(_ value: String)
  /// Writes text, the UTF-8 of which the caller vouches for.
  mutating func text(_ utf8: BorrowedBytes)
  /// Writes bytes.
  mutating func bytes(_ value: BorrowedBytes)

  /// Begins an array of `count` elements.
  mutating func beginArray(count: Int)
  /// Ends it.
  mutating func endArray()

  /// Begins a map of `count` entries.
  mutating func beginMap(count: Int)
  /// Writes the key of the next entry; its value follows.
  mutating func key(_ name: String)
  /// Writes a key of any kind; its value follows. JSON takes only strings.
  mutating func dynamicKey(_ key: SerializedValue)
  /// Ends the map.
  mutating func endMap()

  /// Begins a record of `fieldCount` fields.
  mutating func beginRecord(fieldCount: Int)
  /// Writes the name of the next field; its value follows.
  mutating func field(_ name: StaticString)
  /// Ends the record.
  mutating func endRecord()

  /// Announces an optional value, and is all there is of one that is absent. One that is present follows.
  mutating func optional(isPresent: Bool)
  /// Announces the kind of a value whose reader will not know it. Writes nothing in formats that describe themselves.
  mutating func dynamicKind(_ kind: ValueKind)

  /// Writes the number -1 - `value`, which is below `Int64.min`. Only for CBOR and raw.
  mutating func negative(_ value: UInt64)
  /// Announces what the value that follows means. Only for CBOR and raw.
  mutating func tag(_ number: UInt64)
  /// Writes bytes and what they mean. Only for MessagePack and raw.
  mutating func extended(type: Int8, _ content: BorrowedBytes)
  /// Writes a value without a content. Only for CBOR (0…23 and 32…255) and raw.
  mutating func simple(_ number: UInt8)

  /// Remembers that a value cannot be written, unless something failed before.
  mutating func fail(_ reason: SerializationError.Reason)
}

extension ValueWriter where Self: ~Copyable {
  /// Writes a key of any kind, as the value that it is.
  @inlinable
  public mutating func dynamicKey(_ key: SerializedValue) { key.encode(into: &self) }

  /// Writes one field of a record.
  @inlinable @inline(__always)
  public mutating func field(_ name: StaticString, _ value: some SerializableValue) {
    field(name)
    value.encode(into: &self)
  }
}
