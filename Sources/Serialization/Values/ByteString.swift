/// Bytes as one value: a byte string where the format has them, base64 where it has only text. As the whole of a raw document
/// they are the document.
@frozen
public struct ByteString: Sendable, Hashable, ExpressibleByArrayLiteral {
  /// The bytes.
  public var bytes: [UInt8]

  /// Creates it.
  @inlinable
  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Creates it.
  @inlinable
  public init(arrayLiteral bytes: UInt8...) { self.bytes = bytes }
}

extension ByteString: SerializableValue {
  /// Writes the bytes.
  @inlinable
  public func encode<Writer: ValueWriter & ~Copyable>(into writer: inout Writer) {
    bytes.withBorrowedBytes { writer.bytes($0) }
  }

  /// Reads bytes.
  @inlinable
  public init<Reader: ValueReader & ~Copyable>(from reader: inout Reader) throws(SerializationError) {
    let content = try reader.bytes()
    try reader.charge(content.count)
    bytes = content.copied()
  }
}
