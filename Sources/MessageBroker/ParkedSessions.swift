public import Synchronization

/// The sessions that sleep until a queue has something for them: a set of up to 1024 session slots in shared memory.
///
/// A session enters, makes a full fence and looks once more; a waker does its work, makes a full fence and looks here. So one
/// of the two sees the other (Dekker). Whoever takes a slot out of the set owes its session a ring.
///
/// Invariant: `count` is never below the number of bits set, so that zero always means that nobody is in the set.
@safe @frozen @usableFromInline
struct ParkedSessions: @unchecked Sendable {
  // Unchecked, because: it only points at atomics.
  @usableFromInline let count: UnsafeMutablePointer<Atomic<Int>>
  @usableFromInline let words: UnsafeMutablePointer<Atomic<UInt64>>

  static let sessionLimit = 1024
  /// One line for the count, which wakers read, and one for the bits.
  static let byteCount = 256

  /// A set in `memory`, zeroed bytes on a boundary of 128.
  init(at memory: UnsafeMutableRawPointer) {
    unsafe count = memory.assumingMemoryBound(to: Atomic<Int>.self)
    unsafe words = (memory + 128).assumingMemoryBound(to: Atomic<UInt64>.self)
  }

  /// Whether somebody may be in the set. Comes after the caller's fence.
  @inlinable @inline(__always)
  var mayBeAny: Bool { unsafe count.pointee.load(ordering: .relaxed) != 0 }

  /// Puts `session` in; false when it is there already, for another of its consumers. The caller's full fence and last look
  /// follow.
  func enter(_ session: Int) -> Bool {
    unsafe count.pointee.wrappingAdd(1, ordering: .relaxed)
    let old = unsafe words[session >> 6].bitwiseOr(bit(session), ordering: .acquiringAndReleasing).oldValue
    guard old & bit(session) != 0 else { return true }
    unsafe count.pointee.wrappingSubtract(1, ordering: .relaxed)
    return false
  }

  /// Takes `session` out; returns false when a waker has done so before.
  func leave(_ session: Int) -> Bool {
    let old = unsafe words[session >> 6].bitwiseAnd(~bit(session), ordering: .acquiringAndReleasing).oldValue
    guard old & bit(session) != 0 else { return false }
    unsafe count.pointee.wrappingSubtract(1, ordering: .relaxed)
    return true
  }

  /// Takes one session out, which the caller then owes a ring; nil when there is none.
  func takeOne() -> Int? {
    for index in 0..<(Self.sessionLimit / 64) {
      let word = unsafe words + index
      var bits = unsafe word.pointee.load(ordering: .relaxed)
      while bits != 0 {
        let session = index << 6 + bits.trailingZeroBitCount
        if leave(session) { return session }
        bits = unsafe word.pointee.load(ordering: .relaxed)
      }
    }
    return nil
  }

  private func bit(_ session: Int) -> UInt64 { 1 << UInt64(session & 63) }
}
