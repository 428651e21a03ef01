public import DriverInterface
import Serialization

/// Reads the replies of the built-in task as a client gets them: decompresses and decodes them into memory that is used again.
@safe
public struct TaskReplyReader: ~Copyable {
  private let encoding: PayloadEncoding
  private let memory: UnsafeMutableRawBufferPointer
  private var serialized = ByteWriter(limit: 1 << 16)
  private var decompressor: Decompressor

  /// A reader of replies to tasks that were sent in this encoding.
  public init(_ encoding: PayloadEncoding) {
    self.encoding = encoding
    unsafe memory = .allocate(byteCount: TaskReply.byteCount, alignment: 16)
    do { decompressor = try Decompressor(encoding.compression) } catch {
      preconditionFailure("no decompressor: \(error)")
    }
  }

  deinit { unsafe memory.deallocate() }

  /// The reply in the bytes of a result; nil when they are none.
  public mutating func read(_ value: MessageBody) -> TaskReply? {
    do {
      let content = unsafe BorrowedBytes(start: value.start, count: value.count)
      guard encoding.compression != .none else { return try decode(content) }
      serialized.removeAll()
      try decompressor.decompress(content, into: &serialized)
      return try decode(serialized.bytes)
    } catch {
      return nil
    }
  }

  private func decode(_ content: BorrowedBytes) throws -> TaskReply? {
    guard !encoding.isBytes else {
      return unsafe TaskReply(of: MessageBody(start: content.start, count: content.count))
    }
    var reading = unsafe ShapedBodyReading(encoding.replyShape, into: memory)
    try encoding.serializer.read(&reading, from: content)
    let start = unsafe UnsafeRawPointer(memory.baseAddress.unsafelyUnwrapped)
    return unsafe TaskReply(of: MessageBody(start: start, count: reading.count))
  }
}
