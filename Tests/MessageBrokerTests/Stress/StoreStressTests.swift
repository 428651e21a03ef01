import Distributions
import MessageBroker
import Platform
import Synchronization
import Testing

/// Queues that keep their messages in a store, several threads at once while time passes; meant for ThreadSanitizer in release too.
@Suite(.serialized) struct StoreStressTests {
  #if DEBUG
    static let messageCount = 8_000
  #else
    static let messageCount = 40_000
  #endif

  /// How often each message ended, one byte per message.
  final class Ends: Sendable {
    // Not a Mutex, around which ThreadSanitizer sees races that are none.
    private let marks: Guarded<[UInt8]>
    let total = Atomic<Int>(0)

    init(count: Int) { marks = Guarded([UInt8](repeating: 0, count: count)) }

    func add(_ ids: [UInt64]) {
      marks.withLock { marks in for id in ids where marks[Int(id)] < 255 { marks[Int(id)] += 1 } }
      total.wrappingAdd(ids.count, ordering: .relaxed)
    }

    var areAllOne: Bool { marks.withLock { $0.allSatisfy { $0 == 1 } } }
  }

  /// Runs the bodies on threads of their own, and one beside them that lets a millisecond pass again and again.
  func run(_ broker: Broker, _ bodies: [@Sendable () -> Void]) throws {
    let isOver = Atomic<Bool>(false)
    let clock = try PinnedThread(name: "clock", core: nil) {
      var now: Int64 = 0
      while !isOver.load(ordering: .acquiring) {
        now += 1_000_000
        broker.advance(to: now)
        PrecisionSleep.sleep(nanoseconds: 50_000)
      }
    }
    let threads = try bodies.map { try PinnedThread(name: "stress", core: nil, body: $0) }
    for thread in threads { thread.join() }
    isOver.store(true, ordering: .releasing)
    clock.join()
  }

  /// Publishes `count` messages numbered from `base`, some of them with a delay, parking while the queue is full.
  @Sendable static func publish(_ broker: Broker, to queue: String, batch: Int, base: UInt64, count: Int) {
    var random = SplitMix64(seed: base + 1)
    var session = try! broker.openSession(SessionOptions(publishBatch: batch))
    let route = try! session.route(exchange: "", key: queue)
    var strategy = Parking()
    for id in base..<base + UInt64(count) {
      var properties = MessageProperties(correlation: id, priority: UInt8(random.below(5)))
      if random.below(10) == 0 { properties.delay = Int64(random.below(3)) * 1_000_000 }
      while session.publish(body(of: id), route: route, properties: properties, now: 0) == .full {
        session.wait(using: &strategy, timeoutNanoseconds: 1_000_000_000)
      }
    }
    while session.flush() > 0 { session.wait(using: &strategy, timeoutNanoseconds: 1_000_000_000) }
    session.close()
  }

