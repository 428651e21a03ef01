public import DriverInterface

/// What the built-in task answers with: the stamp of its task, which shows that the task came whole, and when its handler began and
/// ended. A stamped body like any other.
@frozen
public struct TaskReply: Sendable, Equatable {
  /// Bytes of the body.
  @inlinable public static var byteCount: Int { MessageStamp.byteCount + 16 }

  /// The stamp of the task.
  public var stamp: MessageStamp
  /// When the handler began, on the run's time source.
  public var startNanoseconds: Int64
  /// When it ended.
  public var endNanoseconds: Int64

  /// A reply.
  @inlinable
  public init(_ stamp: MessageStamp, startNanoseconds: Int64, endNanoseconds: Int64) {
    self.stamp = stamp
    self.startNanoseconds = startNanoseconds
    self.endNanoseconds = endNanoseconds
  }

  /// Reads a reply; nil when it fails its check.
  @inlinable
  public init?(of body: MessageBody) {
    guard body.count == Self.byteCount, let stamp = MessageStamp(of: body, checksPayload: true) else { return nil }
    self.init(
      stamp, startNanoseconds: Int64(bitPattern: body.word(at: MessageStamp.byteCount)),
      endNanoseconds: Int64(bitPattern: body.word(at: MessageStamp.byteCount + 8)))
  }

  /// Writes it as a stamped body, `byteCount` bytes long.
  public func write(to memory: UnsafeMutableRawPointer) {
    unsafe memory.storeBytes(of: stamp.number.word, toByteOffset: 8, as: UInt64.self)
    unsafe memory.storeBytes(of: stamp.intendedNanoseconds, toByteOffset: 16, as: Int64.self)
    unsafe memory.storeBytes(of: stamp.sentNanoseconds, toByteOffset: 24, as: Int64.self)
    unsafe memory.storeBytes(of: startNanoseconds, toByteOffset: 32, as: Int64.self)
    unsafe memory.storeBytes(of: endNanoseconds, toByteOffset: 40, as: Int64.self)
    let checksum = UInt64(BodyChecksum.compute(unsafe MessageBody(start: memory, count: Self.byteCount)))
    unsafe memory.storeBytes(of: UInt64(Self.byteCount) << 32 | checksum, as: UInt64.self)
  }
}
