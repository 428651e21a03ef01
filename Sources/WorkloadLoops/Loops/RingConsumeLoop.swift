public import DriverInterface
public import Histograms
public import Platform

/// One consumer of a raw ring: takes items and compares every bit of each with what its number says.
///
/// A batch that continues the present run is compared as a whole, without a branch per item; anything else goes item by item.
@frozen
public struct RingConsumeLoop<Receiver: RingReceiver & ~Copyable, Wait: WaitStrategy, Time: TimeSource>: ~Copyable
where Receiver.Item: RingItem {
  @usableFromInline var receiver: Receiver
  @usableFromInline let wait: Wait
  @usableFromInline let time: Time
  @usableFromInline let meters: WorkerMeters
  @usableFromInline var latency: HistogramRecorder.Writer
  @usableFromInline var serviceTime: HistogramRecorder.Writer
  @usableFromInline var tracker: SequenceTracker
  @usableFromInline let batchCount: Int
  @usableFromInline let takesLazily: Bool
  /// Whether producers may be parked and must be woken.
  @usableFromInline let notifies: Bool
  @usableFromInline var corruptedCount = 0
  /// How many of the items that the ring owned up to having overwritten the tracker knows of.
  @usableFromInline var knownMissedCount: UInt64 = 0
  /// Whether the meters show all that the tracker and `corruptedCount` do.
  @usableFromInline var isSettled = true

  /// Items between two looks at the flags.
  @usableFromInline static var chunkCount: Int { @inlinable get { 4096 } }

  /// Fruitful looks after which the counts of the verification are brought up to date, while the ring is never empty: at most
  /// a million items, and so rarely that it costs less than half a nanosecond for items that come one by one.
  @usableFromInline static var settlePeriod: Int { @inlinable get { 256 } }

  /// A consumer.
  public init(
    receiver: consuming Receiver, wait: Wait, time: Time, meters: WorkerMeters, tracker: consuming SequenceTracker,
    batchCount: Int, takesLazily: Bool, notifies: Bool
  ) {
    self.receiver = receiver
    self.wait = wait
    self.time = time
    self.meters = meters
    self.tracker = tracker
    self.batchCount = batchCount
    self.takesLazily = takesLazily
    self.notifies = notifies
    latency = meters.latency.makeWriter()
    serviceTime = meters.serviceTime.makeWriter()
  }

  /// Runs one phase on the calling thread.
  @inlinable
  public mutating func run(_ phase: PhaseControl) {
    phase.waitUntilReceivingMayStart()
    tracker.beginPhase()
    corruptedCount = 0
    var idler = Idler(wait)
    let isTimed = phase.plan.isOpenLoop && Receiver.Item.holdsTimes
    var takesUntilSettling = Self.settlePeriod
    while true {
      let taken =
        isTimed ? takeTimed() : batchCount > 1 ? takeBatches() : takeSingly()
      if taken > 0 {
        isSettled = false
        idler.found(on: &receiver)
        meters.add(taken, to: .received)
        meters.add(taken &* MemoryLayout<Receiver.Item>.size, to: .receivedBytes)
        takesUntilSettling &-= 1
        if takesUntilSettling == 0 {
          takesUntilSettling = Self.settlePeriod
          settle()
        }
      } else {
        settle()
        meters.add(1, to: .emptyPolls)
        if phase.isReceivingOver { break }
        idler.nothing(on: &receiver)
      }
    }
    idler.found(on: &receiver)
  }

  /// Items one by one; the tracker hears of whole runs.
  @inlinable
  mutating func takeSingly() -> Int {
    var taken = 0
    while taken < Self.chunkCount {
      let start = tracker.expectedWord
      var next = start
      var other: Receiver.Item?
      let limit = Self.chunkCount &- taken
      // Literals where they are used: a closure in a variable would put what it captures behind run-time checks.
      let found =
        takesLazily
        ? receiver.popLazily(upTo: limit) { Self.continues(&next, $0, else: &other) }
        : receiver.popEach(upTo: limit) { Self.continues(&next, $0, else: &other) }
      taken &+= found
      noteRun(from: start, to: next)
      guard let other else { break }
      check(other)
    }
    if notifies { receiver.notify() }
    return taken
  }

  /// Whether `item` is the one with the number `next`, which then moves on; if not, it is kept in `other`.
  @inlinable @inline(__always)
  static func continues(_ next: inout UInt64, _ item: Receiver.Item, else other: inout Receiver.Item?) -> Bool {
    guard item.difference(from: next, holdingTimes: false) == 0 else {
      other = item
      return false
    }
    next &+= 1
    return true
  }

  /// Records numbers that continued the tracker's run.
  @inlinable @inline(__always)
  mutating func noteRun(from start: UInt64, to end: UInt64) {
    let isContinuation = tracker.recordRun(first: start, count: Int(truncatingIfNeeded: end &- start))
    assert(isContinuation, "the run began at the word that the tracker expected")
  }

  @inlinable
  mutating func takeBatches() -> Int {
    var taken = 0
    while taken < Self.chunkCount {
      let count = receiver.take(upTo: batchCount)
      guard count > 0 else { break }
      checkBatch(count)
      receiver.release()
      if notifies { receiver.notify() }
      taken &+= count
      meters.add(1, to: .batches)
    }
    return taken
  }

  @inlinable
  mutating func takeTimed() -> Int {
    let count = receiver.take(upTo: batchCount)
    guard count > 0 else { return 0 }
    let receivedAt = time.now()
    for index in 0..<count {
      let item = receiver.element(at: index)
      let times = item.times
      latency.record(receivedAt &- times.intendedNanoseconds)
      serviceTime.record(receivedAt &- times.sentNanoseconds)
      if item.difference(from: item.number, holdingTimes: true) == 0 {
        let number = SequenceNumber(word: item.number)
        noteMissed(before: number)
        tracker.record(number, isRedelivered: false)
      } else {
        noteCorruption(item.number)
      }
    }
    receiver.release()
    if notifies { receiver.notify() }
    meters.set(.lastReceivedNanoseconds, to: UInt64(bitPattern: receivedAt))
    return count
  }

  /// Compares a whole batch with the continuation of the run, and item by item only if it differs.
  @inlinable @inline(__always)
  mutating func checkBatch(_ count: Int) {
    let first = tracker.expectedWord
    var difference: UInt64 = 0
    for index in 0..<count {
      difference |= receiver.element(at: index)
        .difference(from: first &+ UInt64(truncatingIfNeeded: index), holdingTimes: false)
    }
    if difference == 0, tracker.recordRun(first: first, count: count) { return }
    for index in 0..<count { check(receiver.element(at: index)) }
  }

  @inlinable @inline(__always)
  mutating func check(_ item: Receiver.Item) {
    if item.difference(from: item.number, holdingTimes: false) == 0 {
      let number = SequenceNumber(word: item.number)
      noteMissed(before: number)
      tracker.record(number, isRedelivered: false)
    } else {
      noteCorruption(item.number)
    }
  }

  /// Items that were overwritten since the last look lie right before this one: the ring has one producer then.
  @inlinable @inline(__always)
  mutating func noteMissed(before number: SequenceNumber) {
    let missedCount = receiver.missedCount
    guard missedCount != knownMissedCount else { return }
    tracker.recordDropped(missedCount &- knownMissedCount, before: number)
    knownMissedCount = missedCount
  }

  @usableFromInline @inline(never)
  mutating func noteCorruption(_ number: UInt64) {
    corruptedCount += 1
    meters.findings.note(.corrupted, SequenceNumber(word: number), "is not what its number says")
  }

  /// Makes the counts visible to others; done whenever the ring is empty.
  @inlinable
  mutating func settle() {
    // Not `tracker.isSettled`: the tracker settles by itself when a run breaks, and a corrupted item never reaches it.
    guard !isSettled else { return }
    isSettled = true
    meters.set(.lastReceivedNanoseconds, to: UInt64(bitPattern: time.now()))
    tracker.settle()
    meters.set(.unique, to: UInt64(tracker.uniqueCount))
    meters.set(.duplicated, to: UInt64(tracker.duplicatedCount))
    meters.set(.reordered, to: UInt64(tracker.reorderedCount))
    meters.set(.dropped, to: UInt64(tracker.droppedCount))
    meters.set(.corrupted, to: UInt64(corruptedCount + tracker.strangerCount))
  }
}
