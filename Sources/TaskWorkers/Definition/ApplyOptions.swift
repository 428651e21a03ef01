public import Serialization

/// What one call says about its task, by the names of the field. Nil leaves it to the task's options.
public struct ApplyOptions: Sendable, Equatable {
  /// How long to wait before the task may begin.
  public var countdown: Duration?
  /// When it may begin, in nanoseconds of the workers' clock: `application.now + 5_000_000_000` in five seconds, and
  /// `TaskApplication.moment(unixNanoseconds:)` at a time of day. Goes before `countdown`.
  public var eta: Int64?
  /// After what time it is called off unless it has begun, counted from the call, a countdown included.
  public var expires: Duration?
  /// Which attempt it is, from 0: not 0 for one that was made elsewhere before.
  public var retries = 0
  /// The queue that it goes to, which is there (`ApplicationSettings.queues`); nil for the one of the application.
  public var queue: String?
  /// `routing_key`, for exchanges.
  public var routingKey: String?
  /// How urgent it is, from 0, in queues with priorities.
  public var priority: UInt8?
  /// How its arguments are serialized.
  public var serializer: Serializer?
  /// How they are compressed.
  public var compression: Compression?
  /// What is sent with its result when it succeeds.
  public var link: [Signature] = []
  /// What is sent when it does not succeed: it failed for good, was called off, had expired, or was rejected.
  public var linkError: [Signature] = []
  /// After what time it is killed, with its process.
  public var timeLimit: Duration?
  /// After what time it is asked to stop.
  public var softTimeLimit: Duration?
  /// Whether nobody wants the result.
  public var ignoreResult: Bool?
  /// What an application adds, for its handlers: `TaskContext.headers`. What follows the task has headers of its own.
  public var headers: [String: String] = [:]
  /// Another name for logs, for whoever reads the message: events go by the task's own.
  public var shadow: String?

  /// Leaves everything to the task's options.
  public init() {}

  /// The same with changes: `ApplyOptions { $0.countdown = .seconds(10) }`.
  public init(_ change: (inout ApplyOptions) -> Void) { change(&self) }
}
