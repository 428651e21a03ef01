import DriverInterface
import WorkloadLoops

/// The answers of one batch of outcomes, as stamped bodies in memory that is used again. Owned by the client's thread.
@safe
struct TaskAnswers: ~Copyable {
  /// The most answers of a batch.
  static let limit = 64

  private let memory: UnsafeMutableRawPointer
  private var messages: [ReceivedMessage] = []

  /// Memory for a batch.
  init() {
    unsafe memory = .allocate(byteCount: Self.limit * TaskReply.byteCount, alignment: 16)
    messages.reserveCapacity(Self.limit)
  }

  deinit { unsafe memory.deallocate() }

  /// Forgets the batch before.
  mutating func removeAll() { messages.removeAll(keepingCapacity: true) }

  /// Adds the answer that came as `message`; nil for one that says nothing.
  mutating func append(_ reply: TaskReply?, _ message: ReceivedMessage) {
    let place = unsafe memory + messages.count * TaskReply.byteCount
    var answer = message
    unsafe answer.body = MessageBody(start: place, count: reply == nil ? 0 : TaskReply.byteCount)
    if let reply { unsafe reply.write(to: place) }
    messages.append(answer)
  }

  /// Adds an answer that did not come as a message of its own.
  mutating func append(_ reply: TaskReply?, correlation: UInt64) {
    let nothing = unsafe MessageBody(start: memory, count: 0)
    append(
      reply,
      ReceivedMessage(body: nothing, tag: 0, correlation: correlation, replyTo: 0, isRedelivered: false))
  }

  /// Answer `index` of the batch.
  func message(at index: Int) -> ReceivedMessage { messages[index] }
}
