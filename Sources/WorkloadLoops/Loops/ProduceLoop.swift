public import Distributions
public import DriverInterface
public import Histograms
public import Platform

/// One producer: paces, stamps, sends and counts.
///
/// A phase's load decides how many messages a step may send: what is due (open loop), what is not outstanding yet (in flight), or
/// as many as the subject takes (saturate). A batch goes by one route; routes take turns, are drawn, or follow a trace.
@frozen
public struct ProduceLoop<Sender: MessageSender & ~Copyable, Wait: WaitStrategy, Time: TimeSource>: ~Copyable {
  @usableFromInline var sender: Sender
  @usableFromInline var stamper: MessageStamper
  @usableFromInline let wait: Wait
  @usableFromInline let time: Time
  @usableFromInline let meters: WorkerMeters
  @usableFromInline var sendDelay: HistogramRecorder.Writer
  @usableFromInline let board: StreamBoard
  @usableFromInline let producer: Int
  @usableFromInline let producerCount: Int
  /// Index of the first of this producer's streams; stream `firstStream + route` goes by route `route`.
  @usableFromInline let firstStream: Int
  @usableFromInline var nextSequences: [UInt64]
  @usableFromInline let batchCount: Int
  @usableFromInline var confirms: ConfirmWindow
  @usableFromInline var route = 0
  /// Draws the routes of batches; of one key, when routes take turns.
  @usableFromInline let routeChoice: KeyDistribution
  @usableFromInline let routeSeed: UInt64
  @usableFromInline var drawnCount: UInt64 = 0
  @usableFromInline let priorities: MessagePriorities
  /// By route: whether the subject keeps refused messages as dead letters, so that their numbers cannot be used again.
  @usableFromInline let refusalsKeepNumbers: [Bool]
  @usableFromInline let sendLog: SendLog?
  @usableFromInline var stagedCount = 0
  @usableFromInline var sentInPhase = 0
  @usableFromInline var refusedInPhase = 0
  @usableFromInline var completedBefore: UInt64 = 0
  /// Whether the last step was blocked because too much is outstanding.
  @usableFromInline var awaitsCompletion = false

  /// A producer.
  /// - Parameters:
  ///   - firstStream: Its first stream; it has one per route.
  ///   - producer: Its index among `producerCount` producers, for its share of the load.
  ///   - routeChoice: Draws each batch's route, from `seed`; nil when they take turns.
  ///   - priorities: How urgent each message is.
  ///   - refusalsKeepNumbers: By route, false for all when empty: whether refused messages are kept by the subject all the same, as dead letters.
  public init(
    sender: consuming Sender, stamper: consuming MessageStamper, wait: Wait, time: Time, meters: WorkerMeters,
    board: StreamBoard, producer: Int, of producerCount: Int, firstStream: Int, routeCount: Int, batchCount: Int,
    confirmLimit: Int, routeChoice: KeyDistribution? = nil, priorities: MessagePriorities = MessagePriorities(),
    refusalsKeepNumbers: [Bool] = [], seed: UInt64 = 0
  ) {
    self.sender = sender
    self.stamper = stamper
    self.wait = wait
    self.time = time
    self.meters = meters
    self.board = board
    self.producer = producer
    self.producerCount = producerCount
    self.firstStream = firstStream
    self.batchCount = batchCount
    sendDelay = meters.sendDelay.makeWriter()
    nextSequences = Array(repeating: 0, count: routeCount)
    self.routeChoice = routeChoice ?? .uniform(count: 1)
    routeSeed = MessageBits.seed(seed, for: .key)
    self.priorities = priorities
    self.refusalsKeepNumbers = refusalsKeepNumbers
    sendLog = meters.sendLog
    confirms = ConfirmWindow(limit: confirmLimit, confirmTime: meters.confirmTime.makeWriter())
    if self.routeChoice.count > 1 { takeNextRoute() }
  }

