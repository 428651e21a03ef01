public import DriverInterface
public import Serialization

/// One client: submits tasks and receives their outcomes, in batches.
///
/// Roles: owned by one thread. It never waits and reads no clock. Who wants an outcome gives its task a correlation number, which the
/// outcome brings back; the end point has a reply queue of its own.
/// Cost of a task: two copies of its message and a few stores; allocates nothing.
@frozen
public struct TaskClientCore<Endpoint: MessageSender & MessageReceiver & ~Copyable>: ~Copyable {
  /// Where messages go to and come from.
  public var endpoint: Endpoint
  @usableFromInline var writer: ByteWriter
  @usableFromInline var identifiers: TaskIdentifierSource

  /// What became of a submission.
  @frozen
  public enum Submission: Sendable, Equatable {
    /// Staged: `flush` hands it over.
    case staged
    /// Nothing more can be staged: flush first. The task was not taken.
    case full
    /// The message is larger than a message may be.
    case tooLarge
  }

  /// A client.
  /// - Parameter identifiers: Where identities of tasks come from that have none: one source for each client.
  public init(endpoint: consuming Endpoint, identifiers: TaskIdentifierSource) {
    self.endpoint = endpoint
    self.identifiers = identifiers
    writer = ByteWriter(capacity: 1024, limit: TaskEnvelope.byteCountLimit)
  }

  /// A fresh identity.
  @inlinable
  public mutating func makeIdentifier() -> TaskIdentifier { identifiers.next() }

  /// Stages a task.
  /// - Parameters:
  ///   - template: What the message says beside its arguments.
  ///   - arguments: As the template's serializer and compression made them; read during the call only.
  ///   - identifier: The task's identity; nil for a fresh one.
  ///   - route: Index of a route of the end point: to the queue, or with `TaskTemplate.isHeldBack` to its keeper.
  ///   - correlation: Comes back with the outcome; 0 when nobody waits.
  ///   - now: The present time, from which countdown and expiry count.
  @inlinable @inline(__always)
  public mutating func submit(
    _ template: TaskTemplate, arguments: MessageBody, identifier: TaskIdentifier? = nil, route: Int,
    correlation: UInt64, now: Int64
  ) -> Submission {
    template.begin(&writer, identifier: identifier ?? identifiers.next(), now: now)
    unsafe writer.append(BorrowedBytes(arguments.bytes))
    guard template.end(&writer) else { return .tooLarge }
    return send(route: route, correlation: correlation, priority: template.priority, now: now)
  }

  /// Stages a task with arguments that are serialized straight into its message.
  /// - Throws: What the serializer cannot express; then nothing is staged.
  @inlinable
  public mutating func submit<Arguments: SerializableValue>(
    _ template: TaskTemplate, _ arguments: Arguments, serializer: Serializer, identifier: TaskIdentifier? = nil,
    route: Int, correlation: UInt64, now: Int64
  ) throws(SerializationError) -> Submission {
    template.begin(&writer, identifier: identifier ?? identifiers.next(), now: now)
    try serializer.encode(arguments, into: &writer)
    guard template.end(&writer) else { return .tooLarge }
    return send(route: route, correlation: correlation, priority: template.priority, now: now)
  }

  /// Stages a task whose message is made for it alone.
  /// - Throws: What cannot be said in a message; then nothing is staged.
  public mutating func submit(
    _ message: TaskMessage, route: Int, correlation: UInt64, now: Int64
  ) throws(TaskMessageError) -> Submission {
    writer.removeAll()
    try message.encode(into: &writer)
    return send(route: route, correlation: correlation, priority: message.priority, now: now)
  }

  @inlinable @inline(__always)
  mutating func send(route: Int, correlation: UInt64, priority: UInt8, now: Int64) -> Submission {
    let body = unsafe MessageBody(start: writer.bytes.start, count: writer.count)
    let isStaged = endpoint.send(body, route: route, correlation: correlation, priority: priority, now: now)
    return isStaged ? .staged : .full
  }

  /// Hands over what is staged, as far as the subject takes it. Owed before the client idles.
  @inlinable @inline(__always)
  public mutating func flush(now: Int64) -> FlushOutcome { endpoint.flush(now: now) }

  /// Takes up to `limit` messages about tasks, which form the current batch; returns how many.
  @inlinable @inline(__always)
  public mutating func receive(limit: Int, now: Int64) -> Int { endpoint.receive(limit: limit, now: now) }

  /// Message `index` of the current batch; nil when it is none about a task. Valid until the next `receive`.
  ///
  /// Its correlation number is the client's. STARTED and RETRY come only from tasks with `TaskOptions.trackStarted`.
  @inlinable @inline(__always)
  public func outcome(at index: Int) -> TaskOutcome? { TaskOutcome(endpoint.message(at: index).body) }
}
