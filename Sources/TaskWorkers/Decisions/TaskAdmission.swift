/// What a worker does with a message that it was given, before any of its arguments is looked at.
@frozen
public enum TaskAdmission: Sendable, Equatable {
  /// Begin with it.
  case run
  /// Send it to the keeper of ETAs: its time has not come.
  case forward
  /// It is too late: REVOKED.
  case expired
  /// It was called off: REVOKED.
  case revoked
  /// No task has its name: REJECTED.
  case notRegistered
  /// Its content type is not accepted, or that of what it gets from the tasks before it: REJECTED, and never decoded.
  case contentDisallowed
  /// It came back too often: REJECTED, into the dead letters.
  case poisoned
  /// It has a hard time limit, and there is no process to kill: REJECTED.
  case timeLimitUnsupported

  /// What the decision depends on.
  public struct Facts: Sendable {
    /// Whether the worker knows the task.
    public var isRegistered = true
    /// Whether it accepts the content types.
    public var isAccepted = true
    /// How often the message came back, and how often it may.
    public var returnCount = 0
    /// How often it may.
    public var redeliveryLimit = Int.max
    /// Whether it was called off by name.
    public var isRevoked = false
    /// From when on it must not begin; 0 for never.
    public var expires: Int64 = 0
    /// When it may begin; 0 for at once.
    public var eta: Int64 = 0
    /// Whether it has a hard time limit that the pool cannot keep.
    public var hasUnsupportedLimit = false

    /// A message without anything special.
    public init() {}
  }

  /// Decides. What nobody may do goes before what nobody wants, and that before what is not due.
  public init(_ facts: Facts, now: Int64) {
    if !facts.isRegistered {
      self = .notRegistered
    } else if !facts.isAccepted {
      self = .contentDisallowed
    } else if facts.returnCount > facts.redeliveryLimit {
      self = .poisoned
    } else if facts.isRevoked {
      self = .revoked
    } else if facts.expires != 0, now >= facts.expires {
      self = .expired
    } else if facts.hasUnsupportedLimit {
      self = .timeLimitUnsupported
    } else if facts.eta != 0, facts.eta > now {
      self = .forward
    } else {
      self = .run
    }
  }

  /// What becomes of a task that is not begun with; nil when it still may be.
  public var ending: (state: TaskState, errorType: String)? {
    switch self {
    case .run, .forward: nil
    case .expired: (.revoked, WorkerErrorName.expired)
    case .revoked: (.revoked, WorkerErrorName.revoked)
    case .notRegistered: (.rejected, WorkerErrorName.notRegistered)
    case .contentDisallowed: (.rejected, WorkerErrorName.contentDisallowed)
    case .poisoned: (.rejected, WorkerErrorName.redeliveryLimitExceeded)
    case .timeLimitUnsupported: (.rejected, WorkerErrorName.timeLimitUnsupported)
    }
  }
}