  /// Runs one phase on the calling thread.
  @inlinable
  public mutating func run(_ phase: PhaseControl) {
    var schedule = begin(phase)
    let pacer = Pacer(spinNanoseconds: phase.plan.pacingSpinNanoseconds)
    var idler = Idler(wait)
    var completionIdler = Idler(wait)
    var completion = CompletionWait(board.completionBell)
    pacer.waitForStart(phase.startNanoseconds, time: time)
    loop: while true {
      awaitsCompletion = false
      let step = step(phase, &schedule)
      if !awaitsCompletion { completionIdler.found(on: &completion) }
      switch step {
      case .worked:
        idler.found(on: &sender)
      case .idle(let until):
        idler.found(on: &sender)
        pacer.approach(until, now: time.now())
      case .blocked where awaitsCompletion:
        idler.found(on: &sender)
        completionIdler.nothing(on: &completion)
      case .blocked:
        idler.nothing(on: &sender)
      case .finished:
        idler.found(on: &sender)
        break loop
      }
    }
    finish(&schedule)
  }

  /// The schedule of a phase that is about to start.
  @inlinable
  public mutating func begin(_ phase: PhaseControl) -> SendingSchedule {
    sentInPhase = 0
    refusedInPhase = 0
    completedBefore = completedCount()
    return SendingSchedule(phase, producer: producer, of: producerCount, sample: meters.arrivals)
  }

  /// Sends what may be sent now, at most one batch.
  @inlinable @inline(__always)
  public mutating func step(_ phase: PhaseControl, _ schedule: inout SendingSchedule) -> LoopStep {
    let now = time.now()
    if stagedCount > 0 { return flush(now, phase) }
    if confirms.isOn {
      confirms.update(sender.confirmedCount(), now: now)
      if confirms.isFull { return phase.isSendingOver ? .finished : .blocked }
    }
    return schedule.isOpenLoop ? sendDue(now, phase, &schedule) : sendAllowed(now, phase, schedule)
  }

  @inlinable @inline(__always)
  mutating func sendDue(_ now: Int64, _ phase: PhaseControl, _ schedule: inout SendingSchedule) -> LoopStep {
    if now < schedule.nextIntended {
      if schedule.nextIntended == .max || phase.isSendingOver { return .finished }
      return .idle(untilNanoseconds: schedule.nextIntended)
    }
    if now &- schedule.end > SendingSchedule.overrunNanoseconds || phase.isSendingOver { return .finished }
    if schedule.nextRoute >= 0 { route = schedule.nextRoute }
    repeat {
      guard stage(intended: schedule.nextIntended, now: now, byteCount: schedule.nextByteCount) else { break }
      sendDelay.record(now &- schedule.nextIntended)
      schedule.advance()
    } while stagedCount < batchCount && schedule.nextIntended <= now
      && (schedule.nextRoute < 0 || schedule.nextRoute == route)
    return stagedCount > 0 ? flush(now, phase) : refusedAtOnce(phase)
  }

  @inlinable @inline(__always)
  mutating func sendAllowed(_ now: Int64, _ phase: PhaseControl, _ schedule: SendingSchedule) -> LoopStep {
    if now >= schedule.end || sentInPhase >= schedule.countLimit || phase.isSendingOver { return .finished }
    var count = min(batchCount, schedule.countLimit &- sentInPhase)
    if schedule.inFlightLimit < .max {
      let outstanding = sentInPhase &- refusedInPhase &- Int(truncatingIfNeeded: completedCount() &- completedBefore)
      count = min(count, schedule.inFlightLimit &- outstanding)
      guard count > 0 else {
        awaitsCompletion = true
        return .blocked
      }
    }
    while stagedCount < count, stage(intended: now, now: now, byteCount: 0) {}
    return stagedCount > 0 ? flush(now, phase) : refusedAtOnce(phase)
  }

  /// Not even one message could be staged: the subject is out of memory or full.
  @usableFromInline
  mutating func refusedAtOnce(_ phase: PhaseControl) -> LoopStep {
    meters.add(1, to: .fullWaits)
    return phase.isReceivingOver ? .finished : .blocked
  }

