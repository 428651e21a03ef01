/// How an exchange routes.
public enum ExchangeType: String, Sendable, CaseIterable {
  /// To what is bound with exactly the message's routing key.
  case direct
  /// To everything that is bound.
  case fanout
  /// To what is bound with a pattern that matches the routing key: words between dots, `*` for one word, `#` for any number.
  case topic
  /// To what is bound with arguments that the message's headers match (`x-match`: all, any, all-with-x, any-with-x).
  case headers

  /// The type of that name. Errors: 503 (unknown), 540 (known to the field, not supported yet).
  public init(named name: String) throws(BrokerError) {
    if let known = ExchangeType(rawValue: name) {
      self = known
    } else if Self.notSupportedYet.contains(name) {
      throw BrokerError(code: .notImplemented, message: "exchange type '\(name)' is not supported yet")
    } else {
      throw BrokerError(code: .commandInvalid, message: "unknown exchange type '\(name)'")
    }
  }

  /// Types that RabbitMQ's users have from plugins.
  private static let notSupportedYet: Set<String> = [
    "x-consistent-hash", "x-modulus-hash", "x-random", "x-local-random", "x-delayed-message", "x-recent-history",
    "x-message-deduplication", "x-jms-topic", "x-rtopic",
  ]

  /// A table for the bindings of an exchange of this type.
  func makeTable() -> any BindingTable {
    switch self {
    case .direct: DirectTable()
    case .fanout: FanoutTable()
    case .topic: TopicTable()
    case .headers: HeadersTable()
    }
  }
}
