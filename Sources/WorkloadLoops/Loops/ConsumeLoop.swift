public import DriverInterface
public import Histograms
public import Platform

/// One consumer: takes, verifies, times, handles and acknowledges.
@frozen
public struct ConsumeLoop<Receiver: MessageReceiver & ~Copyable, Wait: WaitStrategy, Time: TimeSource>: ~Copyable {
  @usableFromInline var receiver: Receiver
  @usableFromInline let wait: Wait
  @usableFromInline let time: Time
  @usableFromInline let meters: WorkerMeters
  @usableFromInline var latency: HistogramRecorder.Writer
  @usableFromInline var serviceTime: HistogramRecorder.Writer
  @usableFromInline let board: StreamBoard
  @usableFromInline var tracker: SequenceTracker
  @usableFromInline let handler: MessageHandler
  @usableFromInline let checksPayload: Bool
  @usableFromInline let sizes: BodySizes
  @usableFromInline let batchCount: Int
  /// Which deliveries fail.
  @usableFromInline let failures: FailurePlan?
  /// Whether what is done with is counted: where messages may be lost by rule, that is what must add up.
  @usableFromInline let countsSettled: Bool
  /// Acknowledge after this many messages; 1 each by itself, 0 never.
  @usableFromInline let acknowledgeEvery: Int
  @usableFromInline var unacknowledgedCount = 0
  @usableFromInline var lastTag: UInt64 = 0
  @usableFromInline var corruptedCount = 0
  @usableFromInline var now: Int64 = 0
  @usableFromInline var isSettled = true
  @usableFromInline var settledAt: Int64 = 0
  /// What the tracker counted when the phase was over; nil until then.
  @usableFromInline var uniqueCountInTime: Int?
  /// What a simulated consumer has in hand.
  @usableFromInline var work = SimulatedWork()

  /// How far behind the counts of the verification may be while messages keep coming, in nanoseconds.
  @usableFromInline static var settlePeriod: Int64 { @inlinable get { 1_000_000 } }

  /// A consumer.
  public init(
    receiver: consuming Receiver, wait: Wait, time: Time, meters: WorkerMeters, board: StreamBoard,
    tracker: consuming SequenceTracker, handler: MessageHandler, checksPayload: Bool, batchCount: Int,
    acknowledgement: WorkloadPlan.Acknowledgement, sizes: BodySizes = .unknown, failures: FailurePlan? = nil,
    countsSettled: Bool = false
  ) {
    self.receiver = receiver
    self.wait = wait
    self.time = time
    self.meters = meters
    self.board = board
    self.tracker = tracker
    self.handler = handler
    self.checksPayload = checksPayload
    self.batchCount = batchCount
    self.sizes = sizes
    self.failures = failures
    self.countsSettled = countsSettled
    latency = meters.latency.makeWriter()
    serviceTime = meters.serviceTime.makeWriter()
    switch acknowledgement {
    case .each: acknowledgeEvery = 1
    case .none: acknowledgeEvery = 0
    case .every(let count): acknowledgeEvery = count
    }
  }

  /// Runs one phase on the calling thread.
  @inlinable
  public mutating func run(_ phase: PhaseControl) {
    phase.waitUntilReceivingMayStart()
    begin()
    var idler = Idler(wait)
    let isOpenLoop = phase.plan.isOpenLoop
    let reportsCompletion = phase.plan.reportsCompletion
    while !phase.isReceivingOver {
      switch step(phase, isOpenLoop: isOpenLoop, reportsCompletion: reportsCompletion) {
      case .worked:
        idler.found(on: &receiver)
      default:
        if !isSettled { settle() }
        meters.add(1, to: .emptyPolls)
        idler.nothing(on: &receiver)
      }
    }
    idler.found(on: &receiver)
    takeLeftovers()
    finish()
  }

  /// Prepares for a phase.
  @inlinable
  public mutating func begin() {
    tracker.beginPhase()
    corruptedCount = 0
    uniqueCountInTime = nil
    now = time.now()
    settledAt = now
  }

  /// Takes at most one batch.
  @inlinable @inline(__always)
  public mutating func step(_ phase: PhaseControl, isOpenLoop: Bool, reportsCompletion: Bool) -> LoopStep {
    let count = receiver.receive(limit: batchCount, now: now)
    guard count > 0 else { return .blocked }
    isSettled = false
    // After the look, not before it: a message has not been received until it is here.
    now = time.now()
    receiver.received(now: now)
    if handler.isIdle, failures == nil {
      take(count, isOpenLoop: isOpenLoop, reportsCompletion: reportsCompletion)
    } else {
      handle(count, phase, isOpenLoop: isOpenLoop, reportsCompletion: reportsCompletion)
    }
    return .worked
  }

  /// Takes note of a batch that is no work.
  @inlinable @inline(__always)
  mutating func take(_ count: Int, isOpenLoop: Bool, reportsCompletion: Bool) {
    let receivedAt = now
    var byteCount = 0
    var soundCount = 0
    for index in 0..<count {
      let message = receiver.message(at: index)
      byteCount &+= message.body.count
      if let number = note(message, receivedAt, isOpenLoop: isOpenLoop) {
        soundCount &+= 1
        if reportsCompletion { board.addCompleted(1, ofStream: number.stream) }
      }
      acknowledge(message.tag)
    }
    if countsSettled { meters.add(soundCount, to: .settled) }
    if reportsCompletion { board.announceCompletions() }
    meters.add(count, to: .received)
    meters.add(byteCount, to: .receivedBytes)
    meters.add(1, to: .batches)
    meters.set(.lastReceivedNanoseconds, to: UInt64(bitPattern: receivedAt))
    if receivedAt &- settledAt >= Self.settlePeriod { settle() }
  }

