public import Platform

extension RingProducer where Self: ~Copyable {
  /// Appends one element, waiting for space as `strategy` says. Returns false when the ring is closed.
  ///
  /// What was pushed lazily is published before waiting. Consumers are woken when `strategy` is one that parks: both sides
  /// of a ring use strategies that park, or neither does. Else call `wakeConsumers(_:)` yourself, once per batch.
  @inlinable @inline(__always)
  public mutating func push<Strategy: WaitStrategy>(_ element: Element, waiting strategy: inout Strategy) -> Bool {
    if !tryPush(element) {
      guard pushSlowly(element, waiting: &strategy) else { return false }
    }
    // A strategy that never parks belongs to a pair that spins on both sides: no fence for a sleeper that cannot be.
    if Strategy.parks { wakeConsumers(1) }
    return true
  }

  /// Reserves 1 to `limit` slots, waiting for space as `strategy` says. Returns 0 only when the ring is closed.
  ///
  /// Call `wakeConsumers(_:)` after `publish()` when consumers may be parked.
  @inlinable @inline(__always)
  public mutating func claim<Strategy: WaitStrategy>(upTo limit: Int, waiting strategy: inout Strategy) -> Int {
    let count = claim(upTo: limit)
    if count > 0 || limit <= 0 { return count }
    flush()
    if Strategy.parks { wakeConsumers(.max) }
    strategy.reset()
    while true {
      let count = claim(upTo: limit)
      if count > 0 || isClosed { return count }
      guard strategy.shouldPark() else { continue }
      let ticket = spaceDoorbell.prepareToWait()
      let late = claim(upTo: limit)
      if late > 0 || isClosed {
        spaceDoorbell.cancelWait()
        return late
      }
      spaceDoorbell.wait(ticket)
    }
  }

  @inlinable @inline(never)
  mutating func pushSlowly<Strategy: WaitStrategy>(_ element: Element, waiting strategy: inout Strategy) -> Bool {
    guard claim(upTo: 1, waiting: &strategy) == 1 else { return false }
    write(element, at: 0)
    publish()
    return true
  }
}

extension RingConsumer where Self: ~Copyable {
  /// Removes the oldest element, waiting for one as `strategy` says. Returns nil when the ring is closed and drained.
  ///
  /// Producers are woken when `strategy` is one that parks; see `RingProducer.push(_:waiting:)`.
  @inlinable @inline(__always)
  public mutating func pop<Strategy: WaitStrategy>(waiting strategy: inout Strategy) -> Element? {
    if let element = tryPop() {
      if Strategy.parks { wakeProducers(1) }
      return element
    }
    return popSlowly(waiting: &strategy)
  }

  /// Takes 1 to `limit` elements, waiting for one as `strategy` says. Returns 0 only when the ring is closed and drained.
  ///
  /// Call `wakeProducers(_:)` after `release()` when producers may be parked.
  @inlinable @inline(__always)
  public mutating func take<Strategy: WaitStrategy>(upTo limit: Int, waiting strategy: inout Strategy) -> Int {
    let count = take(upTo: limit)
    if count > 0 || limit <= 0 { return count }
    flush()
    if Strategy.parks { wakeProducers(.max) }
    strategy.reset()
    while true {
      let count = take(upTo: limit)
      if count > 0 { return count }
      if isFinished { return 0 }
      guard strategy.shouldPark() else { continue }
      let ticket = itemDoorbell.prepareToWait()
      let late = take(upTo: limit)
      if late > 0 || isFinished {
        itemDoorbell.cancelWait()
        return late
      }
      itemDoorbell.wait(ticket)
    }
  }

  @inlinable @inline(never)
  mutating func popSlowly<Strategy: WaitStrategy>(waiting strategy: inout Strategy) -> Element? {
    guard take(upTo: 1, waiting: &strategy) == 1 else { return nil }
    let element = element(at: 0)
    release()
    if Strategy.parks { wakeProducers(1) }
    return element
  }
}
