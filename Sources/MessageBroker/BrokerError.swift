/// Why the broker refused an operation: a reply code of AMQP 0-9-1 and the text that RabbitMQ's users know.
public struct BrokerError: Error, Equatable, CustomStringConvertible {
  /// The reply codes in use, with their numbers of AMQP 0-9-1.
  public enum Code: Int, Sendable {
    /// The name is reserved, the default exchange was to be changed, an internal exchange to be published to, or a consumer wants or
    /// has the queue for itself.
    case accessRefused = 403
    /// No such exchange or queue.
    case notFound = 404
    /// The queue belongs to another session.
    case resourceLocked = 405
    /// A redeclaration that differs, something in use, an argument of a wrong type, or an unknown delivery tag.
    case preconditionFailed = 406
    /// Something the protocol cannot say: a name of more than 255 bytes, a header table that is nested too deeply.
    case syntaxError = 502
    /// An exchange type that nobody knows.
    case commandInvalid = 503
    /// A limit of `BrokerLimits` is reached.
    case resourceError = 506
    /// The operation makes no sense here.
    case notAllowed = 530
    /// Known to the field, but not supported yet.
    case notImplemented = 540

    /// The name in front of the text.
    public var name: String {
      switch self {
      case .accessRefused: "ACCESS_REFUSED"
      case .notFound: "NOT_FOUND"
      case .resourceLocked: "RESOURCE_LOCKED"
      case .preconditionFailed: "PRECONDITION_FAILED"
      case .syntaxError: "SYNTAX_ERROR"
      case .commandInvalid: "COMMAND_INVALID"
      case .resourceError: "RESOURCE_ERROR"
      case .notAllowed: "NOT_ALLOWED"
      case .notImplemented: "NOT_IMPLEMENTED"
      }
    }
  }

  /// The reply code.
  public let code: Code
  /// One sentence: what was refused and why.
  public let message: String

  /// The reply text as a client of RabbitMQ sees it, e.g. `NOT_FOUND - no queue 'jobs'`.
  public var description: String { "\(code.name) - \(message)" }
}
