/// What a driver breaks on purpose between its subject and one receiving worker, so that anyone can see the verification
/// catch it, or the subject survive it.
///
/// A driver puts an end of its own around the worker's when there is something to break, and only then: a run without
/// faults pays nothing for them.
public struct FaultInjection: Sendable, Equatable {
  /// Damage to single messages, which the verification must catch.
  public struct MessageFault: Sendable, Equatable {
    /// `lose`, `duplicate`, `reorder` or `corrupt`.
    public var kind: FaultKind
    /// One message out of this many of each stream is hit: one of the first `oneIn`, one of the next, and so on.
    public var oneIn: UInt64
    /// Decides which one.
    public var seed: UInt64

    /// Creates a fault.
    public init(kind: FaultKind, oneIn: UInt64, seed: UInt64) {
      precondition(kind.hitsMessages && oneIn > 0, "\(kind) is no fault of one message in \(oneIn)")
      self.kind = kind
      self.oneIn = oneIn
      self.seed = seed
    }
  }

  /// Something that happens to the worker at a time, which the subject must survive.
  public struct WorkerFault: Sendable, Equatable {
    /// `slow_consumer`, `pause` or `kill_worker`.
    public var kind: FaultKind
    /// The phase that it happens in.
    public var phase: String
    /// When it begins, from the start of the phase, in nanoseconds.
    public var startNanoseconds: Int64
    /// How long it lasts, in nanoseconds; nil for a worker that is killed and never replaced, and for a child of a worker's pool,
    /// which is replaced at once.
    public var durationNanoseconds: Int64?
    /// How many times longer everything takes, for `slow_consumer`.
    public var factor: Double

    /// Creates a fault.
    public init(
      kind: FaultKind, phase: String, startNanoseconds: Int64, durationNanoseconds: Int64?, factor: Double = 1
    ) {
      precondition(!kind.hitsMessages, "\(kind) has no time")
      self.kind = kind
      self.phase = phase
      self.startNanoseconds = startNanoseconds
      self.durationNanoseconds = durationNanoseconds
      self.factor = factor
    }
  }

  /// Damage to single messages; the first that hits a message wins.
  public var messageFaults: [MessageFault]
  /// What happens to the worker.
  public var workerFaults: [WorkerFault]

  /// Nothing, when nothing is given.
  public init(messageFaults: [MessageFault] = [], workerFaults: [WorkerFault] = []) {
    self.messageFaults = messageFaults
    self.workerFaults = workerFaults
  }

  /// Whether nothing is broken.
  public var isEmpty: Bool { messageFaults.isEmpty && workerFaults.isEmpty }
}

/// The kinds of fault, by the names that scenario files use.
public enum FaultKind: String, Sendable, CaseIterable, CustomStringConvertible {
  /// A message is taken and never shown.
  case lose
  /// A message is shown twice, without the redelivered flag.
  case duplicate
  /// A message is shown behind the next one of its stream.
  case reorder
  /// One bit of a message is flipped.
  case corrupt
  /// A worker takes several times longer.
  case slowConsumer = "slow_consumer"
  /// A worker does nothing for a while.
  case pause
  /// A worker dies with messages in its hands, without acknowledging them; where children run its tasks, one of them does.
  case killWorker = "kill_worker"

  /// Whether it hits single messages, not a worker.
  public var hitsMessages: Bool {
    switch self {
    case .lose, .duplicate, .reorder, .corrupt: true
    case .slowConsumer, .pause, .killWorker: false
    }
  }

  /// The name in scenario files.
  public var description: String { rawValue }
}
