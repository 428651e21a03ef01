import DriverInterface
import WorkloadLoops

/// A ring of one thread, with the faults that a test asks for.
final class FakeRing<Item: RingItem> {
  let capacity: Int
  var faults: [FaultAt] = []
  private var items: [Item] = []
  private var head = 0
  private var pushedCount = 0
  private var held: Item?
  /// Turns an item's bits; set for the fault `corrupt`.
  var flip: (Item, Int) -> Item = { item, _ in item }
  /// How often an end told the other that there is something, or room.
  var notifyCount = 0

  init(capacity: Int) {
    self.capacity = capacity
    items.reserveCapacity(capacity + 2)
  }

  var count: Int { items.count - head }

  func push(_ item: Item) -> Bool {
    if count >= capacity { return false }
    let position = pushedCount
    pushedCount += 1
    let fault = faults.first { $0.position == position }?.fault
    switch fault {
    case nil: items.append(item)
    case .lose: break
    case .double: items += [item, item]
    case .swap:
      held = item
      return true
    case .corrupt(let bit): items.append(flip(item, bit))
    }
    if let late = held {
      held = nil
      items.append(late)
    }
    return true
  }

  /// The item `offset` places from the next one.
  func item(at offset: Int) -> Item { items[head + offset] }

  func remove(_ count: Int) {
    head += count
    if head == items.count {
      items.removeAll(keepingCapacity: true)
      head = 0
    }
  }
}

/// Any bit of an item of any size.
func flipping<Item: RingItem>(_ bit: Int, of item: Item) -> Item {
  var flipped = item
  unsafe withUnsafeMutableBytes(of: &flipped) { unsafe $0[bit / 8] ^= 1 << (bit % 8) }
  return flipped
}

struct FakeRingSender<Item: RingItem>: RingSender, ~Copyable {
  let ring: FakeRing<Item>
  private var claim: [Item?] = []
  private var lazy: [Item] = []

  init(_ ring: FakeRing<Item>) { self.ring = ring }

  mutating func tryPush(_ item: Item) -> Bool { ring.push(item) }

  mutating func pushEach(_ count: Int, making item: (Int) -> Item) -> Int {
    var pushed = 0
    while pushed < count, tryPush(item(pushed)) { pushed += 1 }
    return pushed
  }

  mutating func pushLazily(_ count: Int, making item: (Int) -> Item) -> Int {
    for index in 0..<count {
      guard ring.count + lazy.count < ring.capacity else { return index }
      lazy.append(item(index))
      if lazy.count == 16 { flush() }
    }
    return count
  }

  mutating func flush() {
    for item in lazy { precondition(ring.push(item), "the place was reserved") }
    lazy.removeAll(keepingCapacity: true)
  }

  mutating func claim(upTo count: Int) -> Int {
    claim = Array(repeating: nil, count: min(count, ring.capacity - ring.count))
    return claim.count
  }

  mutating func write(_ item: Item, at index: Int) { claim[index] = item }
  mutating func publish() { for item in claim { precondition(ring.push(item!), "the place was claimed") } }
  mutating func notify() { ring.notifyCount += 1 }
  mutating func prepareToWait() {}
  mutating func cancelWait() {}
  mutating func wait(timeoutNanoseconds: Int64) {}
}

struct FakeRingReceiver<Item: RingItem>: RingReceiver, ~Copyable {
  let ring: FakeRing<Item>
  private var takenCount = 0

  init(_ ring: FakeRing<Item>) { self.ring = ring }

  mutating func tryPop() -> Item? {
    guard ring.count > 0 else { return nil }
    defer { ring.remove(1) }
    return ring.item(at: 0)
  }

  mutating func popEach(upTo limit: Int, while body: (Item) -> Bool) -> Int {
    var popped = 0
    while popped < limit, let item = tryPop() {
      popped += 1
      if !body(item) { break }
    }
    return popped
  }

  mutating func popLazily(upTo limit: Int, while body: (Item) -> Bool) -> Int { popEach(upTo: limit, while: body) }

  mutating func take(upTo count: Int) -> Int {
    takenCount = min(count, ring.count)
    return takenCount
  }

  func element(at index: Int) -> Item { ring.item(at: index) }
  mutating func release() { ring.remove(takenCount) }
  mutating func notify() { ring.notifyCount += 1 }
  mutating func prepareToWait() {}
  mutating func cancelWait() {}
  mutating func wait(timeoutNanoseconds: Int64) {}
}
