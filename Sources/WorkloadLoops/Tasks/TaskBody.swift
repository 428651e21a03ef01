import Distributions
public import DriverInterface
import Platform
public import Serialization

/// The built-in task of one kind: verifies what it was sent, works as long as its number says, fails by lot, and answers with a
/// `TaskReply`.
///
/// Roles: called by one thread at a time, that of its decoder: each that runs tasks has bodies of its own. Cost: a checksum of the body
/// and two readings of the clock; allocates nothing but what the serializer does.
public final class TaskBody: Sendable {
  /// An attempt that fails by lot.
  public struct Failure: Error, Sendable, CustomStringConvertible {
    /// Which attempt of which task.
    public let description: String
  }

  /// A task that came otherwise than it was sent.
  public struct Damage: Error, Sendable, CustomStringConvertible {
    /// What is wrong.
    public let description: String
  }

  private let encodings: [PayloadEncoding]
  private let decoder: ArgumentDecoder
  private let checksPayload: Bool
  private let sizes: BodySizes
  private let handler: MessageHandler
  /// How long its work goes on without asking whether it may; nil for to its end.
  private let softTimeLimit: Int64?
  private let failures: FailurePlan
  private let time: CycleCounter
  /// A phase without an end: a task is not broken off.
  private let phase: PhaseControl
  private let tally: TaskTally
  private let findings: FindingLog

  /// The body of a kind of task of the plan, which counts in `tally` what came otherwise than it was sent, and notes it in `findings`.
  /// - Parameter decoder: That of the thread, for all bodies that it runs.
  public init(
    _ kind: WorkloadPlan.TaskPlan.Kind, of plan: WorkloadPlan, decoder: ArgumentDecoder, tally: TaskTally,
    findings: FindingLog
  ) {
    self.tally = tally
    self.decoder = decoder
    self.findings = findings
    encodings = plan.encodings
    checksPayload = plan.checksPayload
    let byStream = plan.producers.map { kind.payloadSizes ?? $0.sizes }
    sizes = plan.checksSizes || kind.payloadSizes != nil ? BodySizes(seed: plan.seed, byStream: byStream) : .unknown
    let isIdle = kind.serviceTime.isZero && !kind.busy.isWork
    handler = MessageHandler(
      plan: HandlerPlan(busy: kind.busy, speed: 1, isIdle: isIdle), seed: plan.seed,
      serviceTimes: plan.producers.map { _ in kind.serviceTime })
    softTimeLimit = kind.softTimeLimitNanoseconds
    failures = FailurePlan(share: kind.failingShare, requeues: false, seed: plan.seed)
    time = plan.time
    phase = PhaseControl(
      plan: PhasePlan(name: kind.name, load: .saturate(messageCount: nil), durationNanoseconds: nil, seed: 0),
      startNanoseconds: 0)
  }

  /// Makes one attempt and appends the reply, in the encoding of the arguments.
  /// - Parameters:
  ///   - arguments: As the serializer made them.
  ///   - attempt: Which one, from 0.
  ///   - member: Which task of its workflow, from 0: those of a workflow have one number, and each works and fails for itself.
  ///   - checkStop: Throws when the task is to end; asked by one with a soft time limit, from that on.
  /// - Throws: `Failure` by lot, `Damage`, what `checkStop` throws, or what the serializer has no form for.
  public func run(
    _ arguments: MessageBody, serializer: Serializer, attempt: Int, member: Int = 0, into writer: inout ByteWriter,
    checkStop: () throws -> Void
  ) throws {
    let start = begin()
    let encoding = encoding(serializer)
    let body = try decoded(arguments, as: encoding)
    let stamp = try verified(body)
    if !handler.isIdle { try work(body, drawn(stamp, member), since: start, checkStop) }
    try failByLot(stamp, member, attempt: attempt)
    try reply(stamp, since: start, as: encoding, into: &writer)
  }

  private func work(
    _ body: MessageBody, _ number: SequenceNumber, since start: Int64, _ checkStop: () throws -> Void
  ) throws {
    guard let softTimeLimit else { return handler.handle(body, number, time: time, during: phase) }
    try handler.handle(body, number, time: time, askingFrom: start &+ softTimeLimit, checkStop)
  }

  /// The number that a task's work and failures are drawn by: its own, and above what sequences reach that of the member.
  private func drawn(_ stamp: MessageStamp, _ member: Int) -> SequenceNumber {
    SequenceNumber(word: stamp.number.word ^ UInt64(truncatingIfNeeded: member) << 32)
  }

  // MARK: - Several at once

