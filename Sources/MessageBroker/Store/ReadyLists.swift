/// The ready messages of a store, by level and within a level by position: doubly linked lists through the nodes of a slab.
///
/// A queue without priorities has one level. Inserting a new message and taking the next one are O(1); a message that comes back is
/// looked for from the end that it was taken from: O(messages that would be delivered before it).
struct ReadyLists {
  private struct List {
    var oldest = MessageSlab.none
    var newest = MessageSlab.none
  }

  private let takesNewest: Bool
  private var lists: [List]
  /// Which levels have messages, 64 to a word.
  private var occupied: [UInt64]

  init(order: QueueOrder) {
    takesNewest = order.isLIFO
    lists = [List](repeating: List(), count: (order.levels ?? 0) + 1)
    occupied = [UInt64](repeating: 0, count: (lists.count + 63) / 64)
  }

  /// The level of a message with that priority.
  func level(priority: UInt8) -> Int { min(Int(priority), lists.count - 1) }

  /// The message that is delivered next.
  var next: Int32? { highestLevel.map { takesNewest ? lists[$0].newest : lists[$0].oldest } }

  /// The message that is dropped first when there are too many: the one that is delivered next, but the oldest where that is the
  /// newest.
  var head: Int32? { highestLevel.map { lists[$0].oldest } }

  /// Sorts messages as they are delivered: the lower number first. Positions stay below 2⁵⁶.
  func order(level: Int, position: UInt64) -> UInt64 {
    let place = takesNewest ? (1 << 56) - 1 - position : position
    return UInt64(lists.count - 1 - level) << 56 | place
  }

  mutating func insert(_ node: Int32, level: Int, in slab: inout MessageSlab) {
    let position = slab[node].position
    var after = lists[level].newest
    if takesNewest || after == MessageSlab.none || slab[after].position < position {
      while after != MessageSlab.none, slab[after].position > position { after = slab[after].previous }
    } else {
      // It was taken from the front, so its place is near there.
      var before = lists[level].oldest
      while slab[before].position < position { before = slab[before].next }
      after = slab[before].previous
    }
    link(node, behind: after, level: level, in: &slab)
  }

  private mutating func link(_ node: Int32, behind after: Int32, level: Int, in slab: inout MessageSlab) {
    let before = after == MessageSlab.none ? lists[level].oldest : slab[after].next
    slab[node].previous = after
    slab[node].next = before
    if after == MessageSlab.none { lists[level].oldest = node } else { slab[after].next = node }
    if before == MessageSlab.none { lists[level].newest = node } else { slab[before].previous = node }
    occupied[level / 64] |= 1 << UInt64(level % 64)
  }

  mutating func remove(_ node: Int32, level: Int, in slab: inout MessageSlab) {
    let (previous, next) = (slab[node].previous, slab[node].next)
    if previous == MessageSlab.none { lists[level].oldest = next } else { slab[previous].next = next }
    if next == MessageSlab.none { lists[level].newest = previous } else { slab[next].previous = previous }
    if lists[level].oldest == MessageSlab.none { occupied[level / 64] &= ~(1 << UInt64(level % 64)) }
  }

  private var highestLevel: Int? {
    for word in occupied.indices.reversed() where occupied[word] != 0 {
      return 64 * word + 63 - occupied[word].leadingZeroBitCount
    }
    return nil
  }
}
