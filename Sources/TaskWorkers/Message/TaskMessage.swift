/// All fields of a task's message, owned and changeable: what `TaskEnvelope` reads in place.
///
/// For the control plane, workflows and tests; a client that sends the same task again and again uses a `TaskTemplate`.
public struct TaskMessage: Sendable, Equatable {
  /// The task's name.
  public var task: String
  /// The task's identity: `id`.
  public var identifier: TaskIdentifier
  /// The arguments with content type and encoding.
  public var arguments: SerializedBytes
  /// How urgent it is, from 0.
  public var priority: UInt8 = 0
  /// What is said by single bits.
  public var flags: EnvelopeFlags = []
  /// The client's number, when the message travels by way of others.
  public var correlation: UInt64 = 0
  /// Where the result goes then.
  public var replyTo: UInt64 = 0
  /// When it may begin, in nanoseconds; 0 for at once.
  public var eta: Int64 = 0
  /// From when on it must not begin, in nanoseconds; 0 for never.
  public var expires: Int64 = 0
  /// In nanoseconds; 0 for what the task's options say.
  public var softTimeLimit: Int64 = 0
  /// In nanoseconds; 0 for what the task's options say.
  public var timeLimit: Int64 = 0
  /// Which attempt it is, from 0.
  public var retries: UInt32 = 0
  /// What it is a part of.
  public var relations = TaskRelations()
  /// The queue that it was sent to.
  public var queue: String?
  /// `routing_key`.
  public var routingKey: String?
  /// Another name for logs.
  public var shadow: String?
  /// What it was written in. Like the two that follow carried for those who set it; applications here leave it out.
  public var lang: String?
  /// The arguments as a reader may see them.
  public var argsrepr: String?
  /// The same of named ones.
  public var kwargsrepr: String?
  /// Who sent it.
  public var origin: String?
  /// What an application adds.
  public var headers: [String: String] = [:]
  /// What is sent when it succeeds.
  public var callbacks: [Signature] = []
  /// What is sent when it fails.
  public var errbacks: [Signature] = []
  /// What follows it.
  public var chain: [Signature] = []
  /// What follows its whole group: at most one.
  public var chord: [Signature] = []
  /// What the tasks before it returned.
  public var input: TaskInput?
  /// The signatures of a group; only in a message that is kept in another.
  public var members: [Signature] = []

  /// A message without any of the optional fields.
  public init(_ task: String, identifier: TaskIdentifier, arguments: SerializedBytes) {
    self.task = task
    self.identifier = identifier
    self.arguments = arguments
  }
}
