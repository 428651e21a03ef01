/// What became of a task so far, by the names of the field.
public enum TaskState: String, Sendable, CaseIterable {
  /// Nothing is known of it: it waits, or there is no such task.
  case pending = "PENDING"
  /// A worker has it. The field's word, which other systems may send: workers here tell it by the event task-received alone.
  case received = "RECEIVED"
  /// A worker has begun with it. Only tasks with `TaskOptions.trackStarted` say so.
  case started = "STARTED"
  /// It returned a value.
  case success = "SUCCESS"
  /// It threw an error, ran over a limit, or its worker was lost.
  case failure = "FAILURE"
  /// It failed and is tried again later.
  case retry = "RETRY"
  /// It was called off before it began, by name or because it had expired.
  case revoked = "REVOKED"
  /// No worker could do anything with it: an unknown name, a content type that is not accepted, a poisonous message.
  case rejected = "REJECTED"

  /// One byte that stands for it in a message; never changes its meaning.
  @inlinable
  public var code: UInt8 {
    switch self {
    case .pending: 0
    case .received: 1
    case .started: 2
    case .success: 3
    case .failure: 4
    case .retry: 5
    case .revoked: 6
    case .rejected: 7
    }
  }

  /// The state of this `code`, if there is one.
  @inlinable
  public init?(code: UInt8) {
    switch code {
    case 0: self = .pending
    case 1: self = .received
    case 2: self = .started
    case 3: self = .success
    case 4: self = .failure
    case 5: self = .retry
    case 6: self = .revoked
    case 7: self = .rejected
    default: return nil
    }
  }

  /// Whether nothing follows it: the field's READY_STATES, and REJECTED.
  @inlinable
  public var isFinal: Bool {
    switch self {
    case .success, .failure, .revoked, .rejected: true
    case .pending, .received, .started, .retry: false
    }
  }
}
