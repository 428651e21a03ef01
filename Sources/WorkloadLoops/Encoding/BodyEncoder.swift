public import DriverInterface
import Serialization

/// Makes the encoded form of bodies, one after the other, in memory that is used again. Owned by one thread.
///
/// An encoded body is a mark (which encoding this is), then what the serializer and the compression made of the body.
public struct BodyEncoder: ~Copyable {
  private let encodings: [PayloadEncoding]
  private var output: ByteWriter
  /// What the serializer makes, when it is compressed afterwards.
  private var serialized: ByteWriter
  /// By encoding. Compressors are not copyable, so an array holds them in boxes.
  private let compressors: [CompressorBox]

  /// An encoder of bodies of at most so many bytes, into any of these encodings.
  public init(_ encodings: [PayloadEncoding], largestBodyByteCount: Int) {
    self.encodings = encodings
    let largest = PayloadEncoding.largestByteCount(of: largestBodyByteCount)
    output = ByteWriter(capacity: largest, limit: largest)
    let compresses = encodings.contains { $0.compression != .none }
    serialized = ByteWriter(capacity: compresses ? largest : 0, limit: largest)
    compressors = encodings.map { CompressorBox($0.compression) }
  }

  /// The encoded form of a body, by one of the encodings; valid until the next call.
  /// - Throws: When the serializer has no form for it, or it grows beyond `PayloadEncoding.largestByteCount`.
  public mutating func encode(_ body: MessageBody, as index: Int) throws -> MessageBody {
    let encoding = encodings[index]
    output.removeAll()
    output.append(littleEndian: encoding.mark)
    if encoding.compression == .none {
      try Self.serialize(body, encoding, into: &output)
    } else if encoding.isBytes {
      try unsafe compressors[index].compressor.compress(
        BorrowedBytes(start: body.start, count: body.count), into: &output)
    } else {
      serialized.removeAll()
      try Self.serialize(body, encoding, into: &serialized)
      try compressors[index].compressor.compress(serialized.bytes, into: &output)
    }
    let bytes = output.bytes
    return unsafe MessageBody(start: bytes.start, count: bytes.count)
  }

  private static func serialize(
    _ body: MessageBody, _ encoding: PayloadEncoding, into output: inout ByteWriter
  ) throws(SerializationError) {
    if encoding.isBytes {
      unsafe output.append(BorrowedBytes(start: body.start, count: body.count))
    } else {
      try encoding.serializer.encode(ShapedBody(body, shape: encoding.shape), into: &output)
    }
  }
}

/// A compressor that an array can hold.
private final class CompressorBox {
  var compressor: Compressor

  init(_ compression: Compression) {
    do { compressor = try Compressor(compression) } catch { preconditionFailure("no compressor: \(error)") }
  }
}

extension PayloadEncoding {
  /// Whether the serializer leaves the body as it is.
  var isBytes: Bool { serializer == .raw && shape == .bytes }
}
