import Distributions
import MessageBroker
import Platform
import Synchronization
import Testing

/// Declaring, binding and deleting while messages flow, several threads at once; meant for ThreadSanitizer in release too.
@Suite(.serialized) struct RoutingStressTests {
  #if DEBUG
    static let messageCount = 10_000
  #else
    static let messageCount = 30_000
  #endif
  static let keys = ["a.b", "a.c", "b.b.b"]
  static let patterns = ["#", "a.*", "*.b", "a.b", "b.#", "#.b"]
  static let names = (0..<6).map { "q\($0)" }

  /// What the publishers of a run found out.
  final class Tally: Sendable {
    let publishersLeft: Atomic<Int>
    let routedCopies = Atomic<Int>(0)
    let unroutable = Atomic<Int>(0)
    init(publishers: Int) { publishersLeft = Atomic(publishers) }
    var isDone: Bool { publishersLeft.load(ordering: .acquiring) == 0 }
  }

  func run(_ bodies: [@Sendable () -> Void]) throws {
    let threads = try bodies.map { try PinnedThread(name: "stress", core: nil, body: $0) }
    for thread in threads { thread.join() }
  }

  /// Publishes numbered messages, with headers every other time, and counts the copies.
  @Sendable static func publish(_ broker: Broker, _ tally: Tally, exchange: String, batch: Int, seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var session = try! broker.openSession(SessionOptions(publishBatch: batch))
    var strategy = Parking()
    let headers: FieldTable = ["a": 1]
    for id in 0..<UInt64(messageCount) {
      let key = keys[random.below(keys.count)]
      let route = try! session.route(exchange: exchange, key: key, headers: id % 2 == 0 ? headers : [:])
      let properties = MessageProperties(correlation: seed << 32 | id)
      var outcome = session.publish(body(of: id), route: route, properties: properties, now: 0)
      while outcome == .full {
        session.wait(using: &strategy, timeoutNanoseconds: 1_000_000)
        outcome = session.publish(body(of: id), route: route, properties: properties, now: 0)
      }
      precondition(outcome == .accepted || outcome == .unroutable)
      tally.routedCopies.wrappingAdd(session.queueCount(of: route), ordering: .relaxed)
      if outcome == .unroutable { tally.unroutable.wrappingAdd(1, ordering: .relaxed) }
    }
    while session.flush() > 0 { session.wait(using: &strategy, timeoutNanoseconds: 1_000_000) }
    session.close()
    tally.publishersLeft.wrappingSubtract(1, ordering: .acquiringAndReleasing)
  }

  /// Takes everything from `queues` until the publishers are done and nothing is left; each publisher's messages must rise.
  @Sendable static func consume(_ broker: Broker, _ tally: Tally, queues: [String], isComplete: Bool) {
    var session = try! broker.openSession()
    var newest: [UInt64: UInt64] = [:]
    var consumers = [ConsumerTag?](repeating: nil, count: queues.count)
    var strategy = Parking()
    while true {
      let wasDone = tally.isDone
      for index in consumers.indices {
        if let tag = consumers[index] {
          guard session.isCancelled(tag) else { continue }
          try! session.cancel(tag)
        }
        // Nil while the queue is between its deletion and its declaration.
        consumers[index] = try? session.consume(queue: queues[index])
      }
      let count = session.poll(limit: 32)
      for place in 0..<count {
        let delivery = session.delivery(at: place)
        let (publisher, id) = (delivery.correlation >> 32, delivery.correlation & 0xFFFF_FFFF)
        precondition(delivery.body.copied() == body(of: id), "wrong body")
        precondition(delivery.headers["a"] == (id % 2 == 0 ? 1 : nil), "wrong headers")
        guard isComplete else { continue }
        precondition(id == newest[publisher].map { $0 + 1 } ?? 0, "lost, doubled or out of order")
        newest[publisher] = id
      }
      try! session.acknowledge(0, multiple: true)
      if count == 0 {
        if wasDone { break }
        session.wait(using: &strategy, timeoutNanoseconds: 1_000_000)
      }
    }
    session.close()
  }

