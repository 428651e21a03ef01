public import Platform
public import Synchronization

/// How many messages of each stream the subject has accepted so far: what must have arrived in the end.
///
/// One producer writes a stream's count; anyone reads it. Relaxed: compared with what arrived only after a barrier.
@safe
public final class StreamBoard: @unchecked Sendable {
  // Unchecked, because: the counts are atomics in memory that lives as long as this object.

  /// Each stream's name, for findings: `clients.0 → orders`.
  public let names: [String]
  private let memory: UnsafeMutableRawPointer
  @usableFromInline let counts: UnsafeMutablePointer<Atomic<UInt64>>
  /// Where producers sleep that wait for their messages to be handled.
  public let completionBell: Doorbell
  /// Whether there may be any.
  @usableFromInline let producersMayPark: Bool

  /// A board of streams that have sent nothing; `producersMayPark` when producers of closed loops must be woken.
  public init(names: [String], producersMayPark: Bool = false) {
    precondition(!names.isEmpty && names.count <= SequenceNumber.streamCountLimit, "1 to 65536 streams")
    self.names = names
    // Two lines each, one for either side: neighbours would otherwise disturb one another.
    let countsByteCount = names.count * 2 * AlignedMemory.lineByteCount
    unsafe memory = AlignedMemory.allocate(byteCount: countsByteCount + AlignedMemory.lineByteCount)
    unsafe counts = memory.assumingMemoryBound(to: Atomic<UInt64>.self)
    unsafe completionBell = Doorbell(at: memory + countsByteCount)
    self.producersMayPark = producersMayPark
  }

  deinit { unsafe AlignedMemory.deallocate(memory) }

  /// Accepted messages of a stream.
  @inlinable
  public func acceptedCount(ofStream stream: Int) -> UInt64 {
    unsafe counts[stream &* 32].load(ordering: .relaxed)
  }

  /// Sets the accepted messages of a stream; by its producer only.
  @inlinable
  public func setAcceptedCount(_ count: UInt64, ofStream stream: Int) {
    unsafe counts[stream &* 32].store(count, ordering: .relaxed)
  }

  /// Messages of a stream that some consumer has handled: what a closed loop waits for.
  @inlinable
  public func completedCount(ofStream stream: Int) -> UInt64 {
    unsafe counts[stream &* 32 &+ 16].load(ordering: .relaxed)
  }

  /// Counts handled messages of a stream; by any consumer, only in phases that are closed loops.
  @inlinable
  public func addCompleted(_ count: UInt64, ofStream stream: Int) {
    // The stream comes from a received message, which may be damaged.
    guard stream < names.count else { return }
    unsafe counts[stream &* 32 &+ 16].wrappingAdd(count, ordering: .relaxed)
  }

  /// Wakes the producers that wait for what was added: one fence and one load, so once per batch.
  @inlinable @inline(__always)
  public func announceCompletions() {
    // All of them: each waits for its own streams, and who was woken in vain sleeps again.
    if producersMayPark { completionBell.ring(waking: .max) }
  }
}
