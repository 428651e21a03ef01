public import Serialization

/// How a body travels: what it is to the serializer, how it becomes bytes, and how these become fewer.
public struct PayloadEncoding: Sendable, Hashable {
  /// What the body is to the serializer.
  public var shape: PayloadShape
  /// How it becomes bytes.
  public var serializer: Serializer
  /// How these become fewer.
  public var compression: Compression

  /// An encoding; the defaults change nothing.
  public init(shape: PayloadShape = .bytes, serializer: Serializer = .raw, compression: Compression = .none) {
    self.shape = shape
    self.serializer = serializer
    self.compression = compression
  }

  /// The body as it is.
  public static let plain = PayloadEncoding()

  /// Bytes in front of each encoded body: which serializer, compression and shape, as a message's content type and encoding say it.
  @inlinable public static var markByteCount: Int { 4 }
  /// The fourth of them, by which a body without a mark is told.
  private static let signature: UInt32 = 0xB0

  /// The mark of this encoding.
  var mark: UInt32 {
    UInt32(serializer.code) | UInt32(compression.code) << 8 | UInt32(shape.rawValue) << 16 | Self.signature << 24
  }

  /// The encoding of a mark; nil for what is none.
  init?(mark: UInt32) {
    guard mark >> 24 == Self.signature,
      let serializer = Serializer(code: UInt8(truncatingIfNeeded: mark)),
      let compression = Compression(code: UInt8(truncatingIfNeeded: mark >> 8)),
      let shape = PayloadShape(rawValue: UInt8(truncatingIfNeeded: mark >> 16))
    else { return nil }
    self.init(shape: shape, serializer: serializer, compression: compression)
  }

  /// The most bytes that a body of so many may become: a record with names takes three times its bytes.
  public static func largestByteCount(of bodyByteCount: Int) -> Int { 4 * bodyByteCount + 1024 }
}
