import Distributions
import DriverInterface
import Histograms
import Platform
import RingBuffers
import Serialization
import TaskWorkers
import WorkloadLoops

/// A client of tasks whose results do not say all, in the terms of the request loop: of workflows, of tasks without a result, of tasks with
/// arguments of their own.
///
/// A body becomes one task or a whole workflow, drawn by its number. It is answered once all is known about it: every result that ends it
/// has come, and in the books every task of it has ended, or will never begin because one before it failed. How long that took is told
/// apart from when it was noticed: a workflow is done with its last result, a task without one when its handler is.
struct BookedClientEndpoint<Base: MessageSender & MessageReceiver & ~Copyable>: ~Copyable {
  private var core: TaskClientCore<Base>
  private let maker: TaskMaker
  private let books: TaskBooks
  private let meters: WorkerMeters
  private let time: CycleCounter
  private var entries: ManyToOneRing<TaskBooks.Entry>.Consumer
  private var requests: OpenRequests
  private var outbox = TaskOutgoing()
  private var reader: TaskReplyReader
  private var queueTime: HistogramRecorder.Writer
  private var etaError: HistogramRecorder.Writer
  private var handlerTime: HistogramRecorder.Writer
  private var resultTime: HistogramRecorder.Writer
  /// Requests about which all is known, in the order in which that came about.
  private var ready: [UInt64] = []
  private var answers = TaskAnswers()
  /// When each of these came about, and the bytes of its arguments.
  private var completions: [(nanoseconds: Int64, byteCount: Int)] = []

  /// Entries that are taken at a time.
  private static var entryLimit: Int { 256 }
  /// How long the client sleeps at most while only the books have something to say, in nanoseconds: they ring no bell.
  private static var quietSleepLimit: Int64 { 100_000 }

  /// A client's end; `meters` have `tasks`.
  init(
    _ base: consuming Base, _ maker: TaskMaker, books: TaskBooks, outstandingLimit: Int, meters: WorkerMeters,
    time: CycleCounter
  ) {
    guard let tasks = meters.tasks else { preconditionFailure("a client of tasks has meters for them") }
    core = TaskClientCore(
      endpoint: base, identifiers: TaskIdentifierSource(seed: maker.seed, stream: UInt64(maker.stream)))
    self.maker = maker
    self.books = books
    self.meters = meters
    self.time = time
    entries = books.makeReader(stream: maker.stream)
    requests = OpenRequests(
      limit: outstandingLimit, memberCount: books.recipes.map(\.kinds.count).max() ?? 1)
    reader = TaskReplyReader(maker.encoding)
    queueTime = tasks.queueTime.makeWriter()
    etaError = tasks.etaError.makeWriter()
    handlerTime = tasks.handlerTime.makeWriter()
    resultTime = tasks.resultTime.makeWriter()
  }

  // MARK: - What has come

  private mutating func takeEntries() {
    for _ in 0..<Self.entryLimit {
      guard let entry = entries.tryPop() else { return }
      take(entry)
    }
  }

  private mutating func take(_ entry: TaskBooks.Entry) {
    let sequence = entry.number.sequence
    let (kind, member) = (Int(entry.kind), Int(entry.member))
    let recipe = books.recipes[kind]
    let sent = requests[sequence]?.sent
    let step = requests.take(
      entryOf: member, of: sequence, OpenRequests.Ending(entry.ending), isLast: !recipe.isWorkflow,
      at: entry.endNanoseconds)
    switch step {
    case .unknown: return
    case .repeated:
      // Executed again, as a worker may that was told that somebody else had the task before.
      guard !entry.isRedelivered else { return }
      return noteRepetition(entry.number, "ended once more, as task \(member) of its workflow")
    case .waiting: break
    case .complete: ready.append(sequence)
    }
    if entry.ending.isExecution { meters.add(1, to: .executed) }
    guard entry.startNanoseconds > 0 else { return }
    handlerTime.record(entry.endNanoseconds &- entry.startNanoseconds)
    // When the others were sent is their workers' business.
    if recipe.inputCounts[member] == 0, let sent { queueTime.record(entry.startNanoseconds &- sent) }
  }

  private mutating func take(_ outcome: TaskOutcome?, _ message: ReceivedMessage, receivedAt: Int64) {
    core.endpoint.acknowledge(message.tag, multiple: false, now: receivedAt)
    guard let outcome else { return noteDamage(SequenceNumber(stream: maker.stream, sequence: message.correlation)) }
    let task = BookedTask(outcome.identifier)
    let sequence = task.number.sequence
    guard task.number.stream == maker.stream, sequence == message.correlation, task.kind < books.recipes.count else {
      return noteDamage(SequenceNumber(stream: maker.stream, sequence: message.correlation))
    }
    let recipe = books.recipes[task.kind]
    // What else will never begin is in the books.
    guard recipe.ends.contains(task.member) else { return }
    let sent = requests[sequence]?.sent
    let reply = outcome.state == .success ? reader.read(outcome.value) : nil
    let ending = ending(of: outcome, reply, task.number)
    switch requests.take(resultOf: task.member, of: sequence, ending, at: receivedAt) {
    case .unknown: return
    case .repeated: return noteRepetition(task.number, "was answered once more, by task \(task.member) of its workflow")
    case .waiting: break
    case .complete: ready.append(sequence)
    }
    if !books.isBooked[task.kind], ending == .succeeded || ending == .failed { meters.add(1, to: .executed) }
    guard let reply else { return }
    resultTime.record(receivedAt &- reply.endNanoseconds)
    guard !books.isBooked[task.kind] else { return }
    handlerTime.record(reply.endNanoseconds &- reply.startNanoseconds)
    guard let sent else { return }
    queueTime.record(reply.startNanoseconds &- sent)
    let countdown = maker.countdown(of: task.kind)
    if countdown > 0, outcome.retries == 0 { etaError.record(reply.startNanoseconds &- sent &- countdown) }
  }

