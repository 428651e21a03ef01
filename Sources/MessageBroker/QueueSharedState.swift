import Platform
public import Synchronization

/// The words of a queue that every session reads once per batch, beside its ring.
///
/// ```
///   0  how many messages came back   8  consumers may park   16  publishers may park   (rarely written)
/// 128  parked consumers              384  parked publishers
/// ```
@safe @frozen @usableFromInline
struct QueueSharedState: @unchecked Sendable {
  // Unchecked, because: it only points at atomics.
  @usableFromInline let words: UnsafeMutablePointer<Atomic<Int>>
  /// Sessions that sleep until there are messages.
  @usableFromInline let parkedConsumers: ParkedSessions
  /// Sessions that sleep until there is room.
  @usableFromInline let parkedPublishers: ParkedSessions

  static var byteCount: Int { AlignedMemory.lineByteCount + 2 * ParkedSessions.byteCount }

  init() {
    let memory = unsafe AlignedMemory.allocate(byteCount: Self.byteCount)
    unsafe words = memory.bindMemory(to: Atomic<Int>.self, capacity: 3)
    unsafe parkedConsumers = ParkedSessions(at: memory + AlignedMemory.lineByteCount)
    unsafe parkedPublishers = ParkedSessions(at: memory + AlignedMemory.lineByteCount + ParkedSessions.byteCount)
  }

  func deallocate() { unsafe AlignedMemory.deallocate(UnsafeMutableRawPointer(words)) }

  /// How many messages wait in the side list of those that came back. Acquire is not needed: the list has a lock.
  @inlinable @inline(__always)
  var returnedCount: Int { unsafe words.pointee.load(ordering: .relaxed) }

  func setReturnedCount(_ count: Int) { unsafe words.pointee.store(count, ordering: .relaxed) }

  /// Whether publishers owe a fence and a look at the parked consumers. Set once, before the first of them parks.
  @inlinable @inline(__always)
  var consumersMayPark: Bool { unsafe words[1].load(ordering: .relaxed) != 0 }

  func setConsumersMayPark() { unsafe words[1].store(1, ordering: .sequentiallyConsistent) }

  /// Whether consumers owe a fence and a look at the parked publishers.
  @inlinable @inline(__always)
  var publishersMayPark: Bool { unsafe words[2].load(ordering: .relaxed) != 0 }

  func setPublishersMayPark() { unsafe words[2].store(1, ordering: .sequentiallyConsistent) }
}
