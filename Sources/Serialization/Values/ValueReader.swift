/// Reads values of one format, one after the other, in the order in which a `ValueWriter` wrote them.
///
/// Whole numbers are read by either of `integer` and `unsigned`, whatever their sign in the document; `float` and `single` take
/// whole numbers too. A value of another kind than the one asked for is a `typeMismatch`, one that does not fit `outOfRange`.
/// After an error the reader is of no more use.
///
///     var cursor = try reader.beginArray()
///     while try reader.nextElement(&cursor) { numbers.append(try reader.integer()) }
public protocol ValueReader: ~Copyable {
  /// How many bytes have been read.
  var offset: Int { get }

  /// Reads a null.
  mutating func null() throws(SerializationError)
  /// Reads a truth value.
  mutating func bool() throws(SerializationError) -> Bool
  /// Reads a whole number.
  mutating func integer() throws(SerializationError) -> Int64
  /// Reads a whole number that is not negative.
  mutating func unsigned() throws(SerializationError) -> UInt64
  /// Reads a number.
  mutating func float() throws(SerializationError) -> Double
  /// Reads a number of single precision; one that is not exactly so is rounded to nearest.
  mutating func single() throws(SerializationError) -> Float
  /// Reads text.
  mutating func string() throws(SerializationError) -> String
  /// Reads text as valid UTF-8, in place where the format allows; valid until the next call.
  mutating func text() throws(SerializationError) -> BorrowedBytes
  /// Reads bytes, in place where the format allows; valid until the next call.
  mutating func bytes() throws(SerializationError) -> BorrowedBytes

  /// Goes into an array.
  mutating func beginArray() throws(SerializationError) -> ContainerCursor
  /// Goes on to the next element of the array.
  /// - Returns: false after the last, when the array is left.
  mutating func nextElement(_ cursor: inout ContainerCursor) throws(SerializationError) -> Bool

  /// Goes into a map.
  mutating func beginMap() throws(SerializationError) -> ContainerCursor
  /// Goes on to the key of the next entry, which is read by `key`, `keyText` or `dynamicKey`; then comes its value.
  /// - Returns: false after the last, when the map is left.
  mutating func nextEntry(_ cursor: inout ContainerCursor) throws(SerializationError) -> Bool
  /// Reads a key that is text.
  mutating func key() throws(SerializationError) -> String
  /// Reads a key that is text, like `text`.
  mutating func keyText() throws(SerializationError) -> BorrowedBytes
  /// Reads a key of any kind.
  mutating func dynamicKey() throws(SerializationError) -> SerializedValue

  /// Goes into a record.
  mutating func beginRecord(_ names: FieldNames) throws(SerializationError) -> ContainerCursor
  /// Goes on to the value of the next field whose name is one of `names`, passing over all others. A document of a format with
  /// names may lack fields, have them in any order, and have one twice: then the last should count.
  /// - Returns: the index of the name, nil after the last, when the record is left.
  mutating func nextField(_ cursor: inout ContainerCursor, of names: FieldNames) throws(SerializationError) -> Int?

  /// Whether an optional value is present: then it follows, else it has been read.
  mutating func isPresent() throws(SerializationError) -> Bool
  /// The kind of the next value. Ask exactly once before reading what a writer announced by `dynamicKind`.
  mutating func dynamicKind() throws(SerializationError) -> ValueKind
  /// Passes over one value. Raw cannot: it does not say what a value is.
  mutating func skipValue() throws(SerializationError)

  /// Reads the number below `Int64.min` that is -1 minus the result.
  mutating func negative() throws(SerializationError) -> UInt64
  /// Reads what the value that follows means. Counts as a level of depth until `endTagged`.
  mutating func tag() throws(SerializationError) -> UInt64
  /// Says that the value of the tag read last has been read.
  mutating func endTagged()
  /// Reads bytes and what they mean.
  mutating func extended() throws(SerializationError) -> (type: Int8, content: BorrowedBytes)
  /// Reads a value without a content.
  mutating func simple() throws(SerializationError) -> UInt8

  /// Counts memory that the decoded value is about to take, apart from that of strings read by `string` and `key`.
  mutating func charge(_ byteCount: Int) throws(SerializationError)
  /// Throws unless the whole document has been read.
  mutating func finish() throws(SerializationError)
}

extension ValueReader where Self: ~Copyable {
  /// An error at the present place.
  @inlinable @inline(__always)
  public func error(_ reason: SerializationError.Reason) -> SerializationError {
    SerializationError.make(reason, at: offset)
  }

  /// Reads a key of any kind, as the value that it is.
  @inlinable
  public mutating func dynamicKey() throws(SerializationError) -> SerializedValue { try SerializedValue(from: &self) }

  /// Reads a value of any type. Name the type where the result goes into an optional variable: an optional value is another
  /// thing than one that is there.
  @inlinable @inline(__always)
  public mutating func value<Value: SerializableValue>(
    _ type: Value.Type = Value.self
  ) throws(SerializationError) -> Value {
    try Value(from: &self)
  }
}
