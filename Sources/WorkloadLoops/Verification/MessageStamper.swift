import Distributions
public import DriverInterface
import Platform

/// Makes a producer's message bodies: random content prepared beforehand, a fresh stamp for each.
///
/// Bodies are built and checksummed in private memory that stays in the cache, then copied by the subject: a checksum over a
/// block that was just written elsewhere costs a fifth more. Owned by the producer's thread.
@safe @frozen
public struct MessageStamper: ~Copyable {
  @usableFromInline let memory: UnsafeMutableRawPointer
  @usableFromInline let byteCount: Int
  @usableFromInline let stride: Int
  @usableFromInline let templateMask: Int
  @usableFromInline let checksPayload: Bool
  @usableFromInline var next = 0

  /// Prepares templates of `byteCount` bytes, as many as fit in 64 KiB but at least one and at most 16.
  public init(byteCount: Int, checksPayload: Bool, seed: UInt64) {
    precondition(byteCount >= MessageStamp.byteCount, "a body holds at least its stamp")
    self.byteCount = byteCount
    self.checksPayload = checksPayload
    stride = (byteCount + 127) & ~127
    var templateCount = 16
    while templateCount > 1, templateCount * stride > 65536 { templateCount /= 2 }
    templateMask = templateCount - 1
    unsafe memory = AlignedMemory.allocate(byteCount: templateCount * stride)
    var random = SplitMix64(seed: seed)
    for offset in Swift.stride(from: 0, to: templateCount * stride, by: 8) {
      unsafe memory.storeBytes(of: random.next(), toByteOffset: offset, as: UInt64.self)
    }
  }

  deinit { unsafe AlignedMemory.deallocate(memory) }

  /// The next body, valid until `stamp` has been called 16 times more or less: copy it at once.
  @inlinable @inline(__always)
  public mutating func stamp(_ stamp: MessageStamp) -> MessageBody {
    let start = unsafe memory + (next & templateMask) &* stride
    next &+= 1
    unsafe start.storeBytes(of: UInt64(byteCount) << 32, as: UInt64.self)
    unsafe start.storeBytes(of: stamp.number.word, toByteOffset: 8, as: UInt64.self)
    unsafe start.storeBytes(of: stamp.intendedNanoseconds, toByteOffset: 16, as: Int64.self)
    unsafe start.storeBytes(of: stamp.sentNanoseconds, toByteOffset: 24, as: Int64.self)
    let body = unsafe MessageBody(start: start, count: byteCount)
    if checksPayload { unsafe start.storeBytes(of: BodyChecksum.compute(body), as: UInt32.self) }
    return body
  }
}