  /// Bindings come and go. Every copy that a publisher was told of is in a queue's books, and the queue that is bound to everything
  /// all the time gets every message exactly once and in order.
  @Test(arguments: [1, 16], [1, 2] as [UInt64])
  func bindingDuringTrafficLosesAndDoublesNothing(batch: Int, seed: UInt64) throws {
    let broker = Broker()
    let tally = Tally(publishers: 2)
    try broker.declareExchange("behind", type: .fanout)
    for name in Self.names { try broker.declareQueue(name, options: QueueOptions(maxLength: 256)) }
    try broker.declareQueue("witness", options: QueueOptions(maxLength: 256))
    try broker.bind(queue: "witness", to: "behind")
    try broker.bind(exchange: "behind", to: "amq.topic", key: "#")
    let disturb: @Sendable () -> Void = {
      var random = SplitMix64(seed: seed)
      while !tally.isDone {
        let (name, pattern) = (Self.names[random.below(6)], Self.patterns[random.below(6)])
        switch random.below(4) {
        case 0: try! broker.bind(queue: name, to: "amq.topic", key: pattern)
        case 1: try! broker.unbind(queue: name, from: "amq.topic", key: pattern)
        case 2: try! broker.bind(queue: name, to: "behind")
        default: try! broker.unbind(queue: name, from: "behind")
        }
        for _ in 0..<random.below(400) { spinHint() }
      }
    }
    try run([
      { Self.publish(broker, tally, exchange: "amq.topic", batch: batch, seed: 2 * seed) },
      { Self.publish(broker, tally, exchange: "amq.topic", batch: 1, seed: 2 * seed + 1) },
      { Self.consume(broker, tally, queues: Self.names, isComplete: false) },
      { Self.consume(broker, tally, queues: ["witness"], isComplete: true) }, disturb,
    ])
    let queues = broker.listQueues()
    let published = queues.reduce(0) { $0 + Int($1.totals.published) }
    #expect(published == tally.routedCopies.load(ordering: .relaxed), "seed \(seed)")
    for queue in queues {
      #expect(queue.messages == 0 && queue.totals.acknowledged == queue.totals.published, "\(queue.name), seed \(seed)")
    }
    #expect(queues.last?.totals.published == UInt64(2 * Self.messageCount))
    #expect(tally.unroutable.load(ordering: .relaxed) == 0 && broker.statistics().unroutable == 0)
    #expect(broker.statistics().bodyByteCount == 0)
  }

  /// Queues and exchanges come and go too. What is bound all the time still gets everything once and in order, and nothing leaks.
  @Test(arguments: [1, 16], [3, 4] as [UInt64])
  func deletingDuringTrafficSparesTheOthers(batch: Int, seed: UInt64) throws {
    let broker = Broker()
    let tally = Tally(publishers: 2)
    let options = QueueOptions(maxLength: 256)
    for name in Self.names { try broker.declareQueue(name, options: options) }
    try broker.declareQueue("witness", options: options)
    try broker.bind(queue: "witness", to: "amq.topic", key: "#")
    let disturb: @Sendable () -> Void = {
      var random = SplitMix64(seed: seed)
      while !tally.isDone {
        let name = Self.names[random.below(6)]
        switch random.below(5) {
        case 0:
          _ = try! broker.deleteQueue(name)
          try! broker.declareQueue(name, options: options)
        case 1: try! broker.bind(queue: name, to: "amq.topic", key: Self.patterns[random.below(6)])
        case 2:
          try! broker.declareExchange("behind", type: .fanout, options: ExchangeOptions(isAutoDelete: true))
          try! broker.bind(exchange: "behind", to: "amq.topic", key: "#.b")
          try! broker.bind(queue: name, to: "behind")
        case 3: try! broker.deleteExchange("behind")
        default: _ = broker.listBindings()
        }
        for _ in 0..<random.below(400) { spinHint() }
      }
    }
    try run([
      { Self.publish(broker, tally, exchange: "amq.topic", batch: batch, seed: 2 * seed) },
      { Self.publish(broker, tally, exchange: "amq.topic", batch: 1, seed: 2 * seed + 1) },
      { Self.consume(broker, tally, queues: Self.names, isComplete: false) },
      { Self.consume(broker, tally, queues: ["witness"], isComplete: true) }, disturb,
    ])
    let witness = try #require(broker.listQueues().last)
    #expect(witness.totals.published == UInt64(2 * Self.messageCount) && witness.messages == 0)
    #expect(broker.statistics().unroutable == 0)
    for name in Self.names { try broker.deleteQueue(name) }
    #expect(broker.statistics().bodyByteCount == 0)
  }
}
