import Platform
import Synchronization

/// What other threads may touch of each session: its doorbell and its counters, 128 bytes per slot, for the broker's whole
/// life, so that a late ring for a session that has gone is harmless.
@safe @usableFromInline
final class SessionTable: @unchecked Sendable {
  // Unchecked, because: the memory holds atomics only.
  private let memory: UnsafeMutableRawPointer
  let capacity: Int
  private let consumerCount = Atomic<UInt64>(0)

  init(capacity: Int) {
    self.capacity = capacity
    unsafe memory = AlignedMemory.allocate(byteCount: capacity * AlignedMemory.lineByteCount)
  }

  deinit { unsafe AlignedMemory.deallocate(memory) }

  /// Counts the consumers that there ever were, from 1.
  func numberConsumer() -> UInt64 { consumerCount.wrappingAdd(1, ordering: .relaxed).newValue }

  /// Where the session in `slot` sleeps.
  func doorbell(of slot: Int) -> Doorbell { unsafe Doorbell(at: line(slot)) }

  /// What is counted of the sessions in a slot, past and present; the raw value is the place in the line.
  enum Counter: Int {
    /// Messages that no queue was bound for.
    case unroutable = 1
    /// Staged messages that were lost when their session closed while the queue was full.
    case lostAtClose = 2
    /// Staged copies of messages for several queues whose queue was deleted.
    case droppedWithQueue = 3
    /// Mandatory messages among the unroutable ones.
    case returned = 4
  }

  /// Adds to a counter. Not an atomic addition: a slot has one session at a time, and its thread alone writes.
  func add(_ count: Int, to counter: Counter, of slot: Int) {
    let word = unsafe word(counter, of: slot)
    unsafe word.pointee.store(word.pointee.load(ordering: .relaxed) &+ UInt64(count), ordering: .relaxed)
  }

  func value(_ counter: Counter, of slot: Int) -> UInt64 {
    unsafe word(counter, of: slot).pointee.load(ordering: .relaxed)
  }

  /// Over all sessions there ever were.
  func total(_ counter: Counter) -> UInt64 { (0..<capacity).reduce(0) { $0 &+ value(counter, of: $1) } }

  private func word(_ counter: Counter, of slot: Int) -> UnsafeMutablePointer<Atomic<UInt64>> {
    unsafe (line(slot) + 8 * counter.rawValue).assumingMemoryBound(to: Atomic<UInt64>.self)
  }

  /// Wakes up to `limit` of the sessions in `parked`.
  func wake(_ parked: ParkedSessions, limit: Int) {
    for _ in 0..<limit {
      guard let slot = parked.takeOne() else { return }
      doorbell(of: slot).ring()
    }
  }

  /// Wakes the session in `slot`, if it is in `parked`.
  func wake(_ slot: Int, in parked: ParkedSessions) {
    if parked.leave(slot) { doorbell(of: slot).ring() }
  }

  private func line(_ slot: Int) -> UnsafeMutableRawPointer {
    precondition(slot >= 0 && slot < capacity, "session slot \(slot) of \(capacity)")
    return unsafe memory + slot * AlignedMemory.lineByteCount
  }
}
