import CLinux
import Synchronization

/// How many bytes one thread has allocated since it attached, for another thread to look at meanwhile.
///
/// jemalloc counts in the thread's own static memory: a number that nobody else writes, and that stays where it is until the thread has
/// been joined. So only who joins the thread may look, and sees some recent value: it costs the thread nothing.
public final class AllocationCounter: Sendable {
  /// Where the attached thread's count is; 0 while none is attached.
  private let address = Atomic<UInt>(0)
  /// The count when it attached.
  private let start = Atomic<UInt64>(0)

  /// A counter of no thread yet.
  public init() {}

  /// Counts what the calling thread allocates from here on, until it detaches; nothing without jemalloc.
  public func attach() {
    guard let count = unsafe clinux_jemalloc_thread_allocated() else { return }
    unsafe start.store(count.pointee, ordering: .relaxed)
    // Release pairs with the acquire in `byteCount`, which then sees the start, too.
    address.store(UInt(bitPattern: count), ordering: .releasing)
  }

  /// Ends that. Release pairs with the acquire in `byteCount`: who finds nobody attached sees what the thread has noted before.
  public func detach() { address.store(0, ordering: .releasing) }

  /// What the attached thread has allocated so far; nil while none is. Only by the thread that joins it.
  public var byteCount: UInt64? {
    guard let count = unsafe UnsafeMutablePointer<Atomic<UInt64>>(bitPattern: address.load(ordering: .acquiring)) else {
      return nil
    }
    // Relaxed: a plain count of another thread, of which any recent value will do.
    return unsafe count.pointee.load(ordering: .relaxed) &- start.load(ordering: .relaxed)
  }
}
