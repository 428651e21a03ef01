public import CLinux
public import Synchronization

/// Where any number of threads sleep until someone has something for them.
///
/// A reference to two words in memory that the caller provides (`byteCount` bytes on a 4-byte boundary, zero at first),
/// so that it works between processes too. Protocol of a waiter:
/// ```
/// let ticket = bell.prepareToWait()
/// if somethingToDo { bell.cancelWait() } else { bell.wait(ticket, timeoutNanoseconds: limit) }
/// ```
/// The ringer publishes its work first, then calls `ring()`. Either the waiter's look after `prepareToWait` sees the work, or
/// the ringer's look at the sleepers sees the waiter: both have a full fence between their store and their load (Dekker).
@safe @frozen
public struct Doorbell: @unchecked Sendable {
  // Unchecked, because: it only points at two atomics.
  @usableFromInline let rings: UnsafeMutablePointer<Atomic<UInt32>>
  @usableFromInline let sleepers: UnsafeMutablePointer<Atomic<UInt32>>

  /// How many bytes a doorbell takes.
  public static let byteCount = 8

  /// A doorbell on `memory`, which stays valid as long as the doorbell is used.
  public init(at memory: UnsafeMutableRawPointer) {
    unsafe rings = memory.assumingMemoryBound(to: Atomic<UInt32>.self)
    unsafe sleepers = (memory + 4).assumingMemoryBound(to: Atomic<UInt32>.self)
  }

  /// The memory that it was given, for whoever gives it back.
  public var memory: UnsafeMutableRawPointer { unsafe UnsafeMutableRawPointer(rings) }

  /// What `wait` needs to notice a ring that came between.
  @frozen
  public struct Ticket: Sendable {
    @usableFromInline let rings: UInt32
    @usableFromInline init(rings: UInt32) { self.rings = rings }
  }

  /// Announces that the caller is about to sleep. It must look once more, then call `wait` or `cancelWait`.
  @inlinable
  public func prepareToWait() -> Ticket {
    let ticket = unsafe Ticket(rings: rings.pointee.load(ordering: .acquiring))
    unsafe sleepers.pointee.wrappingAdd(1, ordering: .relaxed)
    clinux_full_fence()  // Pairs with the fence in `ring`.
    return ticket
  }

  /// Withdraws `prepareToWait`.
  @inlinable
  public func cancelWait() { unsafe sleepers.pointee.wrappingSubtract(1, ordering: .relaxed) }

  /// Sleeps until rung, or for the given time; returns false when the time was over. May return early.
  @discardableResult
  public func wait(_ ticket: Ticket, timeoutNanoseconds: Int64? = nil) -> Bool {
    let rung = unsafe FutexWait.wait(rings, while: ticket.rings, timeoutNanoseconds: timeoutNanoseconds)
    cancelWait()
    return rung
  }

  /// Sleeps until either of two doorbells is rung, or for the given time, after a `prepareToWait` at each; returns false when
  /// the time was over. May return early: before Linux 5.16 after 0.2 ms, if not rung at the first doorbell before.
  @discardableResult
  public func wait(
    _ ticket: Ticket, or other: Doorbell, _ otherTicket: Ticket, timeoutNanoseconds: Int64? = nil
  ) -> Bool {
    let rung = unsafe FutexWait.wait(
      rings, while: ticket.rings, or: other.rings, while: otherTicket.rings, timeoutNanoseconds: timeoutNanoseconds)
    cancelWait()
    other.cancelWait()
    return rung
  }

  /// Forgets whoever slept here: a process that was killed in its sleep cannot say so itself, and every ring would go on to
  /// make a system call for it. Only while nobody waits here or is about to.
  public func forgetSleepers() { unsafe sleepers.pointee.store(0, ordering: .relaxed) }

  /// Wakes up to `count` sleepers, if there are any. One fence and one load when there are none: call it once per batch.
  @inlinable @inline(__always)
  public func ring(waking count: Int32 = 1) {
    clinux_full_fence()  // Pairs with the fence in `prepareToWait`.
    if unsafe sleepers.pointee.load(ordering: .relaxed) != 0 { wake(count) }
  }

  @usableFromInline
  func wake(_ count: Int32) {
    unsafe rings.pointee.wrappingAdd(1, ordering: .releasing)
    unsafe FutexWait.wake(rings, count: count)
  }
}
