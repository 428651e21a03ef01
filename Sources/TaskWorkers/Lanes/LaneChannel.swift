import DriverInterface
import Platform
import RingBuffers
import Synchronization

/// The intake's side of a lane: its ends of the two rings, and the ledger of what is in hand. What is particular to a thread or a
/// child, its life and its death, is the lane's.
@safe struct LaneChannel: ~Copyable {
  let region: LaneRegion
  private let words: LaneWords
  private var requests: ByteRing.Producer
  private var completions: ByteRing.Consumer
  var ledger: LaneLedger
  private var isUnrung = false
  private(set) var isClosed = false
  /// What comes back without a worker's word; older than anything in the ring.
  private var returned: [(ticket: UInt64, remarks: LaneRemarks)] = []
  /// The record that this side condemned last, and for what.
  private var sentence: (sequence: UInt64, remarks: LaneRemarks)?
  /// How many attempts are made again because their worker died.
  private(set) var replayCount = 0
  /// Whether the worker sent what it cannot mean: it has gone mad.
  private(set) var isContradicted = false

  init(_ region: LaneRegion, depth: Int) {
    self.region = region
    words = region.words
    requests = region.requests.makeProducer()
    completions = region.completions.makeConsumer()
    ledger = LaneLedger(limit: depth)
  }

  var inHandCount: Int { ledger.count + returned.count }

  mutating func tryHandOver(_ order: LaneOrder, _ body: MessageBody) -> LaneAdmission {
    guard !isClosed else { return .closed }
    guard !ledger.isFull else { return .full }
    switch requests.claim(byteCount: RequestFrame.byteCount + body.count) {
    case .granted: break
    case .full: return .full
    case .tooLarge: return .tooLarge
    case .closed: return .closed
    }
    guard let target = unsafe requests.claimedBytes.baseAddress else { return .closed }
    let sequence = ledger.append(order)
    unsafe target.storeBytes(of: sequence, toByteOffset: RequestFrame.sequenceOffset, as: UInt64.self)
    unsafe target.storeBytes(
      of: order.isLimited ? 1 : 0, toByteOffset: RequestFrame.isLimitedOffset, as: UInt64.self)
    unsafe (target + RequestFrame.byteCount).copyMemory(from: body.start, byteCount: body.count)
    requests.stage()
    isUnrung = true
    return .taken
  }

  mutating func flush() {
    guard isUnrung else { return }
    isUnrung = false
    requests.flush()
    requests.wakeConsumers()
  }

  /// Whether a completion is there to be taken.
  var hasCompletions: Bool { !returned.isEmpty || !isDrained }

  /// Whether every result that the worker has published was taken.
  var isDrained: Bool { region.completions.usedByteCount == completions.heldByteCount }

  mutating func nextCompletion() -> LaneCompletion? {
    if !returned.isEmpty { return nextReturned() }
    while let record = unsafe completions.next() {
      guard let start = record.baseAddress, record.count >= CompletionFrame.byteCount, ledger.count > 0,
        unsafe start.load(fromByteOffset: CompletionFrame.sequenceOffset, as: UInt64.self) == ledger.head
      else {
        isContradicted = true
        continue
      }
      let sequence = ledger.head
      let entry = ledger.removeFirst()
      var remarks = unsafe LaneRemarks(
        rawValue: start.load(fromByteOffset: CompletionFrame.remarksOffset, as: UInt64.self)
      ).intersection(.ofWorker)
      // Not the worker's word: this side knows who died of what.
      if entry.lossCount > 0 { remarks.insert(.redelivered) }
      if let sentence, sentence.sequence == sequence { remarks.formUnion(sentence.remarks) }
      let body = unsafe MessageBody(
        start: start + CompletionFrame.byteCount, count: record.count - CompletionFrame.byteCount)
      return LaneCompletion(ticket: entry.order.ticket, remarks: remarks, body: body)
    }
    return nil
  }

  @inline(never)
  private mutating func nextReturned() -> LaneCompletion {
    let next = returned.removeFirst()
    let nothing = unsafe MessageBody(start: words.base, count: 0)
    return LaneCompletion(ticket: next.ticket, remarks: next.remarks, body: nothing)
  }

  mutating func releaseCompletions() {
    guard completions.heldByteCount > 0 else { return }
    completions.release()
    completions.wakeProducers()
  }

  // MARK: What is rare

  /// What the worker is at. Acquire pairs with the release in `LaneLoop.run`.
  var runningMark: RunningMark { unsafe RunningMark(rawValue: words[.running].pointee.load(ordering: .acquiring)) }

