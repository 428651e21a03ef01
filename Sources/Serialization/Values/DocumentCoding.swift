/// A writer that owns the memory it writes into while it writes one document.
public protocol DocumentWriter: ValueWriter, ~Copyable {
  /// Begins a document at the end of what `output` holds.
  init(_ output: consuming ByteWriter)
  /// Why the document is not what it should be, apart from its size: the first failure.
  var failure: SerializationError? { get }
  /// Gives the memory back, with the document.
  consuming func takeOutput() -> ByteWriter
}

/// A reader of one document.
public protocol DocumentReader: ValueReader, ~Copyable {
  /// Begins to read `bytes`, which stay alive and unchanged while it reads.
  init(_ bytes: BorrowedBytes, limits: DecodingLimits)
}

extension DocumentWriter where Self: ~Copyable {
  /// Appends the document of one value, or nothing and throws.
  @inlinable
  static func write<Value: SerializableValue>(
    _ value: Value, into bytes: inout ByteWriter
  ) throws(SerializationError) {
    let start = bytes.count
    var writer = Self(bytes)
    value.encode(into: &writer)
    let failure = writer.failure
    bytes = writer.takeOutput()
    guard failure == nil && !bytes.hasOverflowed else {
      let error = failure ?? SerializationError(.sizeLimit(bytes.limit), at: bytes.count)
      bytes.truncate(to: start)
      throw error
    }
  }
}

extension DocumentReader where Self: ~Copyable {
  /// Reads the one value that a document is.
  @inlinable
  static func read<Value: SerializableValue>(
    _ type: Value.Type, from bytes: BorrowedBytes, limits: DecodingLimits
  ) throws(SerializationError) -> Value {
    var reader = Self(bytes, limits: limits)
    let value = try Value(from: &reader)
    try reader.finish()
    return value
  }
}
