import Distributions
import DriverInterface
import Histograms
import Platform
import Serialization
import TaskWorkers
import WorkloadLoops

/// A client of tasks in the terms of the request loop: a body goes out as the arguments of a task that is drawn by its number, and what
/// became of the task comes back as a body.
///
/// A result is the reply of the built-in task. A task that failed for good, expired or was called off is an answer too: one with the
/// number that it has, counted as what it is.
struct TaskClientEndpoint<Base: MessageSender & MessageReceiver & ~Copyable>: ~Copyable {
  /// What a client sends.
  struct Sending {
    /// Its index among the producers: the stream of its numbers.
    var stream: Int
    /// How its bodies travel.
    var encoding: PayloadEncoding
    /// By kind of task.
    var templates: [TaskTemplate]
    /// By kind of task: how long it is held back, in nanoseconds; 0 for not at all.
    var countdowns: [Int64]
    /// Draws the kind of each task, where there are several.
    var choice: KeyDistribution
    /// What it is drawn from.
    var seed: UInt64
  }

  private var core: TaskClientCore<Base>
  private let sending: Sending
  private let meters: WorkerMeters
  private let time: CycleCounter
  private var encoder: ArgumentEncoder
  private var reader: TaskReplyReader
  private var queueTime: HistogramRecorder.Writer
  private var etaError: HistogramRecorder.Writer
  /// Whether any task is held back.
  private let hasCountdowns: Bool
  private var handlerTime: HistogramRecorder.Writer
  private var resultTime: HistogramRecorder.Writer
  private var answers = TaskAnswers()
  /// By number, as many as may be waiting: bytes of the body that became the task.
  private var byteCounts: [UInt32]

  /// A client's end; `meters` have `tasks`.
  /// - Parameter outstandingLimit: Tasks that may be waiting at a time, a power of two.
  init(
    _ base: consuming Base, _ sending: Sending, largestBodyByteCount: Int, outstandingLimit: Int, meters: WorkerMeters,
    time: CycleCounter
  ) {
    guard let tasks = meters.tasks else {
      preconditionFailure("a client of tasks has meters for them")
    }
    core = TaskClientCore(
      endpoint: base,
      identifiers: TaskIdentifierSource(seed: sending.seed, stream: UInt64(sending.stream)))
    self.sending = sending
    self.meters = meters
    self.time = time
    encoder = ArgumentEncoder(
      sending.encoding, largestBodyByteCount: largestBodyByteCount, meters: meters, time: time)
    byteCounts = Array(repeating: 0, count: outstandingLimit)
    reader = TaskReplyReader(sending.encoding)
    queueTime = tasks.queueTime.makeWriter()
    etaError = tasks.etaError.makeWriter()
    hasCountdowns = sending.countdowns.contains { $0 > 0 }
    handlerTime = tasks.handlerTime.makeWriter()
    resultTime = tasks.resultTime.makeWriter()
  }

  /// Makes an answer of what came; a damaged one has no bytes.
  private mutating func answer(
    _ outcome: TaskOutcome?, _ message: ReceivedMessage, receivedAt: Int64
  ) {
    guard let outcome else { return answers.append(nil, message) }
    switch outcome.state {
    case .success:
      guard let reply = reader.read(outcome.value) else { return answers.append(nil, message) }
      let queued = reply.startNanoseconds &- reply.stamp.sentNanoseconds
      queueTime.record(queued)
      // The next attempts have moments of their own.
      if hasCountdowns, outcome.retries == 0 { noteEta(of: message.correlation, queued: queued) }
      handlerTime.record(reply.endNanoseconds &- reply.startNanoseconds)
      resultTime.record(receivedAt &- reply.endNanoseconds)
      answers.append(reply, message)
    case .revoked:
      meters.add(1, to: outcome.errorType == WorkerErrorName.expired ? .expired : .revoked)
      answers.append(unanswered(message), message)
    default:
      meters.add(1, to: .failed)
      answers.append(unanswered(message), message)
    }
  }

  private mutating func noteEta(of correlation: UInt64, queued: Int64) {
    let countdown = sending.countdowns[kind(of: correlation)]
    if countdown > 0 { etaError.record(queued &- countdown) }
  }

  /// The kind of the task of this number.
  private func kind(of correlation: UInt64) -> Int {
    guard sending.choice.count > 1 else { return 0 }
    return sending.choice.index(seed: sending.seed, producer: UInt64(sending.stream), number: correlation)
  }

  private func place(_ correlation: UInt64) -> Int { Int(truncatingIfNeeded: correlation) & (byteCounts.count - 1) }

  /// What stands for the reply of a task that has none.
  private func unanswered(_ message: ReceivedMessage) -> TaskReply {
    let number = SequenceNumber(stream: sending.stream, sequence: message.correlation)
    let stamp = MessageStamp(number: number, intendedNanoseconds: 0, sentNanoseconds: 0)
    return TaskReply(stamp, startNanoseconds: 0, endNanoseconds: 0)
  }
}

extension TaskClientEndpoint: MessageSender where Base: ~Copyable {
  mutating func send(
    _ body: MessageBody, route: Int, correlation: UInt64, priority: UInt8, now: Int64
  ) -> Bool {
    let template = sending.templates[kind(of: correlation)]
    let arguments = encoder.encode(body)
    byteCounts[place(correlation)] = UInt32(truncatingIfNeeded: body.count)
    let route = template.isHeldBack ? 1 : 0
    switch core.submit(template, arguments: arguments, route: route, correlation: correlation, now: now) {
    case .staged: return true
    case .full: return false
    case .tooLarge:
      preconditionFailure("a task of \(body.count) bytes was refused after the plan allowed it")
    }
  }

  mutating func flush(now: Int64) -> FlushOutcome { core.flush(now: now) }
  mutating func confirmedCount() -> UInt64 { core.endpoint.confirmedCount() }
  mutating func prepareToWait() { core.endpoint.prepareToWait() }
  mutating func cancelWait() { core.endpoint.cancelWait() }
  mutating func wait(timeoutNanoseconds: Int64) {
    core.endpoint.wait(timeoutNanoseconds: timeoutNanoseconds)
  }
}

extension TaskClientEndpoint: MessageReceiver where Base: ~Copyable {
  mutating func receive(limit: Int, now: Int64) -> Int {
    let count = core.receive(limit: min(limit, TaskAnswers.limit), now: now)
    guard count > 0 else { return 0 }
    let receivedAt = time.now()
    answers.removeAll()
    for index in 0..<count {
      answer(core.outcome(at: index), core.endpoint.message(at: index), receivedAt: receivedAt)
    }
    return count
  }

  func message(at index: Int) -> ReceivedMessage { answers.message(at: index) }

  /// Bytes of the task's arguments, which the reply says nothing of.
  func byteCount(of message: ReceivedMessage, at index: Int) -> Int { Int(byteCounts[place(message.correlation)]) }

  mutating func acknowledge(_ tag: UInt64, multiple: Bool, now: Int64) {
    core.endpoint.acknowledge(tag, multiple: multiple, now: now)
  }

  mutating func refuse(_ tag: UInt64, requeue: Bool, now: Int64) {
    core.endpoint.refuse(tag, requeue: requeue, now: now)
  }
}
