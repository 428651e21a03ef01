import Synchronization

@testable import Platform

/// A doorbell and its memory.
final class OwnedDoorbell: Sendable {
  let bell: Doorbell

  init() { unsafe bell = Doorbell(at: AlignedMemory.allocate(byteCount: Doorbell.byteCount)) }

  deinit { unsafe AlignedMemory.deallocate(UnsafeMutableRawPointer(bell.rings)) }

  var ringCount: UInt32 { unsafe bell.rings.pointee.load(ordering: .relaxed) }
  var sleeperCount: UInt32 { unsafe bell.sleepers.pointee.load(ordering: .relaxed) }
}
