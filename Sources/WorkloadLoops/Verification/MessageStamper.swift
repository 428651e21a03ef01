import Distributions
public import DriverInterface
import Platform

/// Makes a producer's message bodies: content prepared beforehand, a fresh stamp for each.
///
/// Content is random, but for the share that a compressor is to save: of each stretch of it the end is one repeated byte.
/// Bodies are built and checksummed in private memory that stays in the cache, then copied by the subject: a checksum over a
/// block that was just written elsewhere costs a fifth more. Owned by the producer's thread.
@safe @frozen
public struct MessageStamper: ~Copyable {
  @usableFromInline let memory: UnsafeMutableRawPointer
  @usableFromInline let largestByteCount: Int
  @usableFromInline let sizes: BodySizes
  @usableFromInline let stride: Int
  @usableFromInline let templateMask: Int
  @usableFromInline let checksPayload: Bool
  @usableFromInline var next = 0

  /// The length of the stretches whose ends are compressible, when bodies have different sizes: short, so that small
  /// bodies have their share too.
  private static let stretchByteCount = 64

  /// Prepares templates of `byteCount` bytes, as many as fit in 64 KiB but at least one and at most 16.
  ///
  /// - Parameters:
  ///   - byteCount: Of the largest body, and of each when `sizes` knows none.
  ///   - checksPayload: Whether bodies get a checksum.
  ///   - seed: Of the content.
  ///   - sizes: How large each message is.
  ///   - compressibleShare: About how much of each body a compressor can save, header and all; from 0 to 1. With a shape, beyond
  ///     what it can save anyway.
  ///   - shape: What the content looks like to a serializer.
  public init(
    byteCount: Int, checksPayload: Bool, seed: UInt64, sizes: BodySizes = .unknown, compressibleShare: Double = 0,
    shape: PayloadShape = .bytes
  ) {
    precondition(byteCount >= MessageStamp.byteCount, "a body holds at least its stamp")
    largestByteCount = byteCount
    self.sizes = sizes.areKnown ? sizes : BodySizes(seed: 0, byStream: [.fixed(Int64(byteCount))])
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
    guard shape == .bytes else {
      for template in 0..<templateCount {
        let content = unsafe UnsafeMutableRawBufferPointer(
          start: memory + template * stride + MessageStamp.byteCount, count: byteCount - MessageStamp.byteCount)
        unsafe shape.fill(content, repeatedShare: compressibleShare, random: &random)
      }
      return
    }
    let isFixed = self.sizes.fixedByteCount > 0
    let stretch = isFixed ? max(1, byteCount - MessageStamp.byteCount) : Self.stretchByteCount
    // The header cannot be compressed, so that what follows it has its part of the share too.
    let compressible = Int((compressibleShare * Double(isFixed ? byteCount : stretch)).rounded())
    for template in 0..<templateCount where compressible > 0 {
      for offset in MessageStamp.byteCount..<max(MessageStamp.byteCount, byteCount)
      where (offset - MessageStamp.byteCount) % stretch >= stretch - compressible {
        unsafe memory.storeBytes(of: 0x20, toByteOffset: template * stride + offset, as: UInt8.self)
      }
    }
  }

  deinit { unsafe AlignedMemory.deallocate(memory) }

  /// The next body, as large as its number says; valid until `stamp` has been called 16 times more or less: copy it at once.
  @inlinable @inline(__always)
  public mutating func stamp(_ stamp: MessageStamp) -> MessageBody {
    self.stamp(stamp, byteCount: sizes.byteCount(of: stamp.number))
  }

  /// The next body with a size of its own, at most the largest.
  @inlinable @inline(__always)
  public mutating func stamp(_ stamp: MessageStamp, byteCount: Int) -> MessageBody {
    assert(byteCount >= MessageStamp.byteCount && byteCount <= largestByteCount, "a body of \(byteCount) bytes")
    let start = unsafe memory + (next & templateMask) &* stride
    next &+= 1
    unsafe start.storeBytes(of: stamp.number.word, toByteOffset: 8, as: UInt64.self)
    unsafe start.storeBytes(of: stamp.intendedNanoseconds, toByteOffset: 16, as: Int64.self)
    unsafe start.storeBytes(of: stamp.sentNanoseconds, toByteOffset: 24, as: Int64.self)
    let body = unsafe MessageBody(start: start, count: byteCount)
    // One store: a copy takes whole words, and a load that spans two fresh stores is slow.
    let checksum = checksPayload ? UInt64(BodyChecksum.compute(body)) : 0
    unsafe start.storeBytes(of: UInt64(byteCount) << 32 | checksum, as: UInt64.self)
    return body
  }
}