  /// One of several tasks that are done at once.
  public struct Part: Sendable {
    /// What it was sent with.
    public let stamp: MessageStamp
    /// Which task of its workflow it is, from 0.
    let member: Int
  }

  /// When the work on several tasks begins, on the run's time source.
  public func begin() -> Int64 { time.now() }

  /// Verifies one of several tasks that are done at once, and touches its bytes if that is part of the work.
  /// - Parameter member: As of `run`.
  /// - Throws: `Damage`.
  public func check(_ arguments: MessageBody, serializer: Serializer, member: Int = 0) throws -> Part {
    let body = try decoded(arguments, as: encoding(serializer))
    let stamp = try verified(body)
    handler.prepare(body)
    return Part(stamp: stamp, member: member)
  }

  /// Does the work of several tasks: that of the one that takes longest.
  /// - Parameters:
  ///   - start: What `begin` said.
  ///   - checkStop: As of `run`.
  /// - Throws: what `checkStop` throws.
  public func work(for parts: [Part], since start: Int64, checkStop: () throws -> Void) throws {
    guard !handler.isIdle else { return }
    let numbers = parts.map { drawn($0.stamp, $0.member) }
    guard let softTimeLimit else { return handler.handle(longestOf: numbers, time: time, during: phase) }
    try handler.withLongest(of: numbers) { body, longest throws in
      try handler.handle(body, longest, time: time, askingFrom: start &+ softTimeLimit, checkStop)
    }
  }

  /// Ends one of several tasks: appends its reply, in the encoding of its arguments.
  /// - Parameters:
  ///   - start: What `begin` said.
  ///   - attempt: Which one, from 0.
  /// - Throws: `Failure` by lot, or what the serializer has no form for.
  public func answer(
    _ part: Part, since start: Int64, serializer: Serializer, attempt: Int, into writer: inout ByteWriter
  ) throws {
    try failByLot(part.stamp, part.member, attempt: attempt)
    try reply(part.stamp, since: start, as: encoding(serializer), into: &writer)
  }

  // MARK: - The parts

  /// How arguments travel that this serializer made.
  private func encoding(_ serializer: Serializer) -> PayloadEncoding {
    encodings.first { $0.serializer == serializer } ?? .plain
  }

  /// The body that the arguments stand for, valid until the next.
  private func decoded(_ arguments: MessageBody, as encoding: PayloadEncoding) throws -> MessageBody {
    do throws(SerializationError) {
      return try decoder.decode(arguments, as: encoding)
    } catch {
      throw damage(arguments, "cannot be decoded: \(error)")
    }
  }

  private func verified(_ body: MessageBody) throws -> MessageStamp {
    guard let stamp = MessageStamp(of: body, checksPayload: checksPayload),
      !sizes.contradict(body.count, of: stamp.number)
    else { throw damage(body, "fails its check") }
    return stamp
  }

  private func failByLot(_ stamp: MessageStamp, _ member: Int, attempt: Int) throws {
    guard failures.hits(drawn(stamp, member), returnCount: attempt) else { return }
    throw Failure(description: "attempt \(attempt) of \(stamp.number) was to fail")
  }

  private func reply(
    _ stamp: MessageStamp, since start: Int64, as encoding: PayloadEncoding, into writer: inout ByteWriter
  ) throws {
    try unsafe withUnsafeTemporaryAllocation(byteCount: TaskReply.byteCount, alignment: 16) { memory in
      let bytes = unsafe memory.baseAddress.unsafelyUnwrapped
      unsafe TaskReply(stamp, startNanoseconds: start, endNanoseconds: time.now()).write(to: bytes)
      let body = unsafe MessageBody(start: bytes, count: TaskReply.byteCount)
      if encoding.isBytes {
        unsafe writer.append(BorrowedBytes(start: bytes, count: body.count))
      } else {
        try encoding.serializer.encode(ShapedBody(body, shape: encoding.replyShape), into: &writer)
      }
    }
  }

  private func damage(_ body: MessageBody, _ words: String) -> Damage {
    damage(MessageStamp.claimedNumber(of: body), words)
  }

  /// Counts a task that came otherwise than it was sent; for whoever sees what the body does not.
  public func damage(_ number: SequenceNumber?, _ words: String) -> Damage {
    tally.noteDamage()
    findings.note(.corrupted, number, words)
    return Damage(description: words)
  }
}

extension PayloadEncoding {
  /// What a reply is to the serializer: its sixteen bytes behind the stamp are whatever they are, which only bytes and the rest of a
  /// list of records may be.
  var replyShape: PayloadShape { shape == .bytes ? .bytes : .record }
}
