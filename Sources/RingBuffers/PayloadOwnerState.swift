import Platform
public import Synchronization

/// The free blocks of one size class that one owner holds: a stack, and the rest of the chunk that is being cut.
///
/// Invariant: `0 <= count <= capacity`, and `items[0 ..< count]` are distinct handles of free blocks of this class.
@safe @frozen @usableFromInline
struct PayloadFreeStack {
  @usableFromInline var items: UnsafeMutablePointer<UInt32>
  @usableFromInline var count = 0
  var capacity: Int
  /// The first unit of the chunk that is not cut yet, and how many blocks can still be cut.
  var nextUnit: UInt32 = 0
  var uncutCount = 0

  init() {
    capacity = 64
    unsafe items = .allocate(capacity: capacity)
  }

  func deallocate() { unsafe items.deallocate() }

  mutating func push(_ handle: UInt32) {
    if count == capacity { grow() }
    unsafe items[count] = handle
    count &+= 1
  }

  private mutating func grow() {
    let wider = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity * 2)
    unsafe wider.update(from: items, count: count)
    unsafe items.deallocate()
    unsafe items = wider
    capacity *= 2
  }
}

/// Everything that belongs to one owner number: outlives the `Owner`, to be adopted by the next.
///
/// Owned by: the thread of the `Owner` (stacks, consumers), except for `laneCount` (written under the
/// pool's lock when a returner comes, after the consumer at that index was made), `spill` (its lock) and the counters.
@safe @usableFromInline
final class PayloadOwnerState: @unchecked Sendable {
  // Unchecked, because: see above who may touch what.
  @usableFromInline let number: UInt32
  @usableFromInline let stacks: UnsafeMutablePointer<PayloadFreeStack>
  let consumers: UnsafeMutablePointer<SingleProducerRing<UInt32>.Consumer>
  let laneCount = Atomic<Int>(0)
  /// Bytes handed out so far; written by the owner's thread alone.
  @usableFromInline let allocatedByteCount = Atomic<Int>(0)
  /// Blocks that found no room in their return ring.
  let spill = Guarded<[UInt32]>([])
  let hasSpill = Atomic<Bool>(false)

  init(number: UInt32, returnerLimit: Int) {
    self.number = number
    unsafe stacks = .allocate(capacity: PayloadSizeClass.count)
    for index in 0..<PayloadSizeClass.count { unsafe (stacks + index).initialize(to: PayloadFreeStack()) }
    unsafe consumers = .allocate(capacity: returnerLimit)
  }

  deinit {
    for index in 0..<PayloadSizeClass.count { unsafe stacks[index].deallocate() }
    unsafe stacks.deallocate()
    unsafe consumers.deinitialize(count: laneCount.load(ordering: .relaxed))
    unsafe consumers.deallocate()
  }

  /// Collects returned blocks until one of `sizeClass` is free; returns whether there is one.
  func collect(sizeClass: Int) -> Bool {
    // Acquire pairs with the store in `Control.attachLane`: the consumer at the last index is complete.
    for lane in 0..<laneCount.load(ordering: .acquiring) {
      // In small steps, so that what was collected is still warm when it is handed out.
      while true {
        let count = unsafe consumers[lane].take(upTo: 256)
        if count == 0 { break }
        for index in 0..<count { unsafe push(consumers[lane].element(at: index)) }
        unsafe consumers[lane].release()
        if unsafe stacks[sizeClass].count > 0 { return true }
      }
    }
    guard hasSpill.load(ordering: .relaxed) else { return false }
    let returned = spill.withLock { spill in
      hasSpill.store(false, ordering: .relaxed)
      return exchange(&spill, with: [])
    }
    for handle in returned { push(handle) }
    return unsafe stacks[sizeClass].count > 0
  }

  /// Takes blocks from other threads into the locked list.
  func addSpill(_ handles: [UInt32]) {
    spill.withLock { spill in
      spill.append(contentsOf: handles)
      hasSpill.store(true, ordering: .relaxed)
    }
  }

  private func push(_ handle: UInt32) { unsafe stacks[Int(handle & 31)].push(handle) }
}

private func exchange<Value>(_ place: inout Value, with value: Value) -> Value {
  let old = place
  place = value
  return old
}
