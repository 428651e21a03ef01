import MessageBroker
import Platform
import Testing

/// A queue with lanes is a queue: limits, order, what comes back, and its books.
@Suite struct LaneQueueTests {
  /// Every limit, with messages in the ring, in lanes and in hands, single and batched.
  @Test(arguments: DispatchPolicy.pushTime)
  func holdsExactlyMaxLengthMessages(policy: DispatchPolicy) throws {
    for maxLength in 1...9 {
      for batch in [1, 4, 64] {
        for early in [0, 1, maxLength] {
          var world = try LaneWorld(policy, maxLength: maxLength, overflow: .rejectPublish, batch: batch)
          world.publish(early)
          let consumers = [try world.consumer(), try world.consumer()]
          world.publish(maxLength - early + 3)
          #expect(world.statistics.ready == maxLength && world.statistics.totals.rejected == 3)
          let first = consumers.map { world.poll($0, limit: 2) }
          let freed = first.joined().count
          world.publish(freed + 2)
          #expect(world.statistics.ready == maxLength && world.statistics.totals.rejected == 5)
          let rest = consumers.map { world.poll($0) }
          #expect(first.joined().count + rest.joined().count == maxLength + freed)
          for (one, other) in zip(first, rest) where policy != .workStealing {
            #expect(one + other == (one + other).sorted())
          }
          #expect(world.statistics.ready == 0 && world.isConserved)
        }
      }
    }
  }

  @Test(arguments: [1, 4])
  func aFullQueueKeepsItsPublisherWaiting(batch: Int) throws {
    var world = try LaneWorld(.roundRobin, maxLength: 4, batch: batch)
    let consumers = [try world.consumer(), try world.consumer()]
    #expect(world.publish(4).allSatisfy { $0 == .accepted })
    if batch == 1 {
      #expect(world.publish(1) == [.full])
    } else {
      #expect(world.publish(2) == [.accepted, .accepted])
      #expect(world.producer.session.stagedCount == 2)
    }
    #expect(world.poll(consumers[0]).count == 2)
    #expect(world.producer.session.flush() == 0)
    #expect(world.statistics.ready == (batch == 1 ? 2 : 4) && world.isConserved)
  }

  /// Older messages first, whoever takes them; positions are those of the queue.
  @Test func messagesFromBeforeTheFirstConsumerComeFirst() throws {
    var world = try LaneWorld(.roundRobin)
    world.publish(3)
    let consumers = [try world.consumer(), try world.consumer()]
    world.publish(4)
    #expect(world.poll(consumers[0], limit: 2) == [0, 1])
    let rest = world.poll(consumers[1])
    #expect(rest.count == 3 && rest[0] == 2)
    for (place, id) in rest.enumerated() { #expect(consumers[1].session.delivery(at: place).queuePosition == id) }
    #expect(Set(world.poll(consumers[0]) + rest + [0, 1]) == Set(0..<7))
  }

  /// What a consumer had in hand counts as delivered, what was in its lane does not; all of it goes first, in order.
  @Test func aConsumerThatGoesGivesBackHandsAndLane() throws {
    var world = try LaneWorld(.roundRobin)
    let (dying, heir) = (try world.consumer(), try world.consumer())
    world.publish(10)
    let held = world.poll(dying, limit: 2)
    let lane = [held[0] + 4, held[0] + 6, held[0] + 8]
    dying.session = try world.broker.openSession()
    #expect(world.statistics.ready == 10)
    world.publish(2)
    let inherited = world.poll(heir)
    #expect(Array(inherited.prefix(5)) == held + lane)
    #expect(Array(inherited.dropFirst(5)) == inherited.dropFirst(5).sorted() && inherited.count == 12)
    for place in 0..<12 {
      let delivery = heir.session.delivery(at: place)
      #expect(delivery.isRedelivered == (place < 5) && delivery.returnCount == (place < 2 ? 1 : 0))
      #expect(
        delivery.queuePosition == delivery.correlation && delivery.body.copied() == body(of: delivery.correlation))
    }
    #expect(world.statistics.totals.redelivered == 5 && world.statistics.totals.returned == 2)
    try heir.session.acknowledge(0, multiple: true)
    #expect(world.isConserved && world.statistics.messages == 0)
  }

  /// Without consumers what came back waits, before what comes new.
  @Test func theLastConsumersLaneWaitsForTheNext() throws {
    var world = try LaneWorld(.leastOutstanding, batch: 4)
    let first = try world.consumer()
    world.publish(5)
    first.session = try world.broker.openSession()
    world.publish(5)
    let next = try world.consumer()
    world.publish(5)
    #expect(world.poll(next) == Array(0..<15))
  }

