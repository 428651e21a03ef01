import MessageBroker

/// A session of the reference broker.
struct ReferenceSession {
  /// Where a session publishes to.
  struct Route: Hashable {
    let exchange: String
    let key: String
    let headers: [String: String]
  }

  /// Which of all sessions there ever were.
  let number: Int
  let windowCapacity: Int
  let hasConfirms: Bool
  var consumers: [ReferenceConsumer] = []
  /// Whose turn is first at the next poll.
  var turn = 0
  var nextConsumer = 0
  var nextTag: UInt64 = 1
  /// The tag after that of the last delivery.
  var tagAfterLast: UInt64 = 1
  /// Unacknowledged deliveries, by rising tag.
  var unacknowledged: [ReferenceDelivery] = []
  /// Routes that were asked for: they stay valid when their exchange goes.
  var routes: Set<Route> = []
  var lastSequence: UInt64 = 0
  var reportedSequence: UInt64 = 0
  var nacks: [UInt64] = []

  /// Goes on to the next tag whose place in the window is free; returns how many places are free from there on. Places come round.
  mutating func makeRoom() -> Int {
    guard unacknowledged.count < windowCapacity else { return 0 }
    while isTaken(nextTag) { nextTag += 1 }
    return (0..<windowCapacity).prefix { !isTaken(nextTag + UInt64($0)) }.count
  }

  private func isTaken(_ tag: UInt64) -> Bool {
    unacknowledged.contains { $0.tag % UInt64(windowCapacity) == tag % UInt64(windowCapacity) }
  }

  /// The next publish's number, when there are confirms.
  mutating func advanceSequence() {
    if hasConfirms { lastSequence += 1 }
  }
}

/// How a consumer is started.
struct ReferenceConsumerOptions: Equatable {
  var prefetch = 0
  var acknowledgement = AcknowledgementMode.manual
  var priority = 0
  var isExclusive = false
  /// How long a delivery may stay unacknowledged, in nanoseconds.
  var timeout: Int64?
}

extension ReferenceConsumerOptions: CustomStringConvertible {
  var description: String { "(\(differences(of: self, from: ReferenceConsumerOptions())))" }
}

/// A consumer of the reference broker.
struct ReferenceConsumer {
  /// Which of its session's consumers.
  let number: Int
  let queue: String
  let queueNumber: Int
  let options: ReferenceConsumerOptions
  /// Rises over all consumers of the broker.
  let order: Int
}

/// A message in the hands of a consumer.
struct ReferenceDelivery {
  let tag: UInt64
  /// Nil for `get`.
  let consumer: Int?
  let queue: String
  let queueNumber: Int
  let message: ReferenceMessage
  let deliveredAt: Int64
}
