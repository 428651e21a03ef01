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
  /// Acknowledge after this many messages; 1 each by itself, 0 never.
  @usableFromInline let acknowledgeEvery: Int
  @usableFromInline var unacknowledgedCount = 0
  @usableFromInline var lastTag: UInt64 = 0
  @usableFromInline var corruptedCount = 0
  @usableFromInline var now: Int64 = 0
  @usableFromInline var isSettled = true
  /// What a simulated consumer has in hand.
  @usableFromInline var work = SimulatedWork()

  /// A consumer.
  public init(
    receiver: consuming Receiver, wait: Wait, time: Time, meters: WorkerMeters, board: StreamBoard,
    tracker: consuming SequenceTracker, handler: MessageHandler, checksPayload: Bool, batchCount: Int,
    acknowledgement: WorkloadPlan.Acknowledgement, sizes: BodySizes = .unknown
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
    while true {
      switch step(isOpenLoop: isOpenLoop, reportsCompletion: reportsCompletion) {
      case .worked:
        idler.found(on: &receiver)
        continue
      default:
        if !isSettled { settle() }
        meters.add(1, to: .emptyPolls)
        if phase.isReceivingOver { break }
        idler.nothing(on: &receiver)
        continue
      }
      break
    }
    idler.found(on: &receiver)
    finish()
  }

  /// Prepares for a phase.
  @inlinable
  public mutating func begin() {
    tracker.beginPhase()
    corruptedCount = 0
    now = time.now()
  }

  /// Takes at most one batch.
  @inlinable @inline(__always)
  public mutating func step(isOpenLoop: Bool, reportsCompletion: Bool) -> LoopStep {
    let count = receiver.receive(limit: batchCount, now: now)
    guard count > 0 else { return .blocked }
    isSettled = false
    // After the look, not before it: a message has not been received until it is here.
    now = time.now()
    let receivedAt = now
    var byteCount = 0
    for index in 0..<count {
      let message = receiver.message(at: index)
      byteCount &+= message.body.count
      if let number = note(message, receivedAt, isOpenLoop: isOpenLoop) {
        if !handler.isIdle { handler.handle(message.body, number, time: time) }
        if reportsCompletion { board.addCompleted(1, ofStream: number.stream) }
      }
      acknowledge(message.tag)
    }
    meters.add(count, to: .received)
    meters.add(byteCount, to: .receivedBytes)
    meters.add(1, to: .batches)
    meters.set(.lastEventNanoseconds, to: UInt64(bitPattern: receivedAt))
    return .worked
  }

  /// Verifies and times a message; returns its number, nil when it is damaged.
  @inlinable @inline(__always)
  mutating func note(_ message: ReceivedMessage, _ receivedAt: Int64, isOpenLoop: Bool) -> SequenceNumber? {
    if message.isRedelivered { meters.add(1, to: .redelivered) }
    guard let stamp = MessageStamp(of: message.body, checksPayload: checksPayload),
      !sizes.contradict(message.body.count, of: stamp.number)
    else {
      noteCorruption(message)
      return nil
    }
    tracker.record(stamp.number, isRedelivered: message.isRedelivered)
    if isOpenLoop { latency.record(receivedAt &- stamp.intendedNanoseconds) }
    serviceTime.record(receivedAt &- stamp.sentNanoseconds)
    return stamp.number
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

  /// Makes the counts of the verification visible to others; done whenever the consumer runs out of messages.
  @usableFromInline
  mutating func settle() {
    tracker.settle()
    isSettled = true
    meters.set(.unique, to: UInt64(tracker.uniqueCount))
    meters.set(.duplicated, to: UInt64(tracker.duplicatedCount))
    meters.set(.reordered, to: UInt64(tracker.reorderedCount))
    meters.set(.corrupted, to: UInt64(corruptedCount + tracker.strangerCount))
  }

  /// Settles the phase's counts.
  @inlinable
  public mutating func finish() {
    acknowledgeRest()
    settle()
    if acknowledgeEvery > 0 { meters.set(.acknowledged, to: UInt64(meters.value(of: .received))) }
  }
}
