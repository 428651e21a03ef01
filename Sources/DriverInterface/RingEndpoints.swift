/// One thread's end for putting items into a raw ring.
public protocol RingSender: WaitingEndpoint, ~Copyable {
  /// What the ring holds.
  associatedtype Item: BitwiseCopyable

  /// Puts one item in and publishes it; false when the ring is full.
  mutating func tryPush(_ item: Item) -> Bool
  /// Puts the items 0, 1 … that `item` makes in, up to `count` of them, and publishes each; returns how many there was room for.
  mutating func pushEach(_ count: Int, making item: (Int) -> Item) -> Int
  /// The same, published now and then. The caller owes a `flush` before it idles.
  mutating func pushLazily(_ count: Int, making item: (Int) -> Item) -> Int
  /// Publishes what lazy pushes held back.
  mutating func flush()
  /// Reserves up to `count` places; returns how many.
  mutating func claim(upTo count: Int) -> Int
  /// Fills place `index` of the claim.
  mutating func write(_ item: Item, at index: Int)
  /// Publishes the claim, of which every place is filled.
  mutating func publish()
  /// Tells a parked receiver that there is something to take. Owed once per batch when receivers may park.
  mutating func notify()
}

/// One thread's end for taking items out of a raw ring.
public protocol RingReceiver: WaitingEndpoint, ~Copyable {
  /// What the ring holds.
  associatedtype Item: BitwiseCopyable

  /// Takes one item and gives its place back.
  mutating func tryPop() -> Item?
  /// Takes items, up to `limit`, and shows each to `body` until it returns false; gives each place back. Returns how many.
  mutating func popEach(upTo limit: Int, while body: (Item) -> Bool) -> Int
  /// The same, with places given back now and then, at the latest when the ring is empty.
  mutating func popLazily(upTo limit: Int, while body: (Item) -> Bool) -> Int
  /// Takes up to `count` items, which stay in their places until `release`; returns how many.
  mutating func take(upTo count: Int) -> Int
  /// Item `index` of those taken.
  func element(at index: Int) -> Item
  /// Gives the places back.
  mutating func release()
  /// How many items were overwritten before this end saw them, by a sender that does not wait for slow receivers.
  var missedCount: UInt64 { get }
  /// Tells a parked sender that there is room. Owed once per batch when senders may park.
  mutating func notify()
}

extension RingReceiver where Self: ~Copyable {
  /// Most rings wait for their receivers.
  @inlinable
  public var missedCount: UInt64 { 0 }
}