  @Test(arguments: [1, 16])
  func everyMessageEndsOnceAlthoughConsumersRefuseAndDie(batch: Int) throws {
    let broker = Broker()
    let count = Self.messageCount
    var options = QueueOptions(maxLength: 300)
    options.order = .priority(levels: 3)
    options.deadLetter = DeadLetterAddress(exchange: "", routingKey: "dead")
    options.deliveryLimit = 4
    options.retry = RetryPolicy(backoff: 1_000_000, limit: 4_000_000, jitter: 0.5)
    try broker.declareQueue("work", options: options)
    try broker.declareQueue("dead", options: QueueOptions(maxLength: 50))
    let ends = Ends(count: 2 * count)
    let work: @Sendable (UInt64) -> Void = { seed in
      var random = SplitMix64(seed: seed)
      var strategy = Parking()
      while ends.total.load(ordering: .relaxed) < 2 * count {
        var session = try! broker.openSession()
        _ = try! session.consume(queue: "work", prefetch: 40)
        var ids: [UInt64] = []
        for _ in 0..<random.below(200) {
          let taken = session.poll(limit: 8)
          if taken == 0 { session.wait(using: &strategy, timeoutNanoseconds: 2_000_000) }
          for place in 0..<taken {
            let delivery = session.delivery(at: place)
            precondition(delivery.body.copied() == body(of: delivery.correlation), "wrong body")
            switch random.below(8) {
            case 0: try! session.reject(delivery.deliveryTag, requeue: true)
            case 1: try! session.reject(delivery.deliveryTag, requeue: false)
            // Kept until the session dies.
            case 2 where random.below(4) == 0: break
            default:
              ids.append(delivery.correlation)
              try! session.acknowledge(delivery.deliveryTag)
            }
          }
        }
        session.close()
        ends.add(ids)
      }
    }
    let bury: @Sendable () -> Void = {
      var session = try! broker.openSession()
      _ = try! session.consume(queue: "dead", acknowledgement: .automatic)
      var strategy = Parking()
      while ends.total.load(ordering: .relaxed) < 2 * count {
        let taken = session.poll(limit: 16)
        if taken == 0 { session.wait(using: &strategy, timeoutNanoseconds: 2_000_000) }
        ends.add(
          (0..<taken).map { place in
            let delivery = session.delivery(at: place)
            precondition(delivery.body.copied() == body(of: delivery.correlation), "wrong body")
            precondition(DeathRecord.all(in: delivery.headers.copied()).count == 1, "no death")
            return delivery.correlation
          })
      }
      session.close()
    }
    try run(
      broker,
      [
        { Self.publish(broker, to: "work", batch: batch, base: 0, count: count) },
        { Self.publish(broker, to: "work", batch: batch, base: UInt64(count), count: count) },
        { work(1) }, { work(2) }, bury,
      ])
    #expect(ends.areAllOne)
    for queue in broker.listQueues() { #expect(queue.messages == 0 && queue.isConserved, "\(queue)") }
    #expect(broker.statistics().bodyByteCount == 0)
  }

  /// More comes than goes: what is too much or too old leaves, and the limits hold whenever somebody looks.
  @Test(arguments: [1, 16])
  func limitsHoldWhileTimePasses(batch: Int) throws {
    let broker = Broker()
    var options = QueueOptions(maxLength: 60, overflow: .dropHead)
    options.messageTTL = 3_000_000
    options.unacknowledgedLimit = 7
    try broker.declareQueue("q", options: options)
    let publishersLeft = Atomic<Int>(2)
    let inHand = Atomic<Int>(0)
    let consume: @Sendable () -> Void = {
      var session = try! broker.openSession()
      _ = try! session.consume(queue: "q", prefetch: 5)
      var strategy = Parking()
      while publishersLeft.load(ordering: .acquiring) > 0 || broker.listQueues()[0].ready > 0 {
        let taken = session.poll(limit: 5)
        if taken == 0 {
          session.wait(using: &strategy, timeoutNanoseconds: 1_000_000)
          continue
        }
        precondition(inHand.wrappingAdd(taken, ordering: .sequentiallyConsistent).newValue <= 7, "too many in hand")
        inHand.wrappingSubtract(taken, ordering: .sequentiallyConsistent)
        try! session.acknowledge(0, multiple: true)
        precondition(broker.listQueues()[0].ready <= 60 + 2 * batch, "too many ready")
      }
      session.close()
    }
    let publish: @Sendable (UInt64) -> Void = { base in
      Self.publish(broker, to: "q", batch: batch, base: base, count: Self.messageCount)
      publishersLeft.wrappingSubtract(1, ordering: .acquiringAndReleasing)
    }
    try run(broker, [{ publish(0) }, { publish(UInt64(Self.messageCount)) }, consume, consume, consume])
    let queue = broker.listQueues()[0]
    #expect(queue.isConserved, "\(queue)")
    #expect(queue.totals.published == UInt64(2 * Self.messageCount))
    #expect(queue.totals.dropped > 0)
    _ = try broker.deleteQueue("q")
    #expect(broker.statistics().bodyByteCount == 0)
  }

  /// Consumers that dawdle are cancelled; what they had is handled by others, and nothing is lost or left.
  @Test func timedOutConsumersLoseNothing() throws {
    let broker = Broker()
    let count = Self.messageCount / 4
    try broker.declareQueue("q", options: QueueOptions(maxLength: 500))
    let acknowledged = Atomic<Int>(0)
    let timeouts = Atomic<Int>(0)
    let consume: @Sendable (UInt64) -> Void = { seed in
      var random = SplitMix64(seed: seed)
      var strategy = Parking()
      var session = try! broker.openSession()
      _ = try! session.consume(queue: "q", prefetch: 20, timeout: 4_000_000)
      while acknowledged.load(ordering: .relaxed) < count {
        acknowledged.store(Int(broker.listQueues()[0].totals.acknowledged), ordering: .relaxed)
        let taken = session.poll(limit: 8)
        if taken == 0 { session.wait(using: &strategy, timeoutNanoseconds: 1_000_000) }
        if random.below(50) == 0 { PrecisionSleep.sleep(nanoseconds: 400_000) }
        for place in 0..<taken {
          let delivery = session.delivery(at: place)
          precondition(delivery.body.copied() == body(of: delivery.correlation), "wrong body")
          // Refused when the consumer was cancelled meanwhile.
          if random.below(20) > 0 { try? session.acknowledge(delivery.deliveryTag) }
        }
        let gone = session.takeTimedOutConsumers().count
        timeouts.wrappingAdd(gone, ordering: .relaxed)
        for _ in 0..<gone { _ = try! session.consume(queue: "q", prefetch: 20, timeout: 4_000_000) }
      }
      session.close()
    }
    try run(
      broker, [{ Self.publish(broker, to: "q", batch: 1, base: 0, count: count) }, { consume(1) }, { consume(2) }])
    let queue = broker.listQueues()[0]
    #expect(queue.isConserved && queue.messages == 0, "\(queue)")
    #expect(timeouts.load(ordering: .relaxed) > 0)
    #expect(broker.statistics().bodyByteCount == 0)
  }
}

extension QueueStatistics {
  /// Whether every message that the queue took is accounted for under exactly one heading.
  var isConserved: Bool {
    let gone =
      totals.acknowledged + totals.discarded + totals.expired + totals.dropped + totals.deadLettered + totals.purged
    return totals.published == gone + UInt64(messages)
  }
}
