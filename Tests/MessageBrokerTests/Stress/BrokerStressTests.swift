import Distributions
import MessageBroker
import Platform
import Synchronization
import Testing

/// Several threads at once; meant for ThreadSanitizer in release too.
@Suite(.serialized) struct BrokerStressTests {
  #if DEBUG
    static let messageCount = 20_000
  #else
    static let messageCount = 200_000
  #endif

  /// Marks of what arrived, one byte per message.
  final class Seen: Sendable {
    let marks = Mutex<[UInt8]>([])
    let total = Atomic<Int>(0)
    init(count: Int) { marks.withLock { $0 = Array(repeating: 0, count: count) } }

    func record(_ ids: [UInt64]) {
      marks.withLock { marks in for id in ids where marks[Int(id)] < 255 { marks[Int(id)] += 1 } }
    }
  }

  func run(_ bodies: [@Sendable () -> Void]) throws {
    let threads = try bodies.map { try PinnedThread(name: "stress", core: nil, body: $0) }
    for thread in threads { thread.join() }
  }

  /// Publishes `count` messages numbered from `base`, parking while the queue is full.
  @Sendable static func produce(_ broker: Broker, batch: Int, base: UInt64, count: Int) {
    guard var session = try? broker.openSession(SessionOptions(publishBatch: batch)) else { return }
    guard let route = try? session.route(exchange: "amq.direct", key: "k") else { return }
    var strategy = Parking()
    for id in base..<base + UInt64(count) {
      let properties = MessageProperties(correlation: id)
      while session.publish(body(of: id), route: route, properties: properties, now: 0) != .accepted {
        session.wait(using: &strategy, timeoutNanoseconds: 1_000_000_000)
      }
    }
    while session.flush() > 0 { session.wait(using: &strategy, timeoutNanoseconds: 1_000_000_000) }
    session.close()
  }

  @Test(arguments: [1, 16], [4, 1000])
  func twoProducersAndTwoParkingConsumersLoseAndDoubleNothing(batch: Int, maxLength: Int) throws {
    let broker = Broker()
    let count = Self.messageCount
    try broker.declareQueue("q", options: QueueOptions(maxLength: maxLength))
    try broker.bind(queue: "q", to: "amq.direct", key: "k")
    let seen = Seen(count: 2 * count)
    let consume: @Sendable () -> Void = {
      var session = try! broker.openSession()
      _ = try! session.consume(queue: "q", prefetch: 40)
      var strategy = Parking()
      var ids: [UInt64] = []
      var newest = [UInt64](repeating: 0, count: 2)
      while seen.total.load(ordering: .relaxed) < 2 * count {
        let taken = session.poll(limit: 16)
        if taken == 0 {
          session.wait(using: &strategy, timeoutNanoseconds: 20_000_000)
          continue
        }
        for place in 0..<taken {
          let delivery = session.delivery(at: place)
          let id = delivery.correlation
          let producer = Int(id) / count
          precondition(id + 1 > newest[producer], "out of order")
          newest[producer] = id + 1
          precondition(delivery.body.copied() == body(of: id), "wrong body")
          ids.append(id)
        }
        try! session.acknowledge(0, multiple: true)
        seen.total.wrappingAdd(taken, ordering: .relaxed)
      }
      seen.record(ids)
      session.close()
    }
    try run([
      { Self.produce(broker, batch: batch, base: 0, count: count) },
      { Self.produce(broker, batch: batch, base: UInt64(count), count: count) }, consume, consume,
    ])
    #expect(seen.marks.withLock { marks in marks.allSatisfy { $0 == 1 } })
    let statistics = broker.listQueues()[0]
    #expect(statistics.messages == 0)
    #expect(statistics.totals.published == UInt64(2 * count))
    #expect(statistics.totals.acknowledged == UInt64(2 * count))
    #expect(broker.statistics().bodyByteCount == 0)
  }

  /// Consumers that crash give back what they hold; every message is acknowledged exactly once all the same.
  @Test func crashingConsumersLoseNothing() throws {
    let broker = Broker()
    let count = Self.messageCount
    try broker.declareQueue("q", options: QueueOptions(maxLength: 256))
    try broker.bind(queue: "q", to: "amq.direct", key: "k")
    let seen = Seen(count: count)
    let consume: @Sendable () -> Void = {
      var random = SplitMix64(seed: 9)
      var strategy = Parking()
      var ids: [UInt64] = []
      while seen.total.load(ordering: .relaxed) < count {
        var session = try! broker.openSession()
        _ = try! session.consume(queue: "q", prefetch: 64)
        for _ in 0..<random.below(60) {
          let taken = session.poll(limit: 8)
          if taken == 0 {
            guard seen.total.load(ordering: .relaxed) < count else { break }
            session.wait(using: &strategy, timeoutNanoseconds: 5_000_000)
          }
          for place in 0..<taken where random.below(4) > 0 {
            let delivery = session.delivery(at: place)
            precondition(delivery.body.copied() == body(of: delivery.correlation), "wrong body")
            ids.append(delivery.correlation)
            try! session.acknowledge(delivery.deliveryTag)
            seen.total.wrappingAdd(1, ordering: .relaxed)
          }
        }
        // Dropped here, with deliveries in hand.
      }
      seen.record(ids)
    }
    try run([{ Self.produce(broker, batch: 4, base: 0, count: count) }, consume, consume])
    #expect(seen.marks.withLock { marks in marks.allSatisfy { $0 == 1 } })
    let statistics = broker.listQueues()[0]
    #expect(statistics.messages == 0)
    #expect(statistics.totals.published == UInt64(count))
    #expect(broker.statistics().bodyByteCount == 0)
  }

