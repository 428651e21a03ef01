import DriverInterface
import Platform
import RingBuffers
import Serialization
import Synchronization

/// The worker's side of a lane: takes records, runs them, and sends what comes of them back.
///
/// A record's bytes are given back to the intake only after its completion was published, so that a worker that is killed at any
/// moment leaves every record without a completion in the ring. Completions are published one by one, so that at most one record
/// is run twice; the bytes of records are given back when there is nothing to do, or a quarter of the ring has been run.
struct LaneLoop<Handler: LaneHandler & ~Copyable, Time: TimeSource>: ~Copyable {
  /// Why the loop has ended.
  enum Ending { case drained, stopped, retired }

  private let region: LaneRegion
  private let words: LaneWords
  private var requests: ByteRing.Consumer
  private var completions: ByteRing.Producer
  private let bell: Doorbell
  private let time: Time
  private var handler: Handler
  /// What comes of the present record; its memory is used again for the next one.
  private var result: ByteWriter
  /// Whether this is a process, which the intake kills once it has condemned a record.
  private let isDisposable: Bool

  init(_ region: LaneRegion, bell: Doorbell, time: Time, isDisposable: Bool, handler: consuming Handler) {
    self.region = region
    words = region.words
    requests = region.requests.makeConsumer()
    completions = region.completions.makeProducer()
    self.bell = bell
    self.time = time
    self.isDisposable = isDisposable
    self.handler = handler
    result = ByteWriter(capacity: 1024, limit: region.completions.recordByteLimit - CompletionFrame.byteCount)
  }

  /// Runs records until there is a reason to end.
  mutating func run() -> Ending {
    switch region.waiting {
    case .spinning: run(waiting: BusySpin())
    case .spinningThenParked: run(waiting: SpinThenPark())
    case .parked: run(waiting: Parking())
    }
  }

  private mutating func run<Strategy: WaitStrategy>(waiting initial: Strategy) -> Ending {
    var strategy = initial
    let first = unsafe words[.firstSequence].pointee.load(ordering: .acquiring)
    let redelivered = unsafe words[.redeliveredSequence].pointee.load(ordering: .relaxed)
    var remaining = region.recordLimit ?? .max
    while let record = unsafe take(waiting: &strategy) {
      let sequence = unsafe record.load(fromByteOffset: RequestFrame.sequenceOffset, as: UInt64.self)
      // A worker that died had run it, and published what came of it, but not given its bytes back.
      guard sequence >= first else { continue }
      unsafe run(record, sequence, isRedelivered: sequence == redelivered, waiting: &strategy)
      remaining -= 1
      if remaining == 0 { break }
    }
    release()
    if remaining == 0 { return .retired }
    return isStopped ? .stopped : .drained
  }

  /// The next record; nil when the loop is to end.
  @inline(__always)
  private mutating func take<Strategy: WaitStrategy>(waiting strategy: inout Strategy) -> UnsafeRawBufferPointer? {
    if !isStopped, let record = unsafe requests.next() { return unsafe record }
    release()
    strategy.reset()
    while !isStopped {
      if let record = unsafe requests.next() { return unsafe record }
      if requests.isFinished { return nil }
      if strategy.shouldPark() { park() }
    }
    return nil
  }

  /// Sleeps until there is a record or another reason to look.
  @inline(never)
  private mutating func park() {
    release()  // Else what is left of the ring's end would look like a record.
    let ticket = requests.itemDoorbell.prepareToWait()
    if isStopped || requests.isFinished || region.requests.usedByteCount > 0 {
      requests.itemDoorbell.cancelWait()
    } else {
      requests.itemDoorbell.wait(ticket)
    }
  }

  @inline(__always)
  private mutating func run<Strategy: WaitStrategy>(
    _ record: UnsafeRawBufferPointer, _ sequence: UInt64, isRedelivered: Bool, waiting strategy: inout Strategy
  ) {
    guard let start = record.baseAddress else { preconditionFailure("a record has a frame") }
    if unsafe start.load(fromByteOffset: RequestFrame.isLimitedOffset, as: UInt64.self) != 0 {
      unsafe words[.since].pointee.store(UInt64(bitPattern: time.now()), ordering: .relaxed)
    }
    let mark = RunningMark(running: sequence)
    // Release pairs with the acquire in `LaneChannel.runningMark`: who sees the mark sees since when.
    unsafe words[.running].pointee.store(mark.rawValue, ordering: .releasing)
    result.removeAll()
    let body = unsafe MessageBody(start: start + RequestFrame.byteCount, count: record.count - RequestFrame.byteCount)
    handler.run(body, LaneContext(words: words, mark: mark, isRedelivered: isRedelivered), into: &result)
    let isFinished = unsafe words[.running].pointee.compareExchange(
      expected: mark.rawValue, desired: mark.finished.rawValue, ordering: .acquiringAndReleasing
    ).exchanged
    if !isFinished && isDisposable { awaitTheEnd() }
    let isTooLarge = result.hasOverflowed
    if isTooLarge { result.removeAll() }
    complete(sequence, isTooLarge ? .resultTooLarge : [], waiting: &strategy)
  }

  @inline(__always)
  private mutating func complete<Strategy: WaitStrategy>(
    _ sequence: UInt64, _ remarks: LaneRemarks, waiting strategy: inout Strategy
  ) {
    let claim = completions.claim(byteCount: CompletionFrame.byteCount + result.count, waiting: &strategy)
    // Closed when the intake has gone, and with it whoever waited for this.
    guard claim == .granted, let target = unsafe completions.claimedBytes.baseAddress else { return }
    unsafe target.storeBytes(of: sequence, toByteOffset: CompletionFrame.sequenceOffset, as: UInt64.self)
    unsafe target.storeBytes(of: remarks.rawValue, toByteOffset: CompletionFrame.remarksOffset, as: UInt64.self)
    unsafe (target + CompletionFrame.byteCount).copyMemory(from: result.bytes.start, byteCount: result.count)
    completions.publish()
    // Before the ring: who is woken by it may have a record that fits only now, and is not woken again.
    let heldByteCount = requests.heldByteCount
    if heldByteCount > region.requests.capacity / 4 || heldByteCount == region.requests.usedByteCount {
      requests.release()
    }
    // For each: the next record may take seconds.
    bell.ring()
  }

  /// Gives back the bytes of records that nobody rings for: those that were skipped, and what is left of the ring's end.
  @inline(__always)
  private mutating func release() {
    guard requests.heldByteCount > 0 else { return }
    requests.release()
    bell.ring()
  }

  @inline(__always)
  private var isStopped: Bool { unsafe words[.stop].pointee.load(ordering: .relaxed) != 0 }

  /// The intake has decided what becomes of the record, and kills this process.
  @inline(never)
  private func awaitTheEnd() -> Never {
    while true { PrecisionSleep.sleep(nanoseconds: 1_000_000_000) }
  }
}
