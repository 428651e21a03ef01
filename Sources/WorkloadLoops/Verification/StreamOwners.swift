import Platform
import Synchronization

/// Which consumer of a queue gets each stream, where a stream belongs to one consumer: the first one that gets a message of it.
///
/// Asked when a run of consecutive numbers begins, not for each message: whoever gets a message between two of another's begins a
/// run of its own.
@safe
public final class StreamOwners: @unchecked Sendable {
  // Unchecked, because: the memory holds atomics and lives as long as this object.
  private let owners: UnsafeMutablePointer<Atomic<Int32>>

  /// Streams that nobody has got anything of.
  public init(streamCount: Int) {
    unsafe owners = AlignedMemory.allocate(byteCount: max(1, streamCount) * MemoryLayout<Atomic<Int32>>.stride)
      .bindMemory(to: Atomic<Int32>.self, capacity: streamCount)
  }

  deinit { unsafe AlignedMemory.deallocate(owners) }

  /// Whether the stream is the consumer's, who takes it if it is nobody's. Relaxed: the word says all there is to know.
  func claim(stream: Int, consumer: Int) -> Bool {
    let owner = unsafe owners + stream
    let mine = Int32(consumer + 1)
    let (exchanged, original) = unsafe owner.pointee.compareExchange(expected: 0, desired: mine, ordering: .relaxed)
    return exchanged || original == mine
  }
}
