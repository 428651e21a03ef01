import DriverInterface
import Platform
import WorkloadLoops

/// A ring's receiving end that breaks what it hands on, for a self-test of the verification, or keeps its worker waiting.
///
/// A ring that laps says once per batch how many items it overwrote before it. The first item behind such a gap is left alone:
/// what became of it could not be told from what became of its neighbours.
struct FaultyRingReceiver<Inner: RingReceiver & ~Copyable>: ~Copyable where Inner.Item: RingItem {
  /// An item shown behind its successor.
  private struct Late {
    var item: Inner.Item
    var since: Int64
  }

  /// An item whose successor does not come is shown as it is after this time: well before its absence counts as a loss.
  private static var longestDelayNanoseconds: Int64 { 100_000_000 }

  private var inner: Inner
  private var selector: MessageFaultSelector
  private let worker: WorkerFaults
  private var shown: [Inner.Item] = []
  /// Room for what was taken and not looked at yet.
  private var taken: [Inner.Item] = []
  /// How many of `shown` were popped.
  private var poppedCount = 0
  private var late: Late?
  /// Whether items of the inner end are to be released.
  private var holdsBatch = false
  /// Whether items may be missing before the first of a batch.
  private let laps: Bool
  private var knownMissedCount: UInt64 = 0

  init(_ inner: consuming Inner, laps: Bool, worker: WorkerFaults, selector: MessageFaultSelector) {
    self.inner = inner
    self.laps = laps
    self.worker = worker
    self.selector = selector
    shown.reserveCapacity(8192)
    taken.reserveCapacity(4096)
  }

  private mutating func show(_ item: Inner.Item) {
    let number = SequenceNumber(word: item.number)
    switch selector.fault(of: number) {
    case .lose:
      note(.lose, number)
      return
    case .reorder where late == nil:
      late = Late(item: item, since: worker.time.now())
      return
    case .corrupt:
      shown.append(item.withFlippedBit(number.word))
      note(.corrupt, number)
      return
    case .duplicate:
      shown.append(item)
      shown.append(item)
      note(.duplicate, number)
    default:
      shown.append(item)
    }
    if let late, SequenceNumber(word: late.item.number).stream == number.stream {
      shown.append(late.item)
      note(.reorder, SequenceNumber(word: late.item.number))
      self.late = nil
    }
  }

  /// Takes a batch of the inner end and makes of it what is shown; returns how many items it had.
  private mutating func showBatch(_ limit: Int) -> Int {
    let count = inner.take(upTo: limit)
    guard count > 0 else { return 0 }
    let isBehindGap = inner.missedCount != knownMissedCount
    knownMissedCount = inner.missedCount
    if isBehindGap { shown.append(inner.element(at: 0)) }
    for index in (isBehindGap ? 1 : 0)..<count { show(inner.element(at: index)) }
    return count
  }

  private func note(_ kind: FaultKind, _ number: SequenceNumber) {
    worker.log.note(Injection(kind: kind, number: number, nanoseconds: worker.time.now()))
  }

  private mutating func showOverdue() {
    guard let late, worker.time.now() - late.since > Self.longestDelayNanoseconds else { return }
    shown.append(late.item)
    self.late = nil
  }

  /// Takes up to `limit` items and makes of them what is shown; false when there is nothing to show.
  private mutating func refill(_ limit: Int, lazily: Bool) -> Bool {
    shown.removeAll(keepingCapacity: true)
    poppedCount = 0
    _ = worker.look()
    if laps {
      while shown.isEmpty, showBatch(limit) > 0 { inner.release() }
    } else {
      showEach(limit, lazily: lazily)
    }
    if shown.isEmpty { showOverdue() }
    if !shown.isEmpty { worker.took() }
    return !shown.isEmpty
  }

  /// Pops up to `limit` items, and more as long as there is nothing to show.
  private mutating func showEach(_ limit: Int, lazily: Bool) {
    // Out of `self`, so that the closure holds nothing that the inner end is called on.
    var fresh: [Inner.Item] = []
    swap(&fresh, &taken)
    repeat {
      fresh.removeAll(keepingCapacity: true)
      let count =
        lazily
        ? inner.popLazily(upTo: limit) { item in
          fresh.append(item)
          return true
        }
        : inner.popEach(upTo: limit) { item in
          fresh.append(item)
          return true
        }
      for item in fresh { show(item) }
      if count == 0 { break }
    } while shown.isEmpty
    swap(&fresh, &taken)
  }

  private mutating func pop(upTo limit: Int, lazily: Bool, while body: (Inner.Item) -> Bool) -> Int {
    var count = 0
    while count < limit {
      if poppedCount == shown.count {
        guard refill(limit - count, lazily: lazily) else { break }
      }
      let item = shown[poppedCount]
      poppedCount += 1
      count += 1
      if !body(item) { break }
    }
    return count
  }
}

extension FaultyRingReceiver: RingReceiver where Inner: ~Copyable {
  typealias Item = Inner.Item

  mutating func tryPop() -> Item? {
    var found: Item?
    _ = pop(upTo: 1, lazily: false) { item in
      found = item
      return true
    }
    return found
  }

  mutating func popEach(upTo limit: Int, while body: (Item) -> Bool) -> Int {
    pop(upTo: limit, lazily: false, while: body)
  }

  mutating func popLazily(upTo limit: Int, while body: (Item) -> Bool) -> Int {
    pop(upTo: limit, lazily: true, while: body)
  }

  mutating func take(upTo count: Int) -> Int {
    shown.removeAll(keepingCapacity: true)
    _ = worker.look()
    while shown.isEmpty {
      guard showBatch(count) > 0 else { break }
      holdsBatch = true
      if shown.isEmpty { release() }
    }
    if shown.isEmpty { showOverdue() }
    if !shown.isEmpty { worker.took() }
    return shown.count
  }

  func element(at index: Int) -> Item { shown[index] }

  /// What is shown came behind what was missed so far.
  var missedCount: UInt64 { knownMissedCount }

  mutating func release() {
    shown.removeAll(keepingCapacity: true)
    poppedCount = 0
    guard holdsBatch else { return }
    holdsBatch = false
    inner.release()
  }

  mutating func notify() { inner.notify() }
  mutating func prepareToWait() { inner.prepareToWait() }
  mutating func cancelWait() { inner.cancelWait() }
  mutating func wait(timeoutNanoseconds: Int64) { inner.wait(timeoutNanoseconds: timeoutNanoseconds) }
}

extension RingItem {
  /// The item with one bit of its last word flipped: the word that every kind of load compares. An item of one word is its
  /// number, so that it becomes another item, and its own is missing.
  fileprivate func withFlippedBit(_ random: UInt64) -> Self {
    var item = self
    unsafe withUnsafeMutableBytes(of: &item) { bytes in
      let bit = Int(truncatingIfNeeded: random % 64)
      unsafe bytes[bytes.count - 8 + bit / 8] ^= 1 << (bit % 8)
    }
    return item
  }
}
