public import Synchronization

extension NodeStack {
  /// Takes up to `limit` nodes off the top with one compare-and-swap, and writes their indices into `hand`, the top first.
  /// Returns how many. With `unlessClosed` none when the flag is up.
  @inlinable @inline(__always)
  func pop(upTo limit: Int, into hand: UnsafeMutablePointer<UInt32>, unlessClosed: Bool) -> Int {
    var backoff = ContentionBackoff()
    // Acquire pairs with the release in `push`: whoever sees the top sees the nodes' links and elements.
    var word = unsafe top.pointee.load(ordering: .acquiring)
    while true {
      if unlessClosed && word & 1 != 0 { return 0 }
      var count = 0
      var index = index(in: word)
      // Links that others change meanwhile lead anywhere among the nodes; then the compare-and-swap fails.
      while count < limit, index != none {
        unsafe hand[count] = index
        count &+= 1
        index = next(of: index)
      }
      if count == 0 { return 0 }
      let exchanged = unsafe top.pointee.compareExchange(
        expected: word, desired: self.word(after: word, top: index), ordering: .acquiringAndReleasing
      ).exchanged
      if exchanged { return count }
      backoff.loseRace()
      word = unsafe top.pointee.load(ordering: .acquiring)
    }
  }

  /// Puts the chain of nodes in hand on top, `hand[0]` at the very top; returns whether the closed flag is up.
  ///
  /// With `counting` the nodes get their depths.
  @inlinable @inline(__always)
  func push(_ hand: UnsafeMutablePointer<UInt32>, count: Int, counting: Bool) -> Bool {
    var backoff = ContentionBackoff()
    var word = unsafe top.pointee.load(ordering: .acquiring)
    while true {
      let below = index(in: word)
      unsafe setNext(below, of: hand[count &- 1])
      if counting {
        // Stale when the top changes meanwhile; then the compare-and-swap fails.
        var depth = below == none ? 0 : depth(of: below)
        for place in Swift.stride(from: count &- 1, through: 0, by: -1) {
          depth &+= 1
          unsafe setDepth(depth, of: hand[place])
        }
      }
      // Release pairs with the acquire in `pop`: what was done to the nodes is done.
      let exchanged = unsafe top.pointee.compareExchange(
        expected: word, desired: self.word(after: word, top: hand[0]), successOrdering: .acquiringAndReleasing,
        failureOrdering: .relaxed
      ).exchanged
      if exchanged { return word & 1 != 0 }
      backoff.loseRace()
      word = unsafe top.pointee.load(ordering: .acquiring)
    }
  }
}
