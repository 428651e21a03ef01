/// Requests of one client that wait for their replies, found by correlation id in constant time.
///
/// Correlation ids are sequence numbers plus one, so that 0 can mean "none"; a slot is free again when its reply came or was given
/// up. Owned by the client's thread.
@frozen
public struct RequestTable: ~Copyable {
  @frozen @usableFromInline
  struct Slot {
    @usableFromInline var correlation: UInt64 = 0
    @usableFromInline var intended: Int64 = 0
    @usableFromInline var sent: Int64 = 0
    /// The last request of this slot that was given up and has not been answered since; 0 for none.
    @usableFromInline var givenUp: UInt64 = 0
    @usableFromInline init() {}
  }

  @usableFromInline var slots: [Slot]
  @usableFromInline let mask: Int
  /// The oldest correlation id that may still be waiting.
  @usableFromInline var oldest: UInt64 = 1
  /// The correlation id of the next request.
  @usableFromInline var next: UInt64 = 1
  /// Requests that wait for their replies.
  @usableFromInline var outstandingCount = 0
  /// Requests that were given up and have not been answered since.
  @usableFromInline var unansweredCount = 0

  /// A table for up to `capacity` requests, a power of two.
  public init(capacity: Int) {
    precondition(capacity > 0 && capacity & (capacity - 1) == 0, "a table's capacity is a power of two")
    slots = Array(repeating: Slot(), count: capacity)
    mask = capacity - 1
  }

  /// Whether the next request has a place; if not, the oldest is still waiting.
  @inlinable @inline(__always)
  public var hasRoom: Bool { slots[Int(truncatingIfNeeded: next) & mask].correlation == 0 }

  /// Notes the request with correlation id `next`.
  @inlinable @inline(__always)
  public mutating func sent(intended: Int64, at sent: Int64) {
    let index = Int(truncatingIfNeeded: next) & mask
    slots[index].correlation = next
    slots[index].intended = intended
    slots[index].sent = sent
    next &+= 1
    outstandingCount &+= 1
  }

  /// Takes back the request noted last: the subject refused it.
  @usableFromInline
  mutating func withdrawLast() {
    next &-= 1
    slots[Int(truncatingIfNeeded: next) & mask].correlation = 0
    outstandingCount &-= 1
  }

  /// When the answered request was intended and sent, or nil when none waits under this id: answered already, or given up.
  @inlinable @inline(__always)
  public mutating func answered(_ correlation: UInt64) -> (intended: Int64, sent: Int64)? {
    let index = Int(truncatingIfNeeded: correlation) & mask
    guard slots[index].correlation == correlation, correlation != 0 else { return nil }
    slots[index].correlation = 0
    outstandingCount &-= 1
    return (slots[index].intended, slots[index].sent)
  }

  /// Whether this is the first answer to a request that had been given up; remembered until its slot gives up another.
  @usableFromInline
  mutating func answeredLate(_ correlation: UInt64) -> Bool {
    let index = Int(truncatingIfNeeded: correlation) & mask
    guard slots[index].givenUp == correlation, correlation != 0 else { return false }
    slots[index].givenUp = 0
    unansweredCount -= 1
    return true
  }

  /// Gives up requests sent before `deadline` and returns how many. One that its slot can no longer remember is named to `forget`:
  /// it was never answered. Linear in what was answered or given up since the last call.
  @usableFromInline
  mutating func giveUp(sentBefore deadline: Int64, forget: (UInt64) -> Void) -> Int {
    var count = 0
    while oldest < next {
      let index = Int(truncatingIfNeeded: oldest) & mask
      if slots[index].correlation == oldest {
        guard slots[index].sent < deadline else { break }
        slots[index].correlation = 0
        if slots[index].givenUp != 0 {
          forget(slots[index].givenUp)
          unansweredCount -= 1
        }
        slots[index].givenUp = oldest
        unansweredCount += 1
        outstandingCount &-= 1
        count += 1
      }
      oldest &+= 1
    }
    return count
  }

  /// Names all requests that were given up and never answered, in rising order, and forgets them: a reply that comes now is one too
  /// many. Linear in the capacity, but only when there are any.
  @usableFromInline
  mutating func forgetUnanswered(_ forget: (UInt64) -> Void) {
    guard unansweredCount > 0 else { return }
    var found: [UInt64] = []
    for index in slots.indices where slots[index].givenUp != 0 {
      found.append(slots[index].givenUp)
      slots[index].givenUp = 0
    }
    unansweredCount = 0
    for correlation in found.sorted() { forget(correlation) }
  }
}