  /// Handles a batch, one message after the other, and leaves the rest of it when the phase is over: a batch of a thousand
  /// messages may be a minute's work. A message counts when its turn comes, so the phase lasts until it is handled.
  @inlinable
  mutating func handle(_ count: Int, _ phase: PhaseControl, isOpenLoop: Bool, reportsCompletion: Bool) {
    let receivedAt = now
    meters.add(1, to: .batches)
    for index in 0..<count {
      guard !phase.isReceivingOver else { return leave(index..<count) }
      let message = receiver.message(at: index)
      let number = note(message, receivedAt, isOpenLoop: isOpenLoop)
      meters.add(1, to: .received)
      meters.add(message.body.count, to: .receivedBytes)
      if let number { handler.handle(message.body, number, time: time, during: phase) }
      now = time.now()
      meters.set(.lastReceivedNanoseconds, to: UInt64(bitPattern: now))
      conclude(message, number, reportsCompletion: reportsCompletion)
      if now &- settledAt >= Self.settlePeriod { settle() }
    }
  }

  /// Says what became of a message that was handled.
  @inlinable
  mutating func conclude(_ message: ReceivedMessage, _ number: SequenceNumber?, reportsCompletion: Bool) {
    if let number {
      if let failures, failures.hits(number, returnCount: message.returnCount) {
        receiver.refuse(message.tag, requeue: failures.requeues, now: now)
        meters.add(1, to: .failed)
        return
      }
      if countsSettled { meters.add(1, to: .settled) }
      if reportsCompletion {
        board.addCompleted(1, ofStream: number.stream)
        board.announceCompletions()
      }
    }
    acknowledge(message.tag)
  }

  /// Takes away what has not been handled when the phase is over, so that the next one does not get it. It is verified, but
  /// counts as not received: it did not come in time.
  @usableFromInline @inline(never)
  mutating func takeLeftovers() {
    while true {
      let count = receiver.receive(limit: batchCount, now: now)
      guard count > 0 else { return }
      now = time.now()
      receiver.received(now: now)
      leave(0..<count)
    }
  }

  /// Leaves these messages of the current batch unhandled.
  @usableFromInline @inline(never)
  mutating func leave(_ indices: Range<Int>) {
    if uniqueCountInTime == nil {
      tracker.settle()
      uniqueCountInTime = tracker.uniqueCount
    }
    for index in indices {
      let message = receiver.message(at: index)
      if let number = verifiedStamp(of: message)?.number {
        tracker.record(number, isRedelivered: message.isRedelivered)
      } else {
        noteCorruption(message)
      }
      acknowledge(message.tag)
    }
  }

  /// Verifies and times a message; returns its number, nil when it is damaged.
  @inlinable @inline(__always)
  mutating func note(_ message: ReceivedMessage, _ receivedAt: Int64, isOpenLoop: Bool) -> SequenceNumber? {
    if message.isRedelivered { meters.add(1, to: .redelivered) }
    guard let stamp = verifiedStamp(of: message) else {
      noteCorruption(message)
      return nil
    }
    tracker.record(stamp.number, isRedelivered: message.isRedelivered)
    if isOpenLoop { latency.record(receivedAt &- stamp.intendedNanoseconds) }
    serviceTime.record(receivedAt &- stamp.sentNanoseconds)
    return stamp.number
  }

  /// The stamp of a message that passes its check.
  @inlinable @inline(__always)
  func verifiedStamp(of message: ReceivedMessage) -> MessageStamp? {
    guard let stamp = MessageStamp(of: message.body, checksPayload: checksPayload),
      !sizes.contradict(message.body.count, of: stamp.number)
    else { return nil }
    return stamp
  }

  @inlinable @inline(__always)
  mutating func acknowledge(_ tag: UInt64) {
    if acknowledgeEvery == 1 {
      receiver.acknowledge(tag, multiple: false, now: now)
    } else if acknowledgeEvery > 1 {
      lastTag = tag
      unacknowledgedCount &+= 1
      if unacknowledgedCount == acknowledgeEvery { acknowledgeRest() }
    }
  }

  @usableFromInline
  mutating func acknowledgeRest() {
    guard unacknowledgedCount > 0 else { return }
    receiver.acknowledge(lastTag, multiple: true, now: now)
    unacknowledgedCount = 0
  }

  @usableFromInline @inline(never)
  mutating func noteCorruption(_ message: ReceivedMessage) {
    corruptedCount += 1
    meters.findings.note(
      .corrupted, MessageStamp.claimedNumber(of: message.body),
      "fails its check (delivery \(message.tag), \(message.body.count) bytes)")
  }

  /// Makes the counts of the verification visible to others; done whenever the consumer runs out of messages, and now and then
  /// while it does not.
  @usableFromInline @inline(never)
  mutating func settle() {
    tracker.settle()
    isSettled = true
    settledAt = now
    meters.set(.unique, to: UInt64(uniqueCountInTime ?? tracker.uniqueCount))
    meters.set(.duplicated, to: UInt64(tracker.duplicatedCount))
    meters.set(.reordered, to: UInt64(tracker.reorderedCount))
    meters.set(.corrupted, to: UInt64(corruptedCount + tracker.strangerCount))
  }

  /// Settles the phase's counts.
  @inlinable
  public mutating func finish() {
    acknowledgeRest()
    settle()
    if acknowledgeEvery > 0 {
      meters.set(.acknowledged, to: UInt64(meters.value(of: .received) - meters.value(of: .failed)))
    }
  }
}