  /// Looks whether the oldest record is to end, by its limits or the intake's wish.
  /// - Returns: when to look again, and whether a record was condemned just now.
  mutating func enforceLimits(now: Int64) -> (next: Int64, condemned: Bool) {
    guard ledger.count > 0 else { return (.max, false) }
    let (order, isUnwanted) = (ledger.first.order, ledger.first.isUnwanted)
    guard order.isLimited || isUnwanted else { return (.max, false) }
    let mark = runningMark
    guard mark.sequence == ledger.head else {
      // It may begin at any moment: then its limit is not over before this.
      return (isUnwanted ? now &+ Self.soonNanoseconds : now.advanced(upTo: order.shortestLimit), false)
    }
    guard mark.isRunning else { return (.max, false) }
    if isUnwanted { return (.max, condemn(mark, for: .terminated)) }
    let since = unsafe Int64(bitPattern: words[.since].pointee.load(ordering: .relaxed))
    var next = Int64.max
    if order.softLimitNanoseconds > 0 {
      let end = since.advanced(upTo: order.softLimitNanoseconds)
      if end <= now {
        unsafe words[.softSequence].pointee.store(mark.sequence, ordering: .relaxed)
      } else {
        next = end
      }
    }
    if order.hardLimitNanoseconds > 0 {
      let end = since.advanced(upTo: order.hardLimitNanoseconds)
      if end <= now { return (.max, condemn(mark, for: .timeLimitExceeded)) }
      next = min(next, end)
    }
    return (next, false)
  }

  /// How soon to look for the beginning of a record that is to be ended as soon as it begins.
  private static let soonNanoseconds: Int64 = 1_000_000

  /// Decides that whatever the worker makes of the record does not count; false when it was faster.
  private mutating func condemn(_ mark: RunningMark, for reason: LaneRemarks) -> Bool {
    let isFirst = unsafe words[.running].pointee.compareExchange(
      expected: mark.rawValue, desired: mark.condemned.rawValue, ordering: .acquiringAndReleasing
    ).exchanged
    if isFirst { sentence = (mark.sequence, reason) }
    return isFirst
  }

  /// Takes no more records; the worker finishes those that it has.
  mutating func close() {
    guard !isClosed else { return }
    isClosed = true
    flush()
    region.requests.close()
  }

  /// Takes no more records, and has the worker end after the one that it runs.
  mutating func stop() {
    close()
    unsafe words[.stop].pointee.store(1, ordering: .relaxed)
    region.requests.itemDoorbell.ring(waking: .max)
  }

  /// Nobody will take anything any more: has the worker end after the record that it runs, even if it waits for room.
  func abandon() {
    unsafe words[.stop].pointee.store(1, ordering: .relaxed)
    region.requests.close()
    region.completions.close()
  }

  /// After the death of the worker, and after all that it had completed was taken: decides what becomes of the record that it
  /// ran, and prepares the memory for the next one. Returns whether that record is run again.
  @discardableResult
  mutating func settle(mayReplay: Bool) -> Bool {
    precondition(isDrained, "what the dead worker has completed comes first")
    let mark = runningMark
    let reason = sentence.flatMap { $0.sequence == mark.sequence ? $0.remarks : nil }
    var redelivered: UInt64 = 0
    var isReplayed = false
    switch ledger.settle(after: mark, sentence: reason, mayReplay: mayReplay) {
    case .untouched: redelivered = ledger.count > 0 && ledger.first.lossCount > 0 ? ledger.head : 0
    case .replayed:
      isReplayed = true
      redelivered = ledger.head
      replayCount += ledger.first.order.attemptCount
    case .given(let remarks): returned.append((ledger.removeFirst().order.ticket, remarks))
    }
    isContradicted = false
    unsafe words[.redeliveredSequence].pointee.store(redelivered, ordering: .relaxed)
    unsafe words[.running].pointee.store(0, ordering: .relaxed)
    // The record that is run again has its whole limit again.
    unsafe words[.softSequence].pointee.store(0, ordering: .relaxed)
    // Release pairs with the acquire at the start of `LaneLoop.run`.
    unsafe words[.firstSequence].pointee.store(ledger.head, ordering: .releasing)
    region.forgetWorkersSleep()
    return isReplayed
  }

  /// Gives everything back that is still in hand.
  mutating func returnAll() {
    while ledger.count > 0 {
      let entry = ledger.removeFirst()
      let again: LaneRemarks = entry.lossCount > 0 ? .redelivered : []
      returned.append((entry.order.ticket, again.union(.notBegun)))
    }
  }
}
