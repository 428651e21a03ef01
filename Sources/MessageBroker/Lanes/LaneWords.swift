import Platform
import Synchronization

/// What all sessions share of a queue with lanes, each word on a line of its own.
///
/// ```
///   0  reserved, the publishers' cursor   128  taken, the consumers'   256  version of the list of lanes (rarely written)
/// ```
///
/// Invariants
/// - Both cursors only grow; `0 <= reserved - taken`, which is how many messages lie in the queue's ring and its lanes, or are being
///   put there.
/// - What is reserved beside messages that came back is at most the queue's limit.
@safe
struct LaneWords: @unchecked Sendable {
  // Unchecked, because: it only points at atomics.
  private let reserved: UnsafeMutablePointer<Atomic<UInt64>>
  private let taken: UnsafeMutablePointer<Atomic<UInt64>>
  private let version: UnsafeMutablePointer<Atomic<UInt64>>

  static var byteCount: Int { 3 * AlignedMemory.lineByteCount }

  init() {
    let memory = unsafe AlignedMemory.allocate(byteCount: Self.byteCount)
    unsafe reserved = memory.bindMemory(to: Atomic<UInt64>.self, capacity: 1)
    unsafe taken = (memory + AlignedMemory.lineByteCount).bindMemory(to: Atomic<UInt64>.self, capacity: 1)
    unsafe version = (memory + 2 * AlignedMemory.lineByteCount).bindMemory(to: Atomic<UInt64>.self, capacity: 1)
    unsafe version.pointee.store(1, ordering: .relaxed)
  }

  func deallocate() { unsafe AlignedMemory.deallocate(UnsafeMutableRawPointer(reserved)) }

  /// How many messages lie in the ring and the lanes. Never negative, because what is taken was reserved.
  var count: Int {
    // Acquire pairs with the release in `addTaken`: the reservations of what was taken are visible.
    let out = unsafe taken.pointee.load(ordering: .acquiring)
    return unsafe Int(truncatingIfNeeded: reserved.pointee.load(ordering: .relaxed) &- out)
  }

  /// Reserves places for up to `wanted` messages; returns how many, and the first one's position in the queue.
  ///
  /// Exact: the compare-and-swap proves that the tail was ours, and what is taken can only have grown since we looked.
  /// - Parameter knownTaken: The caller's last look at the consumers' cursor; renewed here only when it leaves too little room.
  func reserve(upTo wanted: Int, limit: Int, knownTaken: inout UInt64) -> (position: UInt64, count: Int) {
    var tail = unsafe reserved.pointee.load(ordering: .relaxed)
    while true {
      var room = limit - Int(Int64(bitPattern: tail &- knownTaken))
      if room < wanted {
        // Acquire as in `count`.
        knownTaken = unsafe taken.pointee.load(ordering: .acquiring)
        tail = unsafe reserved.pointee.load(ordering: .relaxed)
        room = limit - Int(Int64(bitPattern: tail &- knownTaken))
      }
      let count = min(wanted, room)
      guard count > 0 else { return (tail, 0) }
      // Relaxed: messages are handed over by the slots of their lanes.
      let (exchanged, found) = unsafe reserved.pointee.compareExchange(
        expected: tail, desired: tail &+ UInt64(count), ordering: .relaxed)
      if exchanged { return (tail, count) }
      tail = found
    }
  }

  /// Near which position a message of the queue is: see `MessageDescriptor.position(near:)`.
  var nearPosition: UInt64 { unsafe taken.pointee.load(ordering: .relaxed) }

  /// Gives places back: of messages that were taken, or never put there. Release pairs with the acquire in `reserve`.
  func addTaken(_ count: Int) { unsafe taken.pointee.wrappingAdd(UInt64(count), ordering: .releasing) }

  /// Acquire pairs with the release in `advanceVersion`: who finds a lane closed finds the list without it.
  var currentVersion: UInt64 { unsafe version.pointee.load(ordering: .acquiring) }

  /// Behind the lock of the list.
  func advanceVersion() { unsafe version.pointee.wrappingAdd(1, ordering: .releasing) }
}
