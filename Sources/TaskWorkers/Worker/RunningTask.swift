import Platform
public import Synchronization

/// The task that runs on a worker's thread, and those that came with it, for other threads to look at.
///
/// What runs is shown by a sequence lock with one writer, who never waits; what came with it by a short lock per batch, which lookers
/// alone ever contend. Cost per task: seven stores and a fence that is free on x86.
@safe
public final class RunningTask: @unchecked Sendable {
  // Unchecked, because: all shared memory is atomics.
  /// What it shows.
  public struct Sight: Sendable, Equatable {
    /// The task.
    public var identifier: TaskIdentifier
    /// Its place in the registry.
    public var index: Int
    /// Which attempt it is, from 0.
    public var retries: UInt32
    /// When it began, as old as the end of the task before it in its batch.
    public var since: Int64
  }

  /// Version (odd while the others change), identity in two words, place + 1 (0 without a task), retries, moment.
  @usableFromInline let words: UnsafeMutablePointer<Atomic<UInt64>>
  private static let count = 6
  private let batch = Guarded<[Sight?]>([])
  /// How many tasks of the batch have not had their turn.
  @usableFromInline let waitingCount = Atomic<Int>(0)

  /// Shows nothing.
  public init() {
    let memory = unsafe AlignedMemory.allocate(byteCount: Self.count * 8)
    unsafe words = memory.assumingMemoryBound(to: Atomic<UInt64>.self)
  }

  deinit { unsafe AlignedMemory.deallocate(UnsafeMutableRawPointer(words)) }

  @inlinable @inline(__always)
  func begin(_ identifier: TaskIdentifier, _ index: Int, retries: UInt32, since: Int64) {
    let words = unsafe self.words
    let version = unsafe words[0].load(ordering: .relaxed)
    unsafe words[0].store(version &+ 1, ordering: .relaxed)
    // Pairs with the reader's fence: who sees a word of the new task sees that the version is another.
    atomicMemoryFence(ordering: .releasing)
    unsafe words[1].store(identifier.high, ordering: .relaxed)
    unsafe words[2].store(identifier.low, ordering: .relaxed)
    unsafe words[3].store(UInt64(truncatingIfNeeded: index &+ 1), ordering: .relaxed)
    unsafe words[4].store(UInt64(retries), ordering: .relaxed)
    unsafe words[5].store(UInt64(bitPattern: since), ordering: .relaxed)
    // Pairs with the reader's first load.
    unsafe words[0].store(version &+ 2, ordering: .releasing)
  }

  @inlinable @inline(__always)
  func end() { unsafe words[3].store(0, ordering: .relaxed) }

  /// What runs at the moment. Looks again while the writer is at it.
  public var sight: Sight? {
    let words = unsafe self.words
    while true {
      let version = unsafe words[0].load(ordering: .acquiring)
      guard version & 1 == 0 else {
        spinHint()
        continue
      }
      let place = unsafe words[3].load(ordering: .relaxed)
      let sight = unsafe Sight(
        identifier: TaskIdentifier(
          high: words[1].load(ordering: .relaxed), low: words[2].load(ordering: .relaxed)),
        index: Int(truncatingIfNeeded: place) - 1,
        retries: UInt32(truncatingIfNeeded: words[4].load(ordering: .relaxed)),
        since: Int64(bitPattern: words[5].load(ordering: .relaxed)))
      atomicMemoryFence(ordering: .acquiring)
      guard unsafe words[0].load(ordering: .relaxed) == version else { continue }
      return place == 0 ? nil : sight
    }
  }

  // MARK: The batch

  /// Shows a new batch, of which none has had its turn: what `sight` says of each place, nil for what is no task.
  func show(count: Int, _ sight: (Int) -> Sight?) {
    batch.withLock { batch in
      batch.removeAll(keepingCapacity: true)
      for place in 0..<count { batch.append(sight(place)) }
      waitingCount.store(count, ordering: .relaxed)
    }
  }

  /// So many tasks of the batch are left.
  @inlinable @inline(__always)
  func leave(_ count: Int) { waitingCount.store(count, ordering: .relaxed) }

  /// The tasks of the batch that have not had their turn.
  public var waiting: [Sight] {
    batch.withLock { $0.suffix(waitingCount.load(ordering: .relaxed)).compactMap(\.self) }
  }
}