  @Test(arguments: DispatchPolicy.pushTime)
  func purgeAndDeletionReachTheLanes(policy: DispatchPolicy) throws {
    var world = try LaneWorld(policy, maxLength: 20)
    world.publish(4)
    let consumers = [try world.consumer(), try world.consumer()]
    world.publish(10)
    #expect(world.poll(consumers[0], limit: 1) == [0])
    try consumers[0].session.reject(1, requeue: true)
    #expect(try world.broker.purgeQueue("q") == 14)
    #expect(world.statistics.ready == 0 && world.isConserved)
    #expect(world.publish(20).allSatisfy { $0 == .accepted })
    #expect(try world.broker.deleteQueue("q") == 20)
    #expect(world.publish(1) == [.unroutable])
    for consumer in consumers { #expect(world.poll(consumer).isEmpty) }
    #expect(world.broker.statistics().bodyByteCount == 0)
  }

  @Test func aPausedQueueGivesNothingFromItsLanes() throws {
    var world = try LaneWorld(.workStealing)
    let consumers = [try world.consumer(), try world.consumer()]
    try world.broker.pauseQueue("q")
    world.publish(4)
    for consumer in consumers { #expect(world.poll(consumer).isEmpty) }
    try world.broker.resumeQueue("q")
    #expect(consumers.flatMap { world.poll($0) }.count == 4)
  }

  /// Fan-out stages its copies, so it takes the same way.
  @Test func fannedOutMessagesGoThroughLanesToo() throws {
    var world = try LaneWorld(.roundRobin, maxLength: 2)
    try world.broker.declareQueue("r")
    for queue in ["q", "r"] { try world.broker.bind(queue: queue, to: "amq.fanout") }
    let consumers = [try world.consumer(), try world.consumer()]
    let route = try world.producer.session.route(exchange: "amq.fanout", key: "")
    for expected in [PublishOutcome.accepted, .accepted, .full] {
      let outcome = world.producer.session.publish(body(of: 6), route: route, now: 0)
      #expect(outcome == expected)
    }
    for consumer in consumers {
      #expect(world.poll(consumer).count == 1)
      try consumer.session.acknowledge(0, multiple: true)
    }
    world.publish(1)
    #expect(world.broker.listQueues().map(\.ready) == [1, 2])
  }

  /// What time decides about lies beside the lanes, and so do dead letters: whoever asks first gets it. It counts for the limit.
  @Test func timedMessagesAndDeadLettersLieBesideTheLanes() throws {
    var world = try LaneWorld(.roundRobin, maxLength: 5)
    let consumers = [try world.consumer(), try world.consumer()]
    let route = try world.producer.session.route(exchange: "", key: "q")
    world.publish(2)
    var timed = (10...12).map { MessageProperties(correlation: $0) }
    timed[0].expiration = 1000
    timed[1].expiration = 3000
    timed[2].delay = 2000
    for properties in timed {
      #expect(world.producer.session.publish(body(of: 5), route: route, properties: properties, now: 0) == .accepted)
    }
    #expect(world.publish(1) == [.full])
    #expect(world.producer.session.publish([1], route: route, properties: timed[0], now: 0) == .full)
    #expect(world.statistics.ready == 4 && world.statistics.delayed == 1)
    world.broker.advance(to: 1500)
    #expect(world.statistics.ready == 3 && world.statistics.totals.expired == 1)
    let first = world.poll(consumers[0])
    #expect(first.count == 2 && first.last == 11)
    world.broker.advance(to: 2500)
    #expect(world.poll(consumers[1]).last == 12)
    // A crash gives back what was in hand, timed or not.
    consumers[0].session = try world.broker.openSession()
    #expect(world.poll(consumers[1]).sorted() == first.sorted())
    try consumers[1].session.acknowledge(0, multiple: true)

    var options = QueueOptions()
    options.deadLetter = DeadLetterAddress(exchange: "", routingKey: "q")
    try world.broker.declareQueue("dying", options: options)
    let dying = SessionBox(try world.broker.openSession())
    let way = try dying.session.route(exchange: "", key: "dying")
    let outcome = dying.session.publish([1], route: way, properties: MessageProperties(correlation: 20), now: 0)
    #expect(outcome == .accepted)
    try dying.session.reject(try #require(try dying.session.get(queue: "dying")).deliveryTag, requeue: false)
    #expect(world.poll(consumers[1]) == [20])
    try consumers[1].session.acknowledge(0, multiple: true)
    #expect(world.broker.listQueues().allSatisfy { $0.messages == 0 })
  }

  @Test func lanesGiveTheirMemoryBackWhenTimeGoesOn() throws {
    var world = try LaneWorld(.roundRobin, maxLength: 100_000, batch: 64)
    let consumer = try world.consumer()
    let empty = world.statistics.memoryByteCount
    world.publish(50_000)
    #expect(world.statistics.memoryByteCount > 50_000 * 64)
    while !world.poll(consumer).isEmpty { try consumer.session.acknowledge(0, multiple: true) }
    for tenth in 1...12 as ClosedRange<Int64> { world.broker.advance(to: tenth * 100_000_000) }
    world.publish(64)
    while !world.poll(consumer).isEmpty { try consumer.session.acknowledge(0, multiple: true) }
    for tenth in 13...16 as ClosedRange<Int64> { world.broker.advance(to: tenth * 100_000_000) }
    #expect(world.statistics.memoryByteCount == empty)
  }

  #if DEBUG
    /// What is not optimised allocates.
    static let countsAllocations = false
  #else
    static let countsAllocations = AllocationCounters.areAvailable
  #endif

  /// Runs in release mode where the allocator counts: with jemalloc loaded before the test.
  @Test(.enabled(if: countsAllocations), arguments: DispatchPolicy.pushTime, [1, 64])
  func nothingIsAllocatedPerMessage(policy: DispatchPolicy, batch: Int) throws {
    let world = try LaneWorld(policy, batch: batch)
    let consumers = [try world.consumer(), try world.consumer()]
    let route = try world.producer.session.route(exchange: "", key: "q")
    let message = [UInt8](repeating: 7, count: 100)
    let flow = { (rounds: Int) throws in
      try unsafe message.withUnsafeBytes { bytes in
        for _ in 0..<rounds {
          for _ in 0..<64 { _ = unsafe world.producer.session.publish(BodyView(bytes), route: route, now: 0) }
          world.producer.session.flush()
          for consumer in consumers where consumer.session.poll(limit: 64) > 0 {
            try consumer.session.acknowledge(0, multiple: true)
          }
        }
      }
    }
    try flow(1000)
    let before = try #require(AllocationCounters.currentThreadAllocatedByteCount())
    try flow(1000)
    let after = try #require(AllocationCounters.currentThreadAllocatedByteCount())
    // For 64,000 messages, with what the test itself needs.
    #expect(after - before < 16_384)
  }
}
