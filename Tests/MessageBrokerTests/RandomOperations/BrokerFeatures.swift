/// What the random operation test uses of a broker beside direct exchanges and plain queues. A feature that the broker gets is
/// added to `implemented`, and to `RealBroker`; from then on its rules are compared with the model's.
struct BrokerFeatures: OptionSet {
  let rawValue: UInt32

  static let fanout = Self(rawValue: 1 << 0)
  static let topic = Self(rawValue: 1 << 1)
  static let headers = Self(rawValue: 1 << 2)
  static let exchangeBindings = Self(rawValue: 1 << 3)
  static let alternateExchange = Self(rawValue: 1 << 4)
  static let internalExchange = Self(rawValue: 1 << 5)
  static let autoDelete = Self(rawValue: 1 << 6)
  static let lifo = Self(rawValue: 1 << 7)
  static let priorities = Self(rawValue: 1 << 8)
  static let dropHead = Self(rawValue: 1 << 9)
  static let rejectPublishDeadLetter = Self(rawValue: 1 << 10)
  static let maxByteCount = Self(rawValue: 1 << 11)
  static let messageTTL = Self(rawValue: 1 << 12)
  static let expiration = Self(rawValue: 1 << 13)
  static let queueExpiry = Self(rawValue: 1 << 14)
  static let deadLetters = Self(rawValue: 1 << 15)
  static let deliveryLimit = Self(rawValue: 1 << 16)
  static let singleActive = Self(rawValue: 1 << 17)
  static let exclusiveConsumer = Self(rawValue: 1 << 18)
  static let consumerPriority = Self(rawValue: 1 << 19)
  static let consumerTimeout = Self(rawValue: 1 << 20)
  static let pause = Self(rawValue: 1 << 21)
  static let delay = Self(rawValue: 1 << 22)
  static let retry = Self(rawValue: 1 << 23)
  static let unacknowledgedLimit = Self(rawValue: 1 << 24)
  static let mandatory = Self(rawValue: 1 << 25)

  static let all = Self(rawValue: 1 << 26 - 1)

  /// What `Broker` has.
  static let implemented: Self = [
    .fanout, .topic, .headers, .exchangeBindings, .alternateExchange, .internalExchange, .autoDelete, .lifo,
    .priorities, .dropHead, .rejectPublishDeadLetter, .maxByteCount, .messageTTL, .expiration, .queueExpiry,
    .deadLetters, .deliveryLimit, .singleActive, .exclusiveConsumer, .consumerPriority, .consumerTimeout, .pause,
    .delay, .retry, .unacknowledgedLimit, .mandatory,
  ]
}
