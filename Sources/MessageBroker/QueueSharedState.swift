import Platform
public import Synchronization

/// The words of a queue that every session reads once per batch, beside its ring.
///
/// ```
///   0  detour   8  consumers may park   16  publishers may park   (rarely written)
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

  /// What keeps sessions off the short way: 0 in a plain queue that nothing came back to.
  ///
  /// Below 8 bits of `Detour`, above how many messages wait in the side list of those that came back. One word, so that the short way
  /// asks once per batch. Relaxed: what it leads to is behind a lock, or ordered by what changed it.
  @inlinable @inline(__always)
  var detour: Detour { unsafe Detour(rawValue: words.pointee.load(ordering: .relaxed)) }

  func addReturned(_ count: Int) {
    unsafe words.pointee.wrappingAdd(count << Detour.flagBits, ordering: .relaxed)
  }

  /// Sets or clears flags; the release orders what was made for them before them.
  func set(_ flags: Detour, to isOn: Bool) {
    if isOn {
      unsafe words.pointee.bitwiseOr(flags.rawValue, ordering: .releasing)
    } else {
      unsafe words.pointee.bitwiseAnd(~flags.rawValue, ordering: .releasing)
    }
  }

  /// Whether publishers owe a fence and a look at the parked consumers. Set once, before the first of them parks.
  @inlinable @inline(__always)
  var consumersMayPark: Bool { unsafe words[1].load(ordering: .relaxed) != 0 }

  func setConsumersMayPark() { unsafe words[1].store(1, ordering: .sequentiallyConsistent) }

  /// Whether consumers owe a fence and a look at the parked publishers.
  @inlinable @inline(__always)
  var publishersMayPark: Bool { unsafe words[2].load(ordering: .relaxed) != 0 }

  func setPublishersMayPark() { unsafe words[2].store(1, ordering: .sequentiallyConsistent) }
}