  /// Stages one message of the present route's stream; with 0 bytes, as large as its number says.
  @inlinable @inline(__always)
  mutating func stage(intended: Int64, now: Int64, byteCount: Int) -> Bool {
    let number = SequenceNumber(stream: firstStream &+ route, sequence: nextSequences[route])
    let stamp = MessageStamp(number: number, intendedNanoseconds: intended, sentNanoseconds: now)
    let body = byteCount > 0 ? stamper.stamp(stamp, byteCount: byteCount) : stamper.stamp(stamp)
    let priority = priorities.priority(of: number)
    guard sender.send(body, route: route, correlation: 0, priority: priority, now: now) else { return false }
    if let sendLog { sendLog.note(intended, byteCount: body.count, route: route) }
    nextSequences[route] &+= 1
    stagedCount &+= 1
    sentInPhase &+= 1
    if confirms.isOn { confirms.published(now: now) }
    return true
  }

  /// Hands over the batch, or what is left of it.
  @inlinable @inline(__always)
  mutating func flush(_ now: Int64, _ phase: PhaseControl) -> LoopStep {
    let outcome = sender.flush(now: now)
    // Refused ones are the last of their batch: their numbers are used again, so that the stream has no holes.
    let unroutedCount = outcome.unroutableCount &+ outcome.returnedCount
    let refusedCount = outcome.rejectedCount &+ unroutedCount
    if refusedCount != 0 {
      let isKept = !refusalsKeepNumbers.isEmpty && refusalsKeepNumbers[route]
      nextSequences[route] &-= UInt64(truncatingIfNeeded: isKept ? unroutedCount : refusedCount)
    }
    refusedInPhase &+= refusedCount
    board.setAcceptedCount(
      nextSequences[route] &- UInt64(truncatingIfNeeded: outcome.remainingCount), ofStream: firstStream &+ route)
    meters.add(stagedCount &- outcome.remainingCount, to: .sent)
    meters.add(outcome.acceptedCount, to: .accepted)
    if outcome.rejectedCount != 0 { meters.add(outcome.rejectedCount, to: .rejected) }
    if outcome.returnedCount != 0 { meters.add(outcome.returnedCount, to: .returned) }
    if outcome.unroutableCount != 0 { meters.add(outcome.unroutableCount, to: .unroutable) }
    stagedCount = outcome.remainingCount
    if stagedCount > 0 {
      meters.add(1, to: .fullWaits)
      // Nobody will make room any more once the consumers are gone.
      return phase.isReceivingOver ? .finished : .blocked
    }
    takeNextRoute()
    return .worked
  }

  @inlinable @inline(__always)
  mutating func takeNextRoute() {
    if routeChoice.count > 1 {
      route = routeChoice.index(
        seed: routeSeed, producer: UInt64(truncatingIfNeeded: producer), number: drawnCount)
      drawnCount &+= 1
    } else {
      route = route &+ 1 == nextSequences.count ? 0 : route &+ 1
    }
  }

  @inlinable
  func completedCount() -> UInt64 {
    var sum: UInt64 = 0
    for stream in firstStream..<(firstStream + nextSequences.count) { sum &+= board.completedCount(ofStream: stream) }
    return sum
  }

  /// Settles the phase's counts.
  @inlinable
  public mutating func finish(_ schedule: inout SendingSchedule) {
    let now = time.now()
    if confirms.isOn {
      confirms.update(sender.confirmedCount(), now: now)
      // What was refused is settled too, but with a refusal.
      let settledCount = Int(truncatingIfNeeded: confirms.takeConfirmedCount())
      meters.add(settledCount &- meters.value(of: .rejected), to: .confirmed)
    }
    if schedule.isOpenLoop {
      schedule.skip(until: min(now, schedule.end))
      meters.set(.scheduled, to: UInt64(schedule.scheduledCount))
    } else {
      meters.set(.scheduled, to: UInt64(sentInPhase))
    }
    meters.set(.lastSentNanoseconds, to: UInt64(now))
  }
}

extension ProduceLoop: SteppedSendingLoop where Sender: ~Copyable {}
