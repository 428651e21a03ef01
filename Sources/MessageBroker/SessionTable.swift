import Platform
import Synchronization

/// What other threads may touch of each session: its doorbell and its counters, 128 bytes per slot, for the broker's whole
/// life, so that a late ring for a session that has gone is harmless.
@safe @usableFromInline
final class SessionTable: @unchecked Sendable {
  // Unchecked, because: the memory holds atomics only.
  private let memory: UnsafeMutableRawPointer
  let capacity: Int

  init(capacity: Int) {
    self.capacity = capacity
    unsafe memory = AlignedMemory.allocate(byteCount: capacity * AlignedMemory.lineByteCount)
  }

  deinit { unsafe AlignedMemory.deallocate(memory) }

  /// Where the session in `slot` sleeps.
  func doorbell(of slot: Int) -> Doorbell { unsafe Doorbell(at: line(slot)) }

  /// Messages of sessions in `slot`, past and present, that no queue was bound for. Written by the session's thread only.
  func unroutable(of slot: Int) -> UnsafeMutablePointer<Atomic<UInt64>> {
    unsafe (line(slot) + 8).assumingMemoryBound(to: Atomic<UInt64>.self)
  }

  /// Staged messages that were lost when their session closed while the queue was full.
  func lostAtClose(of slot: Int) -> UnsafeMutablePointer<Atomic<UInt64>> {
    unsafe (line(slot) + 16).assumingMemoryBound(to: Atomic<UInt64>.self)
  }

  /// Wakes up to `limit` of the sessions in `parked`.
  func wake(_ parked: ParkedSessions, limit: Int) {
    for _ in 0..<limit {
      guard let slot = parked.takeOne() else { return }
      doorbell(of: slot).ring()
    }
  }

  private func line(_ slot: Int) -> UnsafeMutableRawPointer {
    precondition(slot >= 0 && slot < capacity, "session slot \(slot) of \(capacity)")
    return unsafe memory + slot * AlignedMemory.lineByteCount
  }
}
