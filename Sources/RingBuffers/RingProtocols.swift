public import Platform

/// What every producer end of a ring can do, so that a loop is written once and compiled for each ring.
///
/// An end belongs to one thread at a time. Elements that were accepted but not yet published (`pushLazily`) are owed a
/// `flush()` before the thread idles.
public protocol RingProducer<Element>: ~Copyable {
  associatedtype Element: BitwiseCopyable & Sendable

  /// Appends one element, visible at once. Returns false when the ring is full or closed.
  mutating func tryPush(_ element: Element) -> Bool

  /// Appends one element that may stay invisible until `flush()`. Returns false when the ring is full or closed.
  mutating func pushLazily(_ element: Element) -> Bool

  /// Publishes what `pushLazily` held back.
  mutating func flush()

  /// Appends the elements 0, 1 … that `element` makes, each visible at once, until there are `count` of them or the ring is full
  /// or closed; returns how many.
  mutating func pushEach(_ count: Int, making element: (Int) -> Element) -> Int

  /// Like `pushEach`, published as `pushLazily` publishes.
  mutating func pushLazily(_ count: Int, making element: (Int) -> Element) -> Int

  /// Reserves up to `limit` slots to be written in place; returns how many (0 when full or closed).
  mutating func claim(upTo limit: Int) -> Int

  /// Writes the claimed slot `index`, counted from the beginning of the claim.
  mutating func write(_ element: Element, at index: Int)

  /// Makes the whole claim visible. Every claimed slot must have been written.
  mutating func publish()

  /// Whether the ring takes no more elements.
  var isClosed: Bool { get }

  /// Wakes up to `count` parked consumers, if any. Costs one fence: call it once per batch.
  func wakeConsumers(_ count: Int32)

  /// Where this end parks for space.
  var spaceDoorbell: Doorbell { get }
}

/// What every consumer end of a ring can do.
public protocol RingConsumer<Element>: ~Copyable {
  associatedtype Element: BitwiseCopyable & Sendable

  /// Removes the oldest element, or returns nil when there is none.
  mutating func tryPop() -> Element?

  /// Removes the oldest element; its slot may stay taken until `flush()` or until the ring looks empty.
  mutating func popLazily() -> Element?

  /// Gives back the slots that `popLazily` held.
  mutating func flush()

  /// Removes elements and shows each to `body`, until there are `limit` of them, the ring is empty or `body` returns false
  /// (its element is removed too); returns how many.
  mutating func popEach(upTo limit: Int, while body: (Element) -> Bool) -> Int

  /// Like `popEach`, with the slots given back as `popLazily` does.
  mutating func popLazily(upTo limit: Int, while body: (Element) -> Bool) -> Int

  /// Takes up to `limit` elements to be read in place; returns how many.
  mutating func take(upTo limit: Int) -> Int

  /// The taken element `index`, counted from the beginning of the batch.
  func element(at index: Int) -> Element

  /// Gives the taken slots back to the producers.
  mutating func release()

  /// How many elements were overwritten before this end saw them; not 0 only in a ring that laps slow readers.
  var missedCount: UInt64 { get }

  /// Whether the ring takes no more elements; those left can still be popped.
  var isClosed: Bool { get }

  /// Whether the ring is closed and everything pushed before the close has been taken.
  var isFinished: Bool { get }

  /// Wakes up to `count` parked producers, if any. Costs one fence: call it once per batch.
  func wakeProducers(_ count: Int32)

  /// Where this end parks for elements.
  var itemDoorbell: Doorbell { get }
}

extension RingProducer where Self: ~Copyable {
  @inlinable @inline(__always)
  public mutating func pushEach(_ count: Int, making element: (Int) -> Element) -> Int {
    var pushed = 0
    while pushed < count, tryPush(element(pushed)) { pushed &+= 1 }
    return pushed
  }

  @inlinable @inline(__always)
  public mutating func pushLazily(_ count: Int, making element: (Int) -> Element) -> Int {
    var pushed = 0
    while pushed < count, pushLazily(element(pushed)) { pushed &+= 1 }
    return pushed
  }
}

extension RingConsumer where Self: ~Copyable {
  @inlinable @inline(__always)
  public var missedCount: UInt64 { 0 }

  @inlinable @inline(__always)
  public mutating func popEach(upTo limit: Int, while body: (Element) -> Bool) -> Int {
    var popped = 0
    while popped < limit, let element = tryPop() {
      popped &+= 1
      if !body(element) { break }
    }
    return popped
  }

  @inlinable @inline(__always)
  public mutating func popLazily(upTo limit: Int, while body: (Element) -> Bool) -> Int {
    var popped = 0
    while popped < limit, let element = popLazily() {
      popped &+= 1
      if !body(element) { break }
    }
    return popped
  }
}
