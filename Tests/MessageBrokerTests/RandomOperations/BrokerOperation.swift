import MessageBroker

/// One step of a random history. Means something in every state, so that a history from which steps were taken out still is one:
/// sessions are slots that may be empty, consumers are counted round, and tags are counted back from the newest delivery.
enum BrokerOperation {
  case openSession(Int, windowCapacity: Int, confirms: Bool)
  case closeSession(Int)
  case declareExchange(ReferenceExchange)
  case deleteExchange(String, ifUnused: Bool)
  case declareQueue(String, ReferenceQueueOptions, by: Int?)
  case deleteQueue(String, ifUnused: Bool, ifEmpty: Bool, by: Int?)
  case purgeQueue(String, by: Int?)
  case setPaused(Bool, String)
  case bind(ReferenceBinding, by: Int?)
  case unbind(ReferenceBinding, by: Int?)
  case publish(UInt64, exchange: String, key: String, ReferenceProperties, mayReuseRoute: Bool, in: Int)
  case pollConfirms(Int)
  case consume(String, ReferenceConsumerOptions, in: Int)
  case cancel(consumer: Int, in: Int)
  case poll(Int, limit: Int)
  case get(String, AcknowledgementMode, in: Int)
  case settle(back: Int, multiple: Bool, ReferenceBroker.Settlement, in: Int)
  case advance(by: Int64)
  /// Look at everything that can be looked at.
  case look
}

/// What an operation shows. Two brokers agree when they show the same.
enum OperationOutcome: Equatable {
  case done
  /// There is no such session or consumer.
  case skipped
  case refused(BrokerError.Code)
  case count(Int)
  case declared(name: String, ready: Int, consumers: Int)
  case published(ReferenceBroker.PublishAnswer, sequence: UInt64)
  case confirms(through: UInt64, count: Int, nacks: [UInt64])
  case consumer(Int)
  case deliveries([SeenDelivery])
  case view(BrokerView)
  /// Something that no broker should do.
  case surprise(String)
}

/// A delivery as its consumer sees it.
struct SeenDelivery: Equatable {
  let tag: UInt64
  /// Nil for `get`.
  let consumer: Int?
  let id: UInt64
  /// In the order of its queue.
  let position: UInt64
  let exchange: String
  let key: String
  let priority: UInt8
  let isRedelivered: Bool
  let returnCount: Int
  let deaths: [ReferenceDeath]
  var hasRightBody = true
}

/// What the lists and statistics of a broker show.
struct BrokerView: Equatable {
  struct Queue: Equatable {
    let name: String
    let ready: Int
    let unacknowledged: Int
    let consumers: Int
    let counts: ReferenceCounts
  }

  var queues: [Queue]
  /// With their types, without the predeclared ones.
  var exchanges: [String]
  /// Without the implicit ones.
  var bindings: [String]
  var unroutable: Int
  /// Per session slot, for each consumer whether its queue is gone.
  var cancelled: [Int: [Bool]]
}

extension BrokerView {
  /// A binding as `bindings` lists it.
  static func binding(
    _ source: String, _ kind: String, _ destination: String, _ key: String, _ arguments: [String: String] = [:]
  ) -> String {
    let listed = arguments.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
    return "\(source) to \(kind) \(destination), \(key)\(listed)"
  }
}

/// Something that performs operations: the model, the broker, or a model with a mistake.
protocol BrokerSubject {
  mutating func perform(_ operation: BrokerOperation) -> OperationOutcome
  /// Time moves on to the next moment at which something happens.
  mutating func advance(to moment: Int64)
  /// Everything is closed and deleted; what is left although it should not be, in words.
  mutating func end() -> String?
}
