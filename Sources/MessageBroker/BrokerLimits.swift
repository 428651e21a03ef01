/// Upper limits of a broker. Reaching one is an error with code 506 or a counted outcome, never silent.
public struct BrokerLimits: Sendable, Equatable {
  /// Sessions open at a time; at most 1024, because the parked ones of a queue are a fixed set of bits.
  public var sessions = 1024
  /// Queues at a time; at most 65,535, because a queue's slot has 16 bits in `reply_to`.
  public var queues = 65_535
  /// Different names of exchanges that the broker has ever had, the six predeclared ones included; from 6 to 65,535.
  public var exchanges = 65_535
  /// Bindings at a time, without the implicit ones of the default exchange.
  public var bindings = 1_000_000
  /// Destinations that one exchange may have for the same key (topic: pattern; headers: arguments; fanout: altogether): a fan-out
  /// beyond it is refused when the binding is made.
  public var queuesPerRoute = 4096
  /// Different routing keys that the broker has ever seen; each costs its text.
  public var routingKeys = 1_000_000
  /// The largest `max_length` of a queue, in messages of 64 bytes (without their bodies).
  public var queueLength = 1 << 24
  /// Bytes of memory for message bodies that do not fit into a descriptor, over all queues.
  public var bodyMemoryByteCount = 1 << 30
  /// Bytes of the encoded headers of one route.
  public var headersByteCount = 65_536
  /// Consumers of one session, those of `get` included; at most 65,535.
  public var consumersPerSession = 1024
  /// Routes that one session may hold in its cache; at most 65,535.
  public var routesPerSession = 65_535

  /// The defaults above.
  public init() {}
}
