import Distributions
import DriverInterface
import Platform
import Serialization
import TaskWorkers
import WorkloadLoops

/// Makes the messages of what a client asks for: draws its kind, makes the arguments of each task in it, and puts its workflow together.
/// Owned by the client's thread.
final class TaskMaker {
  /// Its index among the producers: the stream of its numbers.
  let stream: Int
  /// How arguments travel.
  let encoding: PayloadEncoding
  /// What kinds and identities come from.
  let seed: UInt64
  private let tasks: WorkloadPlan.TaskPlan
  private let options: [TaskOptions]
  /// The kinds that are sent, and how often each.
  private let sent: [Int]
  private let choice: KeyDistribution
  /// What says in their place what is due; nil but for the beat.
  let moments: BeatMoments?
  private var identifiers: TaskIdentifierSource
  private var encoder: ArgumentEncoder
  /// By kind, where it has arguments of its own.
  private let stampers: [StamperBox?]
  /// By kind: the arguments of the present request, as far as they are made, and the bytes of the body that they were made of.
  private var arguments: [(encoded: SerializedBytes, byteCount: Int)?]

  /// A client's maker, which counts in `meters` what it encodes.
  init(_ plan: WorkloadPlan, _ tasks: WorkloadPlan.TaskPlan, stream: Int, meters: WorkerMeters) {
    let client = plan.producers[stream]
    self.stream = stream
    self.tasks = tasks
    encoding = client.encoding
    seed = MessageBits.seed(plan.seed, for: .key)
    options = tasks.kinds.map { TaskOptions($0, client.encoding) }
    sent = tasks.kinds.indices.filter { tasks.kinds[$0].weight > 0 }
    choice = sent.isEmpty ? .uniform(count: 1) : .weighted(sent.map { tasks.kinds[$0].weight })
    let time = plan.time
    moments = client.isBeat ? BeatMoments(tasks) { WallClock.now() &+ ($0 &- time.now()) } : nil
    identifiers = TaskIdentifierSource(seed: seed, stream: UInt64(stream))
    encoder = ArgumentEncoder(
      client.encoding, largestBodyByteCount: plan.largestBodyByteCount, meters: meters, time: plan.time)
    stampers = tasks.kinds.map { kind in
      guard let sizes = kind.payloadSizes else { return nil }
      return StamperBox(
        MessageStamper(
          byteCount: kind.payloadByteCount, checksPayload: plan.checksPayload, seed: plan.seed &+ UInt64(stream),
          sizes: BodySizes(seed: plan.seed, byStream: plan.producers.map { _ in sizes }),
          compressibleShare: client.compressibleShare, shape: client.encoding.shape))
    }
    arguments = tasks.kinds.map { _ in nil }
  }

  /// What the request of this number is for.
  func kind(of sequence: UInt64) -> Int {
    if let moments { return moments.takeKind() }
    return sent[sent.count == 1 ? 0 : choice.index(seed: seed, producer: UInt64(stream), number: sequence)]
  }

  /// How long a task of a kind is held back, in nanoseconds; 0 for not at all.
  func countdown(of kind: Int) -> Int64 { tasks.kinds[kind].countdownNanoseconds }

  /// The messages that a request begins with, and the bytes of the arguments of all its tasks before they were encoded.
  func messages(
    of kind: Int, _ recipe: WorkflowRecipe, _ body: MessageBody, _ sequence: UInt64, now: Int64
  ) -> (messages: [TaskMessage], byteCount: Int) {
    var byteCount = 0
    for index in arguments.indices { arguments[index] = nil }
    let number = SequenceNumber(stream: stream, sequence: sequence)
    let ends = Set(recipe.ends)
    let workflow = recipe.workflow { member in
      let memberKind = recipe.kinds[member]
      let arguments = serialized(body, memberKind)
      byteCount += arguments.byteCount
      var signature = Signature(tasks.kinds[memberKind].name, arguments: arguments.encoded)
      let task = BookedTask(number, kind: kind, member: member)
      signature.identifier = task.identifier(salt: UInt32(truncatingIfNeeded: seed))
      signature.options.ignoreResult = !ends.contains(member) || tasks.kinds[memberKind].ignoresResult
      let countdown = tasks.kinds[memberKind].countdownNanoseconds
      if countdown > 0 { signature.options.countdown = .nanoseconds(countdown) }
      return signature
    }
    let messages = workflow.compiled(identifiers: &identifiers).heads.map { head in
      let options = head.identifier.map { self.options[recipe.kinds[BookedTask($0).member]] }
      return head.message(identifier: identifiers.next(), options: options, now: now)
    }
    return (messages, byteCount)
  }

  /// A body as the arguments of tasks of a kind, once for each request.
  private func serialized(_ body: MessageBody, _ kind: Int) -> (encoded: SerializedBytes, byteCount: Int) {
    if let known = arguments[kind] { return known }
    var content = body
    if let box = stampers[kind], let stamp = MessageStamp(of: body, checksPayload: false) {
      content = box.stamper.stamp(stamp)
    }
    var made = SerializedBytes([], serializer: encoding.serializer, compression: encoding.compression)
    made.bytes = unsafe Array(encoder.encode(content).bytes)
    arguments[kind] = (made, content.count)
    return (made, content.count)
  }
}

/// A stamper that an array can hold.
private final class StamperBox {
  var stamper: MessageStamper

  init(_ stamper: consuming MessageStamper) { self.stamper = stamper }
}
