extension QueueOptions {
  /// Whether the ring cannot do it: messages must be found by more than their turn.
  var needsStore: Bool {
    order != .fifo || overflow == .dropHead || maxByteCount != nil || messageTTL != nil || retry != nil
      || unacknowledgedLimit != nil
  }

  /// The options as arguments of the protocol, with the texts that errors show.
  private var arguments: [(name: String, text: String)] {
    [
      ("auto_delete", "\(isAutoDelete)"), ("x-max-length", "\(maxLength)"),
      ("x-max-length-bytes", Self.text(maxByteCount)), ("x-overflow", overflow.rawValue),
      ("x-queue-order", order.isLIFO ? "lifo" : "fifo"), ("x-max-priority", Self.text(order.levels)),
      ("x-dispatch", dispatch.name), ("x-message-ttl", Self.text(messageTTL)), ("x-expires", Self.text(expires)),
      ("x-dead-letter-exchange", deadLetter?.exchange ?? "none"),
      ("x-dead-letter-routing-key", deadLetter?.routingKey ?? "none"),
      ("x-delivery-limit", Self.text(deliveryLimit)), ("x-retry-backoff", Self.text(retry?.backoff)),
      ("x-retry-limit", Self.text(retry?.limit)), ("x-retry-jitter", Self.text(retry?.jitter)),
      ("x-unacknowledged-limit", Self.text(unacknowledgedLimit)),
    ]
  }

  private static func text<Value>(_ value: Value?) -> String { value.map { "\($0)" } ?? "none" }

  /// Refuses to declare a queue again that has other options. Error: 406.
  func checkEquivalence(to current: QueueOptions, of queue: String) throws(BrokerError) {
    for (received, known) in zip(arguments, current.arguments) where received.text != known.text {
      throw .inequivalent(received.name, of: "queue", queue, received: received.text, current: known.text)
    }
  }

  /// Refuses values that mean nothing, and combinations that contradict each other. Error: 406.
  func check(for queue: String, limits: BrokerLimits) throws(BrokerError) {
    let isInvalid: (String, String) -> BrokerError = { argument, reason in
      BrokerError(code: .preconditionFailed, message: "invalid arg '\(argument)' for queue '\(queue)': \(reason)")
    }
    guard maxLength > 0, maxLength <= limits.queueLength else {
      throw isInvalid("x-max-length", "\(maxLength) is not in 1...\(limits.queueLength)")
    }
    if let levels = order.levels, levels < 1 || levels > 255 {
      throw isInvalid("x-max-priority", "\(levels) is not in 1...255")
    }
    let smallest: [(String, Int64?, Int64)] = [
      ("x-max-length-bytes", maxByteCount.map(Int64.init), 0), ("x-message-ttl", messageTTL, 0),
      ("x-expires", expires, 1), ("x-delivery-limit", deliveryLimit.map(Int64.init), 0),
      ("x-retry-backoff", retry?.backoff, 0), ("x-retry-limit", retry?.limit, 0),
      ("x-unacknowledged-limit", unacknowledgedLimit.map(Int64.init), 1),
    ]
    for (argument, value, least) in smallest {
      if let value, value < least { throw isInvalid(argument, "\(value) is below \(least)") }
    }
    if let jitter = retry?.jitter, !(0...1).contains(jitter) {
      throw isInvalid("x-retry-jitter", "\(jitter) is not in 0...1")
    }
    if let prefetch = dispatch.prescribedPrefetch, prefetch < 1 {
      throw isInvalid("x-dispatch", "a prefetch of \(prefetch) is below 1")
    }
    if dispatch.moment == .push, needsStore {
      throw isInvalid(
        "x-dispatch",
        "'\(dispatch.name)' hands messages out when they are published, so the queue must be first in, first out, "
          + "with nothing but x-max-length to limit it")
    }
  }
}

extension QueueOrder {
  var isLIFO: Bool { self == .lifo }

  /// The highest priority, in a queue that has priorities.
  var levels: Int? {
    if case .priority(let levels) = self { levels } else { nil }
  }
}
