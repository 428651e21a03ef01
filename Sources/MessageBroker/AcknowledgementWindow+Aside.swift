/// Deliveries that the ring has come round to before they were settled. None of it is on the path of a session that settles in good time.
extension AcknowledgementWindow {
  /// How many more deliveries fit into one batch, to a limit: it ends before a place that is set aside. When it is 0, `makeRoom` may help.
  /// O(set aside).
  func room(upTo limit: Int) -> Int {
    var distance = mask &+ 1
    for index in 0..<asideCount { distance = unsafe min(distance, (aside.unsafelyUnwrapped[index] &- next) & mask) }
    return min(limit, room, Int(truncatingIfNeeded: distance))
  }

  /// Whether the consumer owes an answer for this tag.
  func isOutstanding(_ tag: UInt64) -> Bool { isOutstandingInRing(tag) || isAside(tag) }

  /// Marks a delivery as settled; `advance()` follows.
  mutating func settle(_ tag: UInt64) {
    mark(settled: tag)
    if tag < first { forgetAside(tag) }
  }

  /// Goes on to the next free place, of which there must be one: nobody gets the tags of those on the way. Each delivery is set aside at
  /// most once.
  mutating func makeRoom() {
    while room(upTo: 1) == 0 {
      if next &- first > mask {
        setFirstAside()
      } else {
        next &+= 1
        advance()
      }
    }
  }

  /// Lets the ring pass over its oldest delivery.
  private mutating func setFirstAside() {
    if unsafe aside == nil { unsafe aside = ThreadMemory.allocate(UInt64.self, capacity: capacity) }
    unsafe aside.unsafelyUnwrapped[asideCount] = first
    asideCount += 1
    settle(first)
    advance()
  }

  /// The index of the first tag that is set aside and not less than `tag`. O(log n).
  private func asideIndex(of tag: UInt64) -> Int {
    var low = 0
    var high = asideCount
    while low < high {
      let middle = (low + high) / 2
      if unsafe aside.unsafelyUnwrapped[middle] < tag { low = middle + 1 } else { high = middle }
    }
    return low
  }

  @usableFromInline @inline(never)
  func isAside(_ tag: UInt64) -> Bool {
    let index = asideIndex(of: tag)
    return unsafe index < asideCount && aside.unsafelyUnwrapped[index] == tag
  }

  /// A delivery that is set aside was settled: its place is free.
  @usableFromInline @inline(never)
  mutating func forgetAside(_ tag: UInt64) {
    let index = asideIndex(of: tag)
    guard let aside = unsafe aside, index < asideCount, unsafe aside[index] == tag else { return }
    asideCount -= 1
    unsafe (aside + index).update(from: aside + index + 1, count: asideCount - index)
  }

  /// The tags that are set aside up to `last`, rising.
  func asideTags(through last: UInt64) -> [UInt64] {
    unsafe Array(UnsafeBufferPointer(start: aside, count: last == .max ? asideCount : asideIndex(of: last + 1)))
  }

  /// The outstanding tags up to `last`, rising.
  func outstandingTags(through last: UInt64) -> [UInt64] {
    var tags = asideTags(through: last)
    var tag = first
    while tag <= last && tag < next {
      if isOutstanding(tag) { tags.append(tag) }
      tag += 1
    }
    return tags
  }

  /// The tag that has been outstanding for longest; nil when there is none. May be one that was acknowledged by delivery.
  var oldest: UInt64? {
    if let aside = unsafe aside, asideCount > 0 { return unsafe aside[0] }
    return first == next ? nil : first
  }
}
