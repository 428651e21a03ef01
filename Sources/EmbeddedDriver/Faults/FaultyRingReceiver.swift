import DriverInterface
import Platform
import WorkloadLoops

/// A ring's receiving end that breaks what it hands on, for a self-test of the verification, or keeps its worker waiting.
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
  /// How many of `shown` were popped.
  private var poppedCount = 0
  private var late: Late?
  /// Whether items of the inner end are to be released.
  private var holdsBatch = false

  init(_ inner: consuming Inner, worker: WorkerFaults, selector: MessageFaultSelector) {
    self.inner = inner
    self.worker = worker
    self.selector = selector
    shown.reserveCapacity(1024)
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

  private func note(_ kind: FaultKind, _ number: SequenceNumber) {
    worker.log.note(Injection(kind: kind, number: number, nanoseconds: worker.time.now()))
  }

  private mutating func showOverdue() {
    guard let late, worker.time.now() - late.since > Self.longestDelayNanoseconds else { return }
    shown.append(late.item)
    self.late = nil
  }

  /// The next item of `pop`, what is held back aside.
  private mutating func pop(_ pop: (inout Inner) -> Inner.Item?) -> Inner.Item? {
    if poppedCount == shown.count {
      shown.removeAll(keepingCapacity: true)
      poppedCount = 0
      _ = worker.look()
      while shown.isEmpty, let item = pop(&inner) { show(item) }
      if shown.isEmpty { showOverdue() }
      guard !shown.isEmpty else { return nil }
      worker.took()
    }
    defer { poppedCount += 1 }
    return shown[poppedCount]
  }
}

extension FaultyRingReceiver: RingReceiver where Inner: ~Copyable {
  typealias Item = Inner.Item

  mutating func tryPop() -> Item? { pop { inner in inner.tryPop() } }
  mutating func popLazily() -> Item? { pop { inner in inner.popLazily() } }

  mutating func take(upTo count: Int) -> Int {
    shown.removeAll(keepingCapacity: true)
    _ = worker.look()
    while shown.isEmpty {
      let taken = inner.take(upTo: count)
      guard taken > 0 else { break }
      for index in 0..<taken { show(inner.element(at: index)) }
      holdsBatch = true
      if shown.isEmpty { release() }
    }
    if shown.isEmpty { showOverdue() }
    if !shown.isEmpty { worker.took() }
    return shown.count
  }

  func element(at index: Int) -> Item { shown[index] }

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
