import Distributions
public import DriverInterface
import Platform
public import Serialization

/// The built-in task of one kind: verifies what it was sent, works as long as its number says, fails by lot, and answers with a
/// `TaskReply`.
///
/// Roles: called by any number of threads at once. Cost: a checksum of the body and two readings of the clock; allocates only where
/// a large body has to be decoded.
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
  private let largestBodyByteCount: Int
  private let checksPayload: Bool
  private let sizes: BodySizes
  private let handler: MessageHandler
  private let failures: FailurePlan
  private let time: CycleCounter
  /// A phase without an end: a task is not broken off.
  private let phase: PhaseControl
  private let tally: TaskTally
  private let findings: FindingLog

  /// The body of a kind of task of the plan, which counts in `tally` what came otherwise than it was sent, and notes it in `findings`.
  public init(_ kind: WorkloadPlan.TaskPlan.Kind, of plan: WorkloadPlan, tally: TaskTally, findings: FindingLog) {
    self.tally = tally
    self.findings = findings
    encodings = plan.encodings
    largestBodyByteCount = plan.largestBodyByteCount
    checksPayload = plan.checksPayload
    sizes = plan.checksSizes ? BodySizes(seed: plan.seed, byStream: plan.producers.map(\.sizes)) : .unknown
    let isIdle = kind.serviceTime.isZero && !kind.busy.isWork
    handler = MessageHandler(
      plan: HandlerPlan(busy: kind.busy, speed: 1, isIdle: isIdle), seed: plan.seed,
      serviceTimes: plan.producers.map { _ in kind.serviceTime })
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
  /// - Throws: `Failure` by lot, `Damage`, or what the serializer has no form for.
  public func run(
    _ arguments: MessageBody, serializer: Serializer, attempt: Int, into writer: inout ByteWriter
  ) throws {
    let start = time.now()
    guard let encoding = encodings.first(where: { $0.serializer == serializer }), !encoding.isBytes else {
      let stamp = try work(arguments, attempt: attempt)
      return try reply(stamp, since: start, as: .plain, into: &writer)
    }
    let stamp = try unsafe withUnsafeTemporaryAllocation(byteCount: largestBodyByteCount, alignment: 16) { memory in
      var reading = unsafe ShapedBodyReading(encoding.shape, into: memory)
      do throws(SerializationError) {
        try unsafe serializer.read(&reading, from: BorrowedBytes(arguments.bytes))
      } catch {
        throw damage(arguments, "cannot be decoded: \(error)")
      }
      let start = unsafe UnsafeRawPointer(memory.baseAddress.unsafelyUnwrapped)
      return try unsafe work(MessageBody(start: start, count: reading.count), attempt: attempt)
    }
    try reply(stamp, since: start, as: encoding, into: &writer)
  }

  private func work(_ body: MessageBody, attempt: Int) throws -> MessageStamp {
    guard let stamp = MessageStamp(of: body, checksPayload: checksPayload),
      !sizes.contradict(body.count, of: stamp.number)
    else { throw damage(body, "fails its check") }
    if !handler.isIdle { handler.handle(body, stamp.number, time: time, during: phase) }
    if failures.hits(stamp.number, returnCount: attempt) {
      throw Failure(description: "attempt \(attempt) of \(stamp.number) was to fail")
    }
    return stamp
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
    tally.noteDamage()
    findings.note(.corrupted, MessageStamp.claimedNumber(of: body), words)
    return Damage(description: words)
  }
}

extension PayloadEncoding {
  /// What a reply is to the serializer: its sixteen bytes behind the stamp are whatever they are, which only bytes and the rest of a
  /// list of records may be.
  var replyShape: PayloadShape { shape == .bytes ? .bytes : .record }
}
