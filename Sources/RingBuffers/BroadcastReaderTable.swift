import Platform
public import Synchronization

/// Who reads a `BroadcastRing`, and how far each one is: one entry of 128 bytes per reader.
///
/// Joining and the producer's look at the readers may happen at once. A joining reader marks its entry, then looks at the
/// tail to begin there; the producer publishes its tail, then looks at the entries; both with a full fence between
/// (Dekker). So either the producer sees the entry, or the reader begins at a tail that the producer's view of the free
/// space does not reach beyond by more than the capacity: what the reader is about to read is never overwritten.
@safe @frozen @usableFromInline
struct BroadcastReaderTable {
  @usableFromInline static var entryByteCount: Int { @inlinable get { 128 } }
  @usableFromInline static var free: UInt64 { @inlinable get { 0 } }
  @usableFromInline static var joining: UInt64 { @inlinable get { 1 } }
  @usableFromInline static var active: UInt64 { @inlinable get { 2 } }

  @usableFromInline let entries: UnsafeMutableRawPointer
  @usableFromInline let limit: Int

  init(entries: UnsafeMutableRawPointer, limit: Int) {
    unsafe self.entries = unsafe entries
    self.limit = limit
  }

  @inlinable @inline(__always)
  func state(of reader: Int) -> UnsafeMutablePointer<Atomic<UInt64>> {
    unsafe (entries + reader &* Self.entryByteCount).assumingMemoryBound(to: Atomic<UInt64>.self)
  }

  /// The first position that the reader still needs.
  @inlinable @inline(__always)
  func cursor(of reader: Int) -> UnsafeMutablePointer<Atomic<UInt64>> {
    unsafe (entries + reader &* Self.entryByteCount + 8).assumingMemoryBound(to: Atomic<UInt64>.self)
  }

  /// Takes a free entry whose reader begins at the newest element; nil when there is none.
  func join(tail: UnsafeMutablePointer<Atomic<UInt64>>) -> Int? {
    for reader in 0..<limit {
      let state = unsafe state(of: reader)
      let isOurs = unsafe state.pointee.compareExchange(
        expected: Self.free, desired: Self.joining, ordering: .acquiringAndReleasing
      ).exchanged
      guard isOurs else { continue }
      // An old tail only holds the producer back until the true one is there.
      unsafe cursor(of: reader).pointee.store(tail.pointee.load(ordering: .acquiring), ordering: .relaxed)
      unsafe state.pointee.store(Self.active, ordering: .releasing)  // Pairs with `slowest`.
      atomicMemoryFence(ordering: .sequentiallyConsistent)  // Pairs with the fence in `slowest`.
      unsafe cursor(of: reader).pointee.store(tail.pointee.load(ordering: .acquiring), ordering: .releasing)
      return reader
    }
    return nil
  }

  /// Frees an entry; its reader no longer holds anything.
  func leave(_ reader: Int) {
    unsafe state(of: reader).pointee.store(Self.free, ordering: .releasing)
  }

  /// How many readers there are at this moment.
  var count: Int {
    (0..<limit).count { unsafe state(of: $0).pointee.load(ordering: .relaxed) != Self.free }
  }

  /// The first position that some reader still needs, or `tail` when nobody needs anything older.
  ///
  /// The tail must have been published before.
  @inlinable
  func slowest(from tail: UInt64) -> UInt64 {
    atomicMemoryFence(ordering: .sequentiallyConsistent)  // Pairs with the fence in `join`.
    var behind: Int64 = 0
    for reader in 0..<limit where unsafe state(of: reader).pointee.load(ordering: .acquiring) == Self.active {
      // Acquire pairs with the readers' release: they have read the slots before the producer refills them.
      let cursor = unsafe cursor(of: reader).pointee.load(ordering: .acquiring)
      behind = max(behind, Int64(bitPattern: tail &- cursor))
    }
    return tail &- UInt64(bitPattern: behind)
  }
}
