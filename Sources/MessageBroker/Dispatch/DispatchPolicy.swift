/// Which consumer of a queue gets which message.
///
/// *Push-time* policies choose a consumer's lane when the message is published; *pull-time* policies leave it in the queue until a
/// consumer with room takes it. The names are those of the scenario file.
public enum DispatchPolicy: Sendable, Hashable {
  /// One queue, whoever asks first gets the oldest message.
  case shared
  /// `shared`, where nobody may hold more than one unacknowledged message: only a free consumer gets work.
  case fair
  /// `shared`, where nobody may hold more than this many unacknowledged messages.
  case prefetch(Int)
  /// The consumers with the highest priority that have room take messages; the others only what these cannot.
  case consumerPriority
  /// One consumer gets everything; when it goes, the one that came next takes over.
  case singleActive
  /// In turn. Knows nothing of the consumers, so uneven work starves some ("every second message is heavy").
  case roundRobin
  /// By lot.
  case random
  /// By routing key: each key stays with its consumer as long as that one is there, so each key's messages stay in order.
  case consistentHash
  /// The less loaded of two drawn by lot.
  case powerOfTwoChoices
  /// The least loaded of all.
  case leastOutstanding
  /// In turn, and consumers that run out of work take from others' lanes.
  case workStealing
  /// A push-time rule of the user's own.
  case custom(CustomDispatch)

  /// When a policy decides.
  public enum Moment: Sendable {
    /// At publishing: the message goes into one consumer's lane.
    case push
    /// When a consumer asks.
    case pull
  }

  /// When this policy decides.
  public var moment: Moment {
    switch self {
    case .shared, .fair, .prefetch, .consumerPriority, .singleActive: .pull
    case .roundRobin, .random, .consistentHash, .powerOfTwoChoices, .leastOutstanding, .workStealing, .custom: .push
    }
  }

  /// The prefetch that the policy prescribes, whatever a consumer asks for; nil when it leaves that to the consumer.
  public var prescribedPrefetch: Int? {
    switch self {
    case .fair: 1
    case .prefetch(let count): count
    default: nil
    }
  }

  /// Whether consumers without work take from the lanes of others.
  public var allowsStealing: Bool { self == .workStealing }

  /// Whether every consumer sees each producer's messages in the order of their publishing, redeliveries aside, if the queue is
  /// first in, first out.
  public var keepsOrderPerProducer: Bool { self != .workStealing }

  /// Whether each routing key's messages are handled in the order of their publishing while the set of consumers does not change.
  public var keepsOrderPerKey: Bool { self == .consistentHash || self == .singleActive }
}

// MARK: - Names

extension DispatchPolicy {
  /// The policies that are nothing but a name.
  private static let named: [(name: String, policy: DispatchPolicy)] = [
    ("shared", .shared), ("fair", .fair), ("consumer_priority", .consumerPriority), ("single_active", .singleActive),
    ("round_robin", .roundRobin), ("random", .random), ("consistent_hash", .consistentHash),
    ("power_of_two_choices", .powerOfTwoChoices), ("least_outstanding", .leastOutstanding),
    ("work_stealing", .workStealing),
  ]

  /// The policies that need neither a number nor code of the user's own.
  public static var builtIn: [DispatchPolicy] { named.map(\.policy) }

  /// The policy of that name in a scenario file, `prefetch(n)` with n from 1 among them; nil for other texts.
  public init?(name: String) {
    if let known = Self.named.first(where: { $0.name == name }) {
      self = known.policy
      return
    }
    guard name.hasPrefix("prefetch("), name.hasSuffix(")") else { return nil }
    guard let count = Int(name.dropFirst("prefetch(".count).dropLast()), count >= 1 else { return nil }
    self = .prefetch(count)
  }

  /// The name in a scenario file.
  public var name: String {
    switch self {
    case .prefetch(let count): "prefetch(\(count))"
    case .custom(let custom): custom.name
    default: Self.named.first { $0.policy == self }?.name ?? ""
    }
  }
}
