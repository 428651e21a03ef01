/// What a lane has in hand, oldest first, and what its worker's death means for it. A value without a clock, a ring or a lock.
///
/// Records are numbered from 1 in the order in which they were handed over; they come back in that order.
///
/// Invariants
/// - `head <= tail`; the records in hand are `head ..< tail`; only `head` can be running.
/// - `tail - head` is at most the limit, which is at most `mask + 1`.
@safe @frozen @usableFromInline
struct LaneLedger: ~Copyable {
  /// What is remembered of a record.
  @frozen @usableFromInline
  struct Entry {
    @usableFromInline let order: LaneOrder
    /// How many workers died while they ran it.
    @usableFromInline var lossCount: Int32 = 0
    /// Whether the intake wants it ended.
    @usableFromInline var isUnwanted = false

    @inlinable
    init(order: LaneOrder) { self.order = order }
  }

  @usableFromInline let entries: UnsafeMutablePointer<Entry>
  @usableFromInline let mask: UInt64
  @usableFromInline let limit: Int
  /// The sequence number of the oldest record in hand.
  @usableFromInline private(set) var head: UInt64 = 1
  /// The sequence number that the next record gets.
  @usableFromInline private(set) var tail: UInt64 = 1

  /// A ledger for up to `limit` records.
  init(limit: Int) {
    precondition(limit > 0, "a lane holds at least one record")
    var capacity = 1
    while capacity < limit { capacity *= 2 }
    self.limit = limit
    mask = UInt64(capacity - 1)
    unsafe entries = .allocate(capacity: capacity)
  }

  deinit { unsafe entries.deallocate() }

  @inlinable @inline(__always)
  var count: Int { Int(truncatingIfNeeded: tail &- head) }

  @inlinable @inline(__always)
  var isFull: Bool { count >= limit }

  /// Remembers one more record; returns its sequence number.
  @inlinable @inline(__always)
  mutating func append(_ order: LaneOrder) -> UInt64 {
    precondition(!isFull, "a full ledger")
    unsafe (entries + Int(tail & mask)).initialize(to: Entry(order: order))
    tail &+= 1
    return tail &- 1
  }

  /// The oldest record in hand; there must be one.
  @inlinable @inline(__always)
  var first: Entry {
    get {
      precondition(count > 0, "an empty ledger")
      return unsafe entries[Int(head & mask)]
    }
    set {
      precondition(count > 0, "an empty ledger")
      unsafe entries[Int(head & mask)] = newValue
    }
  }

  /// Forgets the oldest record.
  @inlinable @inline(__always)
  mutating func removeFirst() -> Entry {
    let entry = first
    head &+= 1
    return entry
  }

  /// Marks a record as unwanted; false when it is not here.
  mutating func markUnwanted(ticket: UInt64) -> Bool {
    var sequence = head
    while sequence != tail {
      let index = Int(sequence & mask)
      if unsafe entries[index].order.ticket == ticket {
        unsafe entries[index].isUnwanted = true
        return true
      }
      sequence &+= 1
    }
    return false
  }

  /// What becomes of the oldest record after its worker has died.
  enum Aftermath: Equatable {
    /// It was not begun: the next worker takes it as if nothing had been.
    case untouched
    /// The next worker runs it again.
    case replayed
    /// It comes back.
    case given(LaneRemarks)
  }

  /// Decides about the oldest record after the death of its worker, whose completions have all been taken.
  /// - Parameters:
  ///   - mark: What the dead worker was at.
  ///   - sentence: Why it was killed, if this side killed it for what it was at.
  ///   - mayReplay: Whether there will be a next worker.
  mutating func settle(after mark: RunningMark, sentence: LaneRemarks?, mayReplay: Bool) -> Aftermath {
    guard count > 0, mark.sequence == head else { return .untouched }
    let again: LaneRemarks = first.lossCount > 0 ? .redelivered : []
    if let sentence { return .given(sentence.union(again)) }
    first.lossCount += 1
    if first.isUnwanted { return .given(again.union(.terminated)) }
    guard first.order.isReplayedAfterLoss && mayReplay else { return .given(again.union(.workerLost)) }
    guard Int(first.lossCount) <= first.order.replayLimit else { return .given(again.union([.workerLost, .poisoned])) }
    return .replayed
  }
}
