public import Platform
import Synchronization

/// What the built-in tasks of one worker have come to, whichever of its threads or processes ran them.
///
/// Roles: any number of threads and processes count, any may read. Relaxed throughout: no data hangs on a count.
@safe public final class TaskTally: @unchecked Sendable {
  // Unchecked, because: it points at two atomics, in memory that lives as long as this object.
  private let words: UnsafeMutablePointer<Atomic<Int>>
  /// Keeps memory that is not the tally's own.
  private let owner: (any AnyObject & Sendable)?

  /// How much memory of several processes a tally takes: a line of its own.
  public static let byteCount = 128

  /// A tally that has counted nothing.
  public init() {
    owner = nil
    unsafe words = AlignedMemory.allocate(byteCount: Self.byteCount).bindMemory(to: Atomic<Int>.self, capacity: 2)
  }

  /// A tally in memory of several processes: `byteCount` bytes on a boundary of 128, zeroed when new.
  public init(in memory: BorrowedMemory) {
    owner = memory.owner
    unsafe words = memory.start.assumingMemoryBound(to: Atomic<Int>.self)
  }

  deinit {
    if owner == nil { unsafe AlignedMemory.deallocate(words) }
  }

  /// Tasks that came otherwise than they were sent.
  public var damagedCount: Int { unsafe words[0].load(ordering: .relaxed) }

  /// Attempts that were begun, where somebody says so.
  public var begunCount: Int { unsafe words[1].load(ordering: .relaxed) }

  /// A task came otherwise than it was sent.
  func noteDamage() { unsafe _ = words[0].wrappingAdd(1, ordering: .relaxed) }

  /// An attempt begins.
  public func noteBeginning() { unsafe _ = words[1].wrappingAdd(1, ordering: .relaxed) }
}