  /// Deleting, declaring and binding while messages flow: nothing crashes, leaks or hangs, and every publish is accounted for.
  @Test func deletionsDuringTrafficLeakNothing() throws {
    let broker = Broker()
    let options = QueueOptions(maxLength: 64)
    try broker.declareQueue("q", options: options)
    try broker.bind(queue: "q", to: "amq.direct", key: "k")
    let isDone = Atomic<Bool>(false)
    let producers = Atomic<Int>(2)
    let produce: @Sendable (Int) -> Void = { batch in
      var session = try! broker.openSession(SessionOptions(publishBatch: batch))
      let route = try! session.route(exchange: "amq.direct", key: "k")
      var strategy = Parking()
      for id in 0..<UInt64(Self.messageCount) {
        while session.publish(body(of: id), route: route, now: 0) == .full {
          session.wait(using: &strategy, timeoutNanoseconds: 5_000_000)
        }
      }
      while session.flush() > 0 { session.wait(using: &strategy, timeoutNanoseconds: 5_000_000) }
      session.close()
      if producers.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue == 0 {
        isDone.store(true, ordering: .releasing)
      }
    }
    let consume: @Sendable () -> Void = {
      var strategy = Parking()
      while !isDone.load(ordering: .acquiring) {
        var session = try! broker.openSession()
        guard let tag = try? session.consume(queue: "q", prefetch: 32) else { continue }
        while !session.isCancelled(tag), !isDone.load(ordering: .acquiring) {
          let taken = session.poll(limit: 8)
          if taken == 0 { session.wait(using: &strategy, timeoutNanoseconds: 1_000_000) }
          for place in 0..<taken { try! session.nack(session.delivery(at: place).deliveryTag, requeue: place == 3) }
        }
      }
    }
    let disturb: @Sendable () -> Void = {
      while !isDone.load(ordering: .acquiring) {
        _ = try! broker.deleteQueue("q")
        try! broker.declareQueue("q", options: options)
        try! broker.bind(queue: "q", to: "amq.direct", key: "k")
        _ = broker.listQueues()
        for _ in 0..<200 { spinHint() }
      }
    }
    try run([{ produce(1) }, { produce(16) }, consume, disturb])
    try broker.deleteQueue("q")
    #expect(broker.listQueues().isEmpty)
    #expect(broker.statistics().bodyByteCount == 0)
  }

  /// Nobody has a time-out here: a lost wake-up hangs the test. Queues of two keep both sides parking.
  @Test(.timeLimit(.minutes(1)), arguments: [1, 2])
  func parkedPartnersAreAlwaysWoken(pairs: Int) throws {
    let broker = Broker()
    let count = Self.messageCount / 10
    let options = QueueOptions(maxLength: 2)
    try broker.declareQueue("rpc", options: options)
    let server: @Sendable () -> Void = {
      var session = try! broker.openSession()
      _ = try! session.consume(queue: "rpc", prefetch: 1)
      var strategy = Parking()
      var isRunning = true
      while isRunning {
        let taken = session.poll(limit: 1)
        if taken == 0 {
          session.wait(using: &strategy)
          continue
        }
        let request = session.delivery(at: 0)
        let reply = MessageProperties(correlation: request.correlation)
        while session.publish(request.body, to: request.replyTo, properties: reply, now: 0) == .full {
          session.wait(using: &strategy)
        }
        isRunning = request.body.count > 0
        try! session.acknowledge(request.deliveryTag)
      }
      session.close()
    }
    let client: @Sendable () -> Void = {
      var session = try! broker.openSession()
      let replies = try! session.declareQueue(options: QueueOptions(maxLength: 2, isExclusive: true))
      _ = try! session.consume(queue: replies.name, acknowledgement: .automatic)
      let route = try! session.route(exchange: "", key: "rpc")
      var strategy = Parking()
      var answered = 0
      var sent = 0
      while answered < count {
        let taken = session.poll(limit: 4)
        answered += taken
        // The last one, an empty body, sends a server home.
        let body = [UInt8](repeating: 1, count: sent == count - 1 ? 0 : 40)
        let properties = MessageProperties(correlation: UInt64(sent), replyTo: replies.handle)
        if sent < count, session.publish(body, route: route, properties: properties, now: 0) == .accepted {
          sent += 1
        } else if taken == 0 {
          session.wait(using: &strategy)
        }
      }
      session.close()
    }
    try run((0..<pairs).flatMap { _ in [server, client] })
    #expect(broker.listQueues().map(\.messages) == [0])
    #expect(broker.statistics().bodyByteCount == 0)
  }
}
