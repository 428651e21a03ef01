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

  /// Takes out the half that would be used last.
  mutating func takeOlderHalf() -> [UInt32] {
    let half = count / 2
    let taken = unsafe Array(UnsafeBufferPointer(start: items, count: half))
    unsafe items.update(from: items + half, count: count - half)
    count -= half
    return taken
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
/// Owned by: the thread of the `Owner` (stacks), except for the consumers (whoever has raised `isCollecting`), `laneCount` (written
/// under the pool's lock when a returner comes, after the consumer at that index was made), `spill` (its lock) and the counters.
@safe @usableFromInline
final class PayloadOwnerState: @unchecked Sendable {
  // Unchecked, because: see above who may touch what.
  @usableFromInline let number: UInt32
  @usableFromInline let stacks: UnsafeMutablePointer<PayloadFreeStack>
  let consumers: UnsafeMutablePointer<SingleProducerRing<UInt32>.Consumer>
  let laneCount = Atomic<Int>(0)
  /// Bytes handed out so far; written by the owner's thread alone.
  @usableFromInline let allocatedByteCount = Atomic<Int>(0)
  /// Blocks that found no room in their return ring or on their stack.
  let spill = Guarded(PayloadSpill())
  let hasSpill = Atomic<Bool>(false)
  /// Whether somebody, the owner or `PayloadPool.trim`, is taking from the return rings.
  private let isCollecting = Atomic<Bool>(false)

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
    if collectReturns(sizeClass: sizeClass) { return true }
    guard hasSpill.load(ordering: .relaxed) else { return false }
    // A part, so that the rest stays where `PayloadPool.trim` can find whole chunks.
    let limit = min(4096, PayloadSizeClass.stackLimit(of: sizeClass))
    let returned = changeSpill { $0.take(upTo: limit, sizeClass: sizeClass) }
    for handle in returned { push(handle) }
    return !returned.isEmpty
  }

  private func collectReturns(sizeClass: Int) -> Bool {
    // While the pool is being trimmed the rings are as good as empty. Acquire pairs with the release below and in `drainReturns`.
    guard !isCollecting.exchange(true, ordering: .acquiring) else { return false }
    defer { isCollecting.store(false, ordering: .releasing) }
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
    return false
  }

  /// Moves what is in the return rings to the locked list: for an owner that does not allocate.
  func drainReturns() {
    guard !isCollecting.exchange(true, ordering: .acquiring) else { return }
    defer { isCollecting.store(false, ordering: .releasing) }
    for lane in 0..<laneCount.load(ordering: .acquiring) {
      let consumer = unsafe consumers + lane
      while true {
        let count = unsafe consumer.pointee.take(upTo: 1024)
        if count == 0 { break }
        addSpill((0..<count).map { unsafe consumer.pointee.element(at: $0) })
        unsafe consumer.pointee.release()
      }
    }
  }

  /// Takes blocks from other threads into the locked list.
  func addSpill(_ handles: [UInt32]) { changeSpill { $0.add(handles) } }

  /// Runs `body` on the locked list.
  func changeSpill<Result>(_ body: (inout PayloadSpill) -> Result) -> Result {
    spill.withLock { spill in
      defer { hasSpill.store(!spill.isEmpty, ordering: .relaxed) }
      return body(&spill)
    }
  }

  /// Puts a free block on its stack, which does not grow for ever: blocks of a size that is not asked for any more go to the
  /// locked list.
  func push(_ handle: UInt32) {
    // Through a local: for a mutating call on `stacks[…]` ThreadSanitizer is given the first field of `self`, a shared
    // object, as what is modified, and reports a race that is none (Swift 6.3.1).
    let stack = unsafe stacks + Int(handle & 31)
    unsafe stack.pointee.push(handle)
    if unsafe stack.pointee.count > PayloadSizeClass.stackLimit(of: Int(handle & 31)) {
      addSpill(unsafe stack.pointee.takeOlderHalf())
    }
  }
}
