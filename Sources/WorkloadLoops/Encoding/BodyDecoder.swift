public import DriverInterface
import Platform
import Serialization

/// Makes bodies of their encoded forms, a batch at a time, in memory that is used again. Owned by one thread.
///
/// Only the encodings that it was made for are accepted: anything else, and whatever cannot be decoded, becomes a body without bytes,
/// which no check lets pass.
@safe
public struct BodyDecoder: ~Copyable {
  private let encodings: [PayloadEncoding]
  private let memory: UnsafeMutableRawPointer
  private let stride: Int
  private let largestBodyByteCount: Int
  /// How many bodies are kept at a time.
  public let batchLimit: Int
  private var serialized: ByteWriter
  /// By encoding. Decompressors are not copyable, so an array holds them in boxes.
  private let decompressors: [DecompressorBox]
  /// By place in the batch: which of the encodings it was.
  private var encodingIndices: [Int]

  /// Memory for a batch stays in a core's own cache.
  private static let batchByteCount = 1 << 18

  /// A decoder of bodies of at most so many bytes, in these encodings.
  public init(_ encodings: [PayloadEncoding], largestBodyByteCount: Int) {
    self.encodings = encodings
    self.largestBodyByteCount = largestBodyByteCount
    stride = AlignedMemory.roundedUp(largestBodyByteCount)
    batchLimit = max(1, Self.batchByteCount / stride)
    serialized = ByteWriter(limit: PayloadEncoding.largestByteCount(of: largestBodyByteCount))
    decompressors = encodings.map { DecompressorBox($0.compression) }
    encodingIndices = Array(repeating: 0, count: batchLimit)
    unsafe memory = AlignedMemory.allocate(byteCount: batchLimit * stride)
  }

  deinit { unsafe AlignedMemory.deallocate(memory) }

  /// Decodes body `index` of a batch; `body(at:)` then shows it.
  /// - Returns: how many bytes it has, 0 when it cannot be decoded.
  public mutating func decode(_ encoded: MessageBody, at index: Int) -> Int {
    guard encoded.count > PayloadEncoding.markByteCount else { return 0 }
    let mark = unsafe encoded.start.loadUnaligned(as: UInt32.self)
    guard let known = encodings.firstIndex(where: { $0.mark == mark }) else { return 0 }
    encodingIndices[index] = known
    let content = unsafe BorrowedBytes(
      start: encoded.start + PayloadEncoding.markByteCount, count: encoded.count - PayloadEncoding.markByteCount)
    do {
      return try decode(content, known, at: index)
    } catch {
      return 0
    }
  }

  private mutating func decode(_ content: BorrowedBytes, _ known: Int, at index: Int) throws -> Int {
    let encoding = encodings[known]
    guard encoding.compression != .none else { return try deserialize(content, encoding, at: index) }
    serialized.removeAll()
    try decompressors[known].decompressor.decompress(content, into: &serialized)
    return try deserialize(serialized.bytes, encoding, at: index)
  }

  private func deserialize(_ content: BorrowedBytes, _ encoding: PayloadEncoding, at index: Int) throws -> Int {
    let target = unsafe UnsafeMutableRawBufferPointer(start: memory + index * stride, count: largestBodyByteCount)
    guard !encoding.isBytes else {
      guard content.count <= target.count else { return 0 }
      unsafe target.copyMemory(from: content.buffer)
      return content.count
    }
    var reading = unsafe ShapedBodyReading(encoding.shape, into: target)
    try encoding.serializer.read(&reading, from: content)
    return reading.count
  }

  /// Body `index` of the batch, of the bytes that `decode` returned.
  public func body(at index: Int, byteCount: Int) -> MessageBody {
    unsafe MessageBody(start: memory + index * stride, count: byteCount)
  }

  /// Which of the encodings a body of the batch had; the first for one that lies elsewhere.
  public func encodingIndex(of body: MessageBody) -> Int {
    let offset = unsafe body.start - UnsafeRawPointer(memory)
    guard offset >= 0, offset < batchLimit * stride else { return 0 }
    return encodingIndices[offset / stride]
  }
}

/// A decompressor that an array can hold.
private final class DecompressorBox {
  var decompressor: Decompressor

  init(_ compression: Compression) {
    do { decompressor = try Decompressor(compression) } catch { preconditionFailure("no decompressor: \(error)") }
  }
}
