public import Platform
import Synchronization

/// A queue between any number of producer and consumer threads that takes as much memory as its length needs.
///
/// A chain of `ManyToManyRing`s, as .NET's `ConcurrentQueue` (Stephen Toub, 2016) links Vyukov rings. A short queue lives in
/// one small segment, which is used as a ring again and again. When its slots are used up and the length limit is not reached,
/// it is closed and a segment of twice the size takes the pushes; consumers finish the old one first, so order is kept.
/// Changed here: all segments count with one cursor, so that positions are those of the whole queue; they share one head, so
/// that the length limit is exact over all of them and costs no more than in one ring; and there are no links from segment
/// to segment: an end that finds its segment closed asks for the right one under a lock, so an idle end keeps one old segment
/// alive and never a chain.
///
/// Roles: each thread makes its own `Producer` or `Consumer`.
/// Cost: that of a `ManyToManyRing` and one predictable branch; the first producer end does without the compare-and-swap until a
/// second one is made (`SoleProducerGate`). Where segments change hands (at most once per 65536
/// elements in a long queue) a lock, and an allocation unless the memory of a finished segment can be used again.
///
/// Invariants (cursors count in steps of two, as in `ManyToManyRing`)
/// - The end of a segment is the start of the next: positions are dense.
/// - All segments but the last are closed, and the last takes pushes unless the queue is closed.
/// - `0 <= tail of the last segment - head <= 2 * lengthLimit`.
/// - The head is in the first segment that is not drained, and every consumer's segment is that one or an older one.
@safe public final class GrowingRing<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
  // Unchecked, because: cursors and flags are atomic, and the segments are listed behind a lock.
  @usableFromInline typealias Segment = ManyToManyRing<Element>

  /// How many elements may be ready at a time; enforced exactly.
  public let lengthLimit: Int
  let memory: GrowingRingMemory
  let chain: Guarded<Chain>

  /// An empty ring with its first segment, of 64 slots.
  /// - Parameter lengthLimit: The most elements that may be ready at a time, from 1 to 2⁴⁰.
  public convenience init(lengthLimit: Int) {
    self.init(lengthLimit: lengthLimit, capacities: 64...65_536)
  }

  /// A ring with segments of other sizes, and cursors that start at an even number, to test what else is rare.
  package init(lengthLimit: Int, capacities: ClosedRange<Int>, startCursor: UInt64 = 0) {
    precondition(lengthLimit > 0 && lengthLimit <= 1 << 40, "the length limit is from 1 to 2^40, got \(lengthLimit)")
    precondition(startCursor & 1 == 0, "cursors are even, got \(startCursor)")
    self.lengthLimit = lengthLimit
    memory = GrowingRingMemory(start: startCursor)
    let made = Chain(
      memory: memory, lengthLimit: lengthLimit, smallest: capacities.lowerBound, largest: capacities.upperBound,
      start: startCursor)
    chain = Guarded(made)
  }

  deinit { memory.free() }

  /// How many elements are ready or being written: exact when nobody is pushing or popping, else a moment's view. Locks.
  public var count: Int {
    // The head first: the tail only grows, so the difference never comes out negative; it may come out too large.
    let head = unsafe memory.head.pointee.load(ordering: .acquiring)
    let tail = chain.withLock { $0.current.tailCursor.cursor }
    return min(Int(truncatingIfNeeded: (tail &- head) >> 1), lengthLimit)
  }

  /// The position of the next element to be taken, or pushed in an empty ring; a moment's view.
  public var firstPosition: UInt64 { unsafe memory.head.pointee.load(ordering: .acquiring) >> 1 }

  /// How much memory the ring takes, segments that idle ends still hold included.
  public var byteCount: Int { unsafe memory.byteCount.pointee.load(ordering: .relaxed) }

  /// How much memory an empty ring takes that never held much.
  public static var smallestByteCount: Int { GrowingRingMemory.ownByteCount + Segment.byteCount(capacity: 64) }

  /// Whether the ring takes no more elements; those left can still be popped.
  public var isClosed: Bool { unsafe memory.closed.pointee.load(ordering: .acquiring) != 0 }

  /// Whether the ring is closed and everything that was pushed has been taken.
  public var isFinished: Bool {
    guard isClosed else { return false }
    return chain.withLock { $0.current.isDrained(head: $0.head) }
  }

  /// Refuses further elements from now on and wakes everybody who is parked.
  public func close() {
    chain.withLock { chain in
      chain.close()
      // Release pairs with the acquire in `isClosed`: who sees it finds every segment closed.
      unsafe memory.closed.pointee.store(1, ordering: .releasing)
    }
    itemDoorbell.ring(waking: .max)
    spaceDoorbell.ring(waking: .max)
  }

  /// Gives back memory that the ring has not needed of late. For a housekeeper that calls again and again, about ten times
  /// a second; O(1) when there is nothing to give back, and one load for a ring that never grew.
  ///
  /// A large segment that is mostly empty is followed by a small one when nothing was pushed and popped for ten calls, or when
  /// a hundred calls in a row found it mostly empty: so a pause of less than a second costs no growth after it. Of a busy ring
  /// that had to grow again after that, twice as many, up to 6400.
  public func trim() {
    guard unsafe memory.mayTrim.pointee.load(ordering: .relaxed) != 0 else { return }
    // Freed when the lock is free again.
    let dropped = chain.withLock { $0.trim() }
    _ = consume dropped
  }

  /// Where consumers park.
  public var itemDoorbell: Doorbell { unsafe Doorbell(at: memory.itemDoorbell) }

  /// Where producers park.
  public var spaceDoorbell: Doorbell { unsafe Doorbell(at: memory.spaceDoorbell) }

  /// A new end for a producing thread.
  public func makeProducer() -> Producer { Producer(of: self) }

  /// A new end for a consuming thread.
  public func makeConsumer() -> Consumer { Consumer(of: self) }
}
