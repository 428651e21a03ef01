import Distributions
import MessageBroker

/// Random operations with the features that a broker has. It keeps a model of its own, so that most of what it asks for makes sense, and
/// depends on nothing but its seed; the history it makes can be cut at will.
struct OperationGenerator {
  var random: SplitMix64
  let features: BrokerFeatures
  var model = ReferenceBroker()
  private var nextID: UInt64 = 1

  let queues = ["a", "b", "c", "d", "mine", "amq.gen-1"]
  let exchanges = ["amq.direct", "x", "y"]
  let keys = ["", "k", "k.l", "k.l.m", "a"]
  private let slots = 5

  init(seed: UInt64, features: BrokerFeatures) {
    random = SplitMix64(seed: seed)
    self.features = features
  }

  /// A history that begins with sessions, queues, bindings and consumers.
  static func history(seed: UInt64, features: BrokerFeatures, count: Int) -> [BrokerOperation] {
    var generator = OperationGenerator(seed: seed, features: features)
    var history: [BrokerOperation] = []
    for step in 0..<count {
      let operation: BrokerOperation
      switch step {
      case ..<5: operation = generator.openSession(step)
      case ..<10: operation = generator.declareQueue()
      case ..<18: operation = generator.bindOrUnbind()
      case ..<22: operation = generator.consume()
      default: operation = generator.next()
      }
      _ = generator.model.perform(operation)
      history.append(operation)
    }
    return history
  }

  mutating func one<Value>(of values: [Value]) -> Value { values[random.below(values.count)] }
  mutating func happens(oneIn count: Int) -> Bool { random.below(count) == 0 }

  /// One of `values` if the feature is there, and then in one of `count` cases.
  mutating func maybe<Value>(_ feature: BrokerFeatures, oneIn count: Int, _ values: [Value]) -> Value? {
    guard features.contains(feature), happens(oneIn: count) else { return nil }
    return one(of: values)
  }

  /// Mostly one of the sensible values, if there are any; else one of all.
  mutating func mostly<Value>(_ sensible: [Value], else all: [Value]) -> Value {
    sensible.isEmpty || happens(oneIn: 15) ? one(of: all) : one(of: sensible)
  }

  mutating func slot(where isSensible: (ReferenceSession) -> Bool = { _ in true }) -> Int {
    mostly(model.sessions.filter { isSensible($0.value) }.keys.sorted(), else: Array(0..<slots))
  }

  mutating func queue() -> String { mostly(model.queues.keys.sorted(), else: queues) }

  /// The administrator, or a session.
  mutating func caller() -> Int? { happens(oneIn: 2) ? nil : slot() }

  mutating func next() -> BrokerOperation {
    switch random.below(1000) {
    case ..<360: return publish()
    case ..<560: return .poll(slot { !$0.consumers.isEmpty }, limit: happens(oneIn: 5) ? 20 : 1 + random.below(4))
    case ..<590: return .get(queue(), happens(oneIn: 3) ? .automatic : .manual, in: slot())
    case ..<800: return settle()
    case ..<820: return .pollConfirms(slot(where: \.hasConfirms))
    case ..<850: return model.sessions.values.reduce(0) { $0 + $1.consumers.count } < 8 ? consume() : cancel()
    case ..<860: return cancel()
    case ..<868: return .closeSession(slot())
    case ..<890: return openSession(mostly((0..<slots).filter { model.sessions[$0] == nil }, else: [0, 1]))
    case ..<910: return bindOrUnbind()
    case ..<930: return declareQueue()
    case ..<936:
      return .deleteQueue(queue(), ifUnused: happens(oneIn: 3), ifEmpty: happens(oneIn: 3), by: caller())
    case ..<940: return .purgeQueue(queue(), by: caller())
    case ..<950: return exchange()
    case ..<985: return timeOrPause()
    default: return .look
    }
  }

  mutating func cancel() -> BrokerOperation {
    .cancel(consumer: random.below(4), in: slot { !$0.consumers.isEmpty })
  }

  // MARK: Sessions

  mutating func openSession(_ slot: Int) -> BrokerOperation {
    .openSession(slot, windowCapacity: one(of: [4, 16, 64]), confirms: happens(oneIn: 2))
  }

  mutating func publish() -> BrokerOperation {
    defer { nextID += 1 }
    var properties = ReferenceProperties(priority: UInt8(random.below(6)))
    properties.isMandatory = features.contains(.mandatory) && happens(oneIn: 2)
    if let value = maybe(.headers, oneIn: 2, ["1", "2"]) { properties.headers = ["h": value, "x-h": value] }
    properties.expiration = maybe(.expiration, oneIn: 4, [0, 2052, 7176])
    properties.delay = maybe(.delay, oneIn: 6, [1056, 5184])
    var address = [one(of: exchangeNames), one(of: keys)]
    if happens(oneIn: 4) {
      address = ["", queue()]
    } else if let binding = mostly(model.bindings.map(Optional.some), else: [nil]) {
      address = [binding.source, happens(oneIn: 3) ? one(of: keys) : binding.key]
    }
    return .publish(
      nextID, exchange: address[0], key: address[1], properties, mayReuseRoute: happens(oneIn: 2), in: slot())
  }

  mutating func settle() -> BrokerOperation {
    let how: ReferenceBroker.Settlement = one(of: [.acknowledge, .acknowledge, .requeue, .discard])
    let slot = slot { !$0.unacknowledged.isEmpty }
    guard let session = model.sessions[slot], !session.unacknowledged.isEmpty, !happens(oneIn: 15) else {
      // Tags that nobody has, or 0, which means everything when it is `multiple`.
      return .settle(back: one(of: [0, 1, 20, 1_000_000]), multiple: happens(oneIn: 2), how, in: slot)
    }
    let tag = session.unacknowledged[random.below(session.unacknowledged.count)].tag
    return .settle(back: Int(session.tagAfterLast + 1 - tag), multiple: happens(oneIn: 4), how, in: slot)
  }

  mutating func consume() -> BrokerOperation {
    var options = ReferenceConsumerOptions(prefetch: random.below(6))
    if happens(oneIn: 5) { options.acknowledgement = .automatic }
    if happens(oneIn: 40) { options.prefetch = -1 }
    options.priority = maybe(.consumerPriority, oneIn: 3, [-1, 1, 5]) ?? 0
    options.isExclusive = maybe(.exclusiveConsumer, oneIn: 8, [true]) ?? false
    options.timeout = maybe(.consumerTimeout, oneIn: 4, [6400])
    return .consume(queue(), options, in: slot())
  }
}