  private func ending(
    of outcome: TaskOutcome, _ reply: TaskReply?, _ number: SequenceNumber
  ) -> OpenRequests.Ending {
    switch outcome.state {
    case .success: reply?.stamp.number == number ? .succeeded : .damaged
    case .revoked: outcome.errorType == WorkerErrorName.expired ? .expired : .revoked
    default: .failed
    }
  }

  private func noteRepetition(_ number: SequenceNumber, _ words: String) {
    meters.add(1, to: .duplicated)
    meters.findings.note(.duplicated, number, words)
  }

  private func noteDamage(_ number: SequenceNumber) {
    meters.add(1, to: .corrupted)
    meters.findings.note(.corrupted, number, "was answered by something that is no result of it")
  }

  /// Makes an answer of a request about which all is known.
  private mutating func answer(_ sequence: UInt64) {
    // Forgotten meanwhile: its number is.
    guard let request = requests[sequence] else { return }
    completions.append((request.completed, request.byteCount))
    switch request.ending {
    case .damaged: return answers.append(nil, correlation: sequence)
    case .succeeded: break
    case .failed: meters.add(1, to: .failed)
    case .expired: meters.add(1, to: .expired)
    case .revoked: meters.add(1, to: .revoked)
    }
    let number = SequenceNumber(stream: maker.stream, sequence: sequence)
    let stamp = MessageStamp(number: number, intendedNanoseconds: 0, sentNanoseconds: request.sent)
    answers.append(TaskReply(stamp, startNanoseconds: 0, endNanoseconds: request.completed), correlation: sequence)
  }
}

extension BookedClientEndpoint: MessageSender where Base: ~Copyable {
  mutating func send(
    _ body: MessageBody, route: Int, correlation: UInt64, priority: UInt8, now: Int64
  ) -> Bool {
    let kind = maker.kind(of: correlation)
    let recipe = books.recipes[kind]
    let isBooked = books.isBooked[kind]
    let (messages, byteCount) = maker.messages(of: kind, recipe, body, correlation, now: now)
    requests.open(
      correlation, kind: kind, resultCount: recipe.isWorkflow || !isBooked ? recipe.ends.count : 0,
      entryCount: isBooked ? recipe.kinds.count : 0, byteCount: byteCount, sent: now)
    outbox.hold(messages)
    return outbox.offer(to: &core, correlation: correlation, now: now)
  }

  mutating func flush(now: Int64) -> FlushOutcome {
    let outcome = outbox.flush(through: &core, now: now)
    if outcome.remainingCount == 0, outcome.acceptedCount == 0 { requests.close(outbox.correlation) }
    return outcome
  }

  mutating func confirmedCount() -> UInt64 { core.endpoint.confirmedCount() }
  mutating func prepareToWait() { core.endpoint.prepareToWait() }
  mutating func cancelWait() { core.endpoint.cancelWait() }
  mutating func wait(timeoutNanoseconds: Int64) {
    let limit = requests.quietCount > 0 ? Self.quietSleepLimit : .max
    core.endpoint.wait(timeoutNanoseconds: min(timeoutNanoseconds, limit))
  }
}

extension BookedClientEndpoint: MessageReceiver where Base: ~Copyable {
  mutating func receive(limit: Int, now: Int64) -> Int {
    takeEntries()
    let count = core.receive(limit: min(limit, TaskAnswers.limit), now: now)
    if count > 0 {
      let receivedAt = time.now()
      for index in 0..<count { take(core.outcome(at: index), core.endpoint.message(at: index), receivedAt: receivedAt) }
    }
    guard !ready.isEmpty else { return 0 }
    answers.removeAll()
    completions.removeAll(keepingCapacity: true)
    let batch = min(limit, TaskAnswers.limit, ready.count)
    for sequence in ready.prefix(batch) { answer(sequence) }
    ready.removeFirst(batch)
    return completions.count
  }

  func message(at index: Int) -> ReceivedMessage { answers.message(at: index) }
  func completionTime(at index: Int, receivedAt: Int64) -> Int64 { completions[index].nanoseconds }
  func byteCount(of message: ReceivedMessage, at index: Int) -> Int { completions[index].byteCount }
  mutating func acknowledge(_ tag: UInt64, multiple: Bool, now: Int64) {}
  mutating func refuse(_ tag: UInt64, requeue: Bool, now: Int64) {}
}

extension TaskBooks.Entry.Ending {
  /// Whether the task ran.
  fileprivate var isExecution: Bool {
    switch self {
    case .succeeded, .failed, .damaged: true
    case .expired, .revoked, .cancelled: false
    }
  }
}

extension OpenRequests.Ending {
  /// How a task without a result ended.
  fileprivate init(_ ending: TaskBooks.Entry.Ending) {
    switch ending {
    case .succeeded: self = .succeeded
    case .failed, .cancelled: self = .failed
    case .expired: self = .expired
    case .revoked: self = .revoked
    case .damaged: self = .damaged
    }
  }
}
