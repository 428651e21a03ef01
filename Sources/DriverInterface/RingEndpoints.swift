/// One thread's end for putting items into a raw ring.
public protocol RingSender: WaitingEndpoint, ~Copyable {
  /// What the ring holds.
  associatedtype Item: BitwiseCopyable

  /// Puts one item in and publishes it; false when the ring is full.
  mutating func tryPush(_ item: Item) -> Bool
  /// Puts one item in and publishes now and then; false when the ring is full. The caller owes a `flush` before it idles.
  mutating func pushLazily(_ item: Item) -> Bool
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
  /// Takes one item and gives places back now and then, at the latest when the ring is empty.
  mutating func popLazily() -> Item?
  /// Takes up to `count` items, which stay in their places until `release`; returns how many.
  mutating func take(upTo count: Int) -> Int
  /// Item `index` of those taken.
  func element(at index: Int) -> Item
  /// Gives the places back.
  mutating func release()
  /// Tells a parked sender that there is room. Owed once per batch when senders may park.
  mutating func notify()
}
