public import DriverInterface
public import Histograms
public import Platform

/// One client: sends requests, matches replies by correlation id, verifies that each reply carries its own request's bytes.
@frozen
public struct RequestLoop<
  Endpoint: MessageSender & MessageReceiver & ~Copyable, Wait: WaitStrategy, Time: TimeSource
>: ~Copyable {
  @usableFromInline var endpoint: Endpoint
  @usableFromInline var stamper: MessageStamper
  @usableFromInline let wait: Wait
  @usableFromInline let time: Time
  @usableFromInline let meters: WorkerMeters
  @usableFromInline var latency: HistogramRecorder.Writer
  @usableFromInline var serviceTime: HistogramRecorder.Writer
  @usableFromInline var sendDelay: HistogramRecorder.Writer
  @usableFromInline let board: StreamBoard
  @usableFromInline let producer: Int
  @usableFromInline let producerCount: Int
  @usableFromInline let timeoutNanoseconds: Int64
  @usableFromInline let checksPayload: Bool
  @usableFromInline let sizes: BodySizes
  @usableFromInline let sendLog: SendLog?
  @usableFromInline var requests: RequestTable
  @usableFromInline var isStaged = false
  @usableFromInline var sentInPhase = 0
  /// The correlation id of the phase's first request.
  @usableFromInline var firstOfPhase: UInt64 = 1
  @usableFromInline var nextExpiryCheck: Int64 = 0

  /// How often requests are looked at for their time-out, in nanoseconds.
  @usableFromInline static var expiryCheckPeriod: Int64 { @inlinable get { 1_000_000 } }

  /// A client.
  public init(
    endpoint: consuming Endpoint, stamper: consuming MessageStamper, wait: Wait, time: Time, meters: WorkerMeters,
    board: StreamBoard, producer: Int, of producerCount: Int, timeoutNanoseconds: Int64, checksPayload: Bool,
    outstandingLimit: Int, sizes: BodySizes = .unknown
  ) {
    self.endpoint = endpoint
    self.stamper = stamper
    self.wait = wait
    self.time = time
    self.meters = meters
    self.board = board
    self.producer = producer
    self.producerCount = producerCount
    self.timeoutNanoseconds = timeoutNanoseconds
    self.checksPayload = checksPayload
    self.sizes = sizes
    sendLog = meters.sendLog
    latency = meters.latency.makeWriter()
    serviceTime = meters.serviceTime.makeWriter()
    sendDelay = meters.sendDelay.makeWriter()
    requests = RequestTable(capacity: outstandingLimit)
  }

  /// Runs one phase on the calling thread.
  @inlinable
  public mutating func run(_ phase: PhaseControl) {
    var schedule = begin(phase)
    let pacer = Pacer(spinNanoseconds: phase.plan.pacingSpinNanoseconds)
    var idler = Idler(wait)
    pacer.waitForStart(phase.startNanoseconds, time: time)
    loop: while true {
      switch step(phase, &schedule) {
      case .worked:
        idler.found(on: &endpoint)
      case .idle(let until):
        let now = time.now()
        if requests.outstandingCount == 0 {
          idler.found(on: &endpoint)
          pacer.approach(until, now: now)
        } else if until &- now > pacer.spinNanoseconds {
          idler.nothing(on: &endpoint, timeoutNanoseconds: until &- now &- pacer.spinNanoseconds)
        }
      case .blocked:
        idler.nothing(on: &endpoint)
      case .finished:
        idler.found(on: &endpoint)
        break loop
      }
    }
    finish(&schedule)
  }

  /// The schedule of a phase that is about to start.
  @inlinable
  public mutating func begin(_ phase: PhaseControl) -> SendingSchedule {
    sentInPhase = 0
    firstOfPhase = requests.next
    return SendingSchedule(phase, producer: producer, of: producerCount, sample: meters.arrivals)
  }

  /// Takes a reply or sends a request, whichever is due.
  @inlinable @inline(__always)
  public mutating func step(_ phase: PhaseControl, _ schedule: inout SendingSchedule) -> LoopStep {
    let now = time.now()
    if takeReplies(now, isOpenLoop: schedule.isOpenLoop) { return .worked }
    if isStaged { return flush(now, phase) }
    if now >= nextExpiryCheck { expire(now) }
    if schedule.isOpenLoop { return requestDue(now, phase, &schedule) }
    if now >= schedule.end || sentInPhase >= schedule.countLimit || phase.isSendingOver {
      return requests.outstandingCount == 0 || phase.isReceivingOver ? .finished : .blocked
    }
    guard requests.outstandingCount < schedule.inFlightLimit, requests.hasRoom else { return .blocked }
    return request(intended: now, now: now, byteCount: 0, phase)
  }

  @inlinable @inline(__always)
  mutating func requestDue(_ now: Int64, _ phase: PhaseControl, _ schedule: inout SendingSchedule) -> LoopStep {
    let isOver =
      schedule.nextIntended == .max || phase.isSendingOver
      || now &- schedule.end > SendingSchedule.overrunNanoseconds
    if isOver { return requests.outstandingCount == 0 || phase.isReceivingOver ? .finished : .blocked }
    if now < schedule.nextIntended { return .idle(untilNanoseconds: schedule.nextIntended) }
    guard requests.hasRoom else { return .blocked }
    let intended = schedule.nextIntended
    let byteCount = schedule.nextByteCount
    sendDelay.record(now &- intended)
    schedule.advance()
    return request(intended: intended, now: now, byteCount: byteCount, phase)
  }

  @inlinable @inline(__always)
  mutating func request(intended: Int64, now: Int64, byteCount: Int, _ phase: PhaseControl) -> LoopStep {
    let number = SequenceNumber(stream: producer, sequence: requests.next)
    let stamp = MessageStamp(number: number, intendedNanoseconds: intended, sentNanoseconds: now)
    let body = byteCount > 0 ? stamper.stamp(stamp, byteCount: byteCount) : stamper.stamp(stamp)
    guard endpoint.send(body, route: 0, correlation: requests.next, now: now) else {
      preconditionFailure("a client stages one request at a time")
    }
    if let sendLog { sendLog.note(intended, byteCount: body.count, route: 0) }
    requests.sent(intended: intended, at: now)
    sentInPhase &+= 1
    isStaged = true
    return flush(now, phase)
  }

  @inlinable @inline(__always)
  mutating func flush(_ now: Int64, _ phase: PhaseControl) -> LoopStep {
    let outcome = endpoint.flush(now: now)
    guard outcome.remainingCount == 0 else {
      meters.add(1, to: .fullWaits)
      return phase.isReceivingOver ? .finished : .blocked
    }
    isStaged = false
    meters.add(1, to: .sent)
    if outcome.acceptedCount == 1 {
      meters.add(1, to: .accepted)
    } else {
      noteRefusal(outcome)
    }
    return .worked
  }

  @usableFromInline @inline(never)
  mutating func noteRefusal(_ outcome: FlushOutcome) {
    requests.withdrawLast()
    meters.add(outcome.rejectedCount, to: .rejected)
    meters.add(outcome.unroutableCount, to: .unroutable)
  }

  /// Takes what has arrived; returns whether anything had.
  @inlinable @inline(__always)
  mutating func takeReplies(_ now: Int64, isOpenLoop: Bool) -> Bool {
    let count = endpoint.receive(limit: 16, now: now)
    guard count > 0 else { return false }
    let receivedAt = time.now()
    var byteCount = 0
    for index in 0..<count {
      let message = endpoint.message(at: index)
      byteCount &+= message.body.count
      if let stamp = MessageStamp(of: message.body, checksPayload: checksPayload),
        stamp.number == SequenceNumber(stream: producer, sequence: message.correlation),
        !sizes.contradict(message.body.count, of: stamp.number)
      {
        if let request = requests.answered(message.correlation) {
          if isOpenLoop { latency.record(receivedAt &- request.intended) }
          serviceTime.record(receivedAt &- request.sent)
          meters.add(1, to: .unique)
        } else {
          noteSurplus(stamp.number)
        }
      } else {
        noteCorruption(message)
      }
      endpoint.acknowledge(message.tag, multiple: false, now: receivedAt)
    }
    meters.add(count, to: .received)
    meters.add(byteCount, to: .receivedBytes)
    meters.add(1, to: .batches)
    meters.set(.lastEventNanoseconds, to: UInt64(bitPattern: receivedAt))
    return true
  }

  @usableFromInline @inline(never)
  mutating func noteSurplus(_ number: SequenceNumber) {
    // Late is not twice: it was counted as timed out. Only in its own phase is it one of those that had to arrive.
    if requests.answeredLate(number.sequence) {
      if number.sequence >= firstOfPhase { meters.add(1, to: .unique) }
      return
    }
    meters.add(1, to: .duplicated)
    meters.findings.note(.duplicated, number, "was answered once more")
  }

  @usableFromInline @inline(never)
  mutating func noteCorruption(_ message: ReceivedMessage) {
    meters.add(1, to: .corrupted)
    meters.findings.note(
      .corrupted, SequenceNumber(stream: producer, sequence: message.correlation),
      "is not what its request was when it comes back")
  }

  @usableFromInline @inline(never)
  mutating func expire(_ now: Int64) {
    nextExpiryCheck = now &+ Self.expiryCheckPeriod
    let findings = meters.findings
    let stream = producer
    let count = requests.giveUp(sentBefore: now &- timeoutNanoseconds) { correlation in
      findings.note(.lost, SequenceNumber(stream: stream, sequence: correlation), "was not answered in time")
    }
    if count > 0 { meters.add(count, to: .timedOut) }
  }

  /// Settles the phase's counts.
  @inlinable
  public mutating func finish(_ schedule: inout SendingSchedule) {
    if schedule.isOpenLoop {
      schedule.skip(until: min(time.now(), schedule.end))
      meters.set(.scheduled, to: UInt64(schedule.scheduledCount))
    } else {
      meters.set(.scheduled, to: UInt64(sentInPhase))
    }
    meters.set(.acknowledged, to: UInt64(meters.value(of: .received)))
  }
}

extension RequestLoop: SteppedSendingLoop where Endpoint: ~Copyable {}
