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
  @usableFromInline let priorities: MessagePriorities
  @usableFromInline let moments: (any DueMoments)?
  @usableFromInline let sendLog: SendLog?
  @usableFromInline var requests: RequestTable
  @usableFromInline var isStaged = false
  @usableFromInline var sentInPhase = 0
  /// The correlation id of the phase's first request.
  @usableFromInline var firstOfPhase: UInt64 = 1
  @usableFromInline var nextExpiryCheck: Int64 = 0
  /// When the last reply came or the last request was given up.
  @usableFromInline var lastChange: Int64 = 0
  /// Whether the phase ended before it was known which requests are never answered.
  @usableFromInline var wasCutShort = false

  /// How often requests are looked at for their time-out, in nanoseconds.
  @usableFromInline static var expiryCheckPeriod: Int64 { @inlinable get { 1_000_000 } }

  /// How long nothing must have come before a request that was given up counts as never answered, in nanoseconds: some servers are slow,
  /// and their queues long.
  @usableFromInline static var silencePeriod: Int64 { @inlinable get { 500_000_000 } }

  /// A client; with `moments` they say when it sends, and not the load.
  public init(
    endpoint: consuming Endpoint, stamper: consuming MessageStamper, wait: Wait, time: Time, meters: WorkerMeters,
    board: StreamBoard, producer: Int, of producerCount: Int, timeoutNanoseconds: Int64, checksPayload: Bool,
    outstandingLimit: Int, sizes: BodySizes = .unknown, priorities: MessagePriorities = MessagePriorities(),
    moments: (any DueMoments)? = nil
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
    self.priorities = priorities
    self.moments = moments
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
    wasCutShort = false
    if let moments { return SendingSchedule(phase, moments: moments) }
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
      return restStep(now, phase)
    }
    guard requests.outstandingCount < schedule.inFlightLimit, requests.hasRoom else { return .blocked }
    return request(intended: now, now: now, byteCount: 0, phase)
  }

  @inlinable @inline(__always)
  mutating func requestDue(_ now: Int64, _ phase: PhaseControl, _ schedule: inout SendingSchedule) -> LoopStep {
    let isOver =
      schedule.nextIntended == .max || phase.isSendingOver
      || now &- schedule.end > SendingSchedule.overrunNanoseconds
    if isOver { return restStep(now, phase) }
    if now < schedule.nextIntended { return .idle(untilNanoseconds: schedule.nextIntended) }
    guard requests.hasRoom else { return .blocked }
    let intended = schedule.nextIntended
    let byteCount = schedule.nextByteCount
    sendDelay.record(now &- intended)
    schedule.advance()
    return request(intended: intended, now: now, byteCount: byteCount, phase)
  }

  /// Everything is sent: waits until each request is answered or given up, and for what was given up until nothing comes any more.
  @usableFromInline
  mutating func restStep(_ now: Int64, _ phase: PhaseControl) -> LoopStep {
    if phase.isReceivingOver {
      wasCutShort = true
      return .finished
    }
    if requests.outstandingCount > 0 { return .blocked }
    if requests.unansweredCount == 0 { return .finished }
    return now &- lastChange >= max(Self.silencePeriod, timeoutNanoseconds) ? .finished : .blocked
  }

  @inlinable @inline(__always)
  mutating func request(intended: Int64, now: Int64, byteCount: Int, _ phase: PhaseControl) -> LoopStep {
    let number = SequenceNumber(stream: producer, sequence: requests.next)
    let stamp = MessageStamp(number: number, intendedNanoseconds: intended, sentNanoseconds: now)
    let body = byteCount > 0 ? stamper.stamp(stamp, byteCount: byteCount) : stamper.stamp(stamp)
    let priority = priorities.priority(of: number)
    guard endpoint.send(body, route: 0, correlation: requests.next, priority: priority, now: now) else {
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
    meters.set(.lastSentNanoseconds, to: UInt64(bitPattern: now))
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
    endpoint.received(now: receivedAt)
    lastChange = receivedAt
    var byteCount = 0
    var lateCount = 0
    for index in 0..<count {
      let message = endpoint.message(at: index)
      if let stamp = MessageStamp(of: message.body, checksPayload: checksPayload),
        stamp.number == SequenceNumber(stream: producer, sequence: message.correlation),
        !sizes.contradict(message.body.count, of: stamp.number)
      {
        if let request = requests.answered(message.correlation) {
          let completedAt = endpoint.completionTime(at: index, receivedAt: receivedAt)
          if isOpenLoop { latency.record(completedAt &- request.intended) }
          serviceTime.record(completedAt &- request.sent)
          meters.add(1, to: .unique)
        } else if noteSurplus(stamp.number) {
          lateCount &+= 1
          endpoint.acknowledge(message.tag, multiple: false, now: receivedAt)
          continue
        }
      } else {
        noteCorruption(message)
      }
      byteCount &+= endpoint.byteCount(of: message, at: index)
      endpoint.acknowledge(message.tag, multiple: false, now: receivedAt)
    }
    meters.add(count &- lateCount, to: .received)
    meters.add(byteCount, to: .receivedBytes)
    meters.add(1, to: .batches)
    meters.set(.lastReceivedNanoseconds, to: UInt64(bitPattern: receivedAt))
    return true
  }

  /// Takes note of a reply that nobody waits for; returns whether it is only late. Late is not twice, and its request was counted as
  /// timed out.
  @usableFromInline @inline(never)
  mutating func noteSurplus(_ number: SequenceNumber) -> Bool {
    if requests.answeredLate(number.sequence) {
      meters.add(1, to: .late)
      return true
    }
    // Of an earlier phase, whose end it came after.
    guard number.sequence >= firstOfPhase else { return true }
    meters.add(1, to: .duplicated)
    meters.findings.note(.duplicated, number, "was answered once more")
    return false
  }

  @usableFromInline @inline(never)
  mutating func noteCorruption(_ message: ReceivedMessage) {
    // Answered, if badly: it is neither waited for nor lost as well.
    if requests.answered(message.correlation) != nil {
      meters.add(1, to: .damaged)
    } else {
      _ = requests.answeredLate(message.correlation)
    }
    meters.add(1, to: .corrupted)
    meters.findings.note(
      .corrupted, SequenceNumber(stream: producer, sequence: message.correlation),
      "is not what its request was when it comes back")
  }

  @usableFromInline @inline(never)
  mutating func expire(_ now: Int64) {
    nextExpiryCheck = now &+ Self.expiryCheckPeriod
    let (meters, stream) = (self.meters, producer)
    let count = requests.giveUp(sentBefore: now &- timeoutNanoseconds) { Self.noteUnanswered($0, stream, meters) }
    if count > 0 {
      meters.add(count, to: .timedOut)
      lastChange = now
    }
  }

  @usableFromInline
  static func noteUnanswered(_ correlation: UInt64, _ stream: Int, _ meters: WorkerMeters) {
    meters.add(1, to: .unanswered)
    meters.findings.note(.lost, SequenceNumber(stream: stream, sequence: correlation), "was never answered")
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
    if wasCutShort {
      meters.set(.undecided, to: UInt64(requests.unansweredCount))
    } else {
      let (meters, stream) = (self.meters, producer)
      requests.forgetUnanswered { Self.noteUnanswered($0, stream, meters) }
    }
    meters.set(.acknowledged, to: UInt64(meters.value(of: .received) &+ meters.value(of: .late)))
  }
}

extension RequestLoop: SteppedSendingLoop where Endpoint: ~Copyable {}
