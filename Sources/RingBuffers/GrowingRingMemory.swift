import Platform
import Synchronization

/// The words that all segments of a `GrowingRing` share.
///
/// ```
///   0  head, the consumers' cursor
/// 128  closed flag   136  bytes taken   144  whether a trim may find something   (rarely written)
/// 256  item doorbell                    384  space doorbell
/// 512  gate of the sole producer
/// ```
@safe
struct GrowingRingMemory: @unchecked Sendable {
  // Unchecked, because: it only points at atomics.
  private let base: UnsafeMutableRawPointer

  static let ownByteCount = 512 + SoleProducerGate.byteCount

  init(start: UInt64) {
    unsafe base = AlignedMemory.allocate(byteCount: Self.ownByteCount)
    unsafe head.pointee.store(start, ordering: .relaxed)
  }

  func free() { unsafe AlignedMemory.deallocate(base) }

  var head: UnsafeMutablePointer<Atomic<UInt64>> { unsafe base.assumingMemoryBound(to: Atomic<UInt64>.self) }
  var closed: UnsafeMutablePointer<Atomic<Int>> { unsafe word(at: 128) }
  var byteCount: UnsafeMutablePointer<Atomic<Int>> { unsafe word(at: 136) }
  var mayTrim: UnsafeMutablePointer<Atomic<Int>> { unsafe word(at: 144) }
  var gate: SoleProducerGate { unsafe SoleProducerGate(at: base + 512) }
  var itemDoorbell: UnsafeMutableRawPointer { unsafe base + 256 }
  var spaceDoorbell: UnsafeMutableRawPointer { unsafe base + 384 }

  private func word(at offset: Int) -> UnsafeMutablePointer<Atomic<Int>> {
    unsafe (base + offset).assumingMemoryBound(to: Atomic<Int>.self)
  }
}
