extension Scenario {
  /// Something that is broken on purpose, at consumers (servers of `request_reply`).
  public struct Fault: Sendable, Equatable {
    /// What is broken.
    public enum Kind: String, Sendable, CaseIterable {
      /// A worker takes several times longer.
      case slowConsumer = "slow_consumer"
      /// A worker dies without acknowledging what it has; of a pool with children, one of them.
      case killWorker = "kill_worker"
      /// A worker does nothing for a while.
      case pause
      /// A message never arrives.
      case lose
      /// A message arrives twice.
      case duplicate
      /// A message arrives behind the next one of its producer.
      case reorder
      /// A message arrives with one bit flipped.
      case corrupt

      /// Whether it hits single messages: a self-test of the verification, which must then fail.
      public var hitsMessages: Bool {
        switch self {
        case .lose, .duplicate, .reorder, .corrupt: true
        case .slowConsumer, .killWorker, .pause: false
        }
      }
    }

    /// When a worker's fault happens.
    public struct Schedule: Sendable, Equatable {
      /// The phase.
      public var phase: String
      /// When each occurrence begins, from the start of the phase, rising.
      public var startsNanoseconds: [Int64]
      /// How long each lasts; nil for a worker that is killed and not replaced, and for a child of a pool, which is at once.
      public var durationNanoseconds: Int64?
    }

    /// What is broken.
    public var kind: Kind
    /// The workers that it happens to, as `group.index`.
    public var workers: [String]
    /// One message in this many is hit; nil for a worker's fault.
    public var oneIn: Int64?
    /// How many times slower, for `slow_consumer`; 1 otherwise.
    public var factor: Double
    /// When it happens; nil for a fault of messages.
    public var schedule: Schedule?
    /// Where the fault is written.
    public var source: SourcePosition
  }
}
