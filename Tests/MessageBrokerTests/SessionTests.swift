import MessageBroker
import Platform
import Testing

@Suite struct SessionTests {
  let broker = Broker()

  /// A session and a route to a fresh queue of its own name.
  func publisher(
    to queue: String, maxLength: Int = 16, overflow: OverflowPolicy = .block, batch: Int = 1
  ) throws -> (SessionBox, Route) {
    try broker.declareQueue(queue, options: QueueOptions(maxLength: maxLength, overflow: overflow))
    let box = SessionBox(try broker.openSession(SessionOptions(publishBatch: batch)))
    return (box, try box.session.route(exchange: "", key: queue))
  }

  func publish(_ id: UInt64, _ box: SessionBox, _ route: Route) -> PublishOutcome {
    box.session.publish(body(of: id), route: route, properties: MessageProperties(correlation: id), now: Int64(id))
  }

  func ids(_ box: SessionBox, limit: Int) -> [UInt64] {
    (0..<box.session.poll(limit: limit)).map { box.session.delivery(at: $0).correlation }
  }

  /// The library example of the documentation.
  @Test func tenLinesMakeAProducerAndAWorker() throws {
    let broker = Broker()
    try broker.declareQueue("jobs")
    var producer = try broker.openSession()
    var worker = try broker.openSession()
    let route = try producer.route(exchange: "", key: "jobs")
    _ = try worker.consume(queue: "jobs", prefetch: 100)
    _ = producer.publish(Array("resize 17.png".utf8), route: route, now: 0)
    let count = worker.poll(limit: 64)
    #expect(count == 1)
    #expect(worker.delivery(at: 0).body.copied() == Array("resize 17.png".utf8))
    try worker.acknowledge(0, multiple: true)
    producer.close()
    worker.close()
  }

  /// Every length limit, every number of messages beyond it, every policy, single and batched.
  @Test func holdsExactlyMaxLengthMessages() throws {
    for maxLength in 1...9 {
      for overflow in OverflowPolicy.allCases {
        for batch in [1, 4, 64] {
          let queue = "q\(maxLength)\(overflow)\(batch)"
          let (box, route) = try publisher(to: queue, maxLength: maxLength, overflow: overflow, batch: batch)
          for id in 0..<UInt64(maxLength + 3) { _ = publish(id, box, route) }
          let left = box.session.flush()
          let statistics = try #require(broker.listQueues().first { $0.name == queue })
          #expect(statistics.ready == maxLength, "\(queue)")
          switch overflow {
          case .rejectPublish, .rejectPublishDeadLetter:
            #expect(statistics.totals.rejected == 3 && left == 0, "\(queue)")
          case .dropHead: #expect(statistics.totals.dropped == 3 && left == 0, "\(queue)")
          case .block: #expect(left == (batch == 1 ? 0 : 3), "\(queue)")
          }
          let first = overflow == .dropHead ? 3 : 0 as UInt64
          _ = try box.session.consume(queue: queue, acknowledgement: .automatic)
          #expect(ids(box, limit: 100) == Array(first..<first + UInt64(maxLength)), "\(queue)")
          var late: [UInt64] = []
          repeat {
            box.session.flush()
            late += ids(box, limit: 100)
          } while box.session.stagedCount > 0
          #expect(late + ids(box, limit: 100) == (0..<left).map { UInt64(maxLength + $0) }, "\(queue)")
        }
      }
    }
  }

  @Test func outcomesOfASinglePublishSayWhatToDo() throws {
    let (box, route) = try publisher(to: "q", maxLength: 1)
    let (rejecting, other) = try publisher(to: "r", maxLength: 1, overflow: .rejectPublish)
    #expect(publish(1, box, route) == .accepted)
    #expect(publish(2, box, route) == .full)
    #expect(publish(1, rejecting, other) == .accepted)
    #expect(publish(2, rejecting, other) == .rejected)
    let nowhere = try box.session.route(exchange: "amq.direct", key: "nobody")
    #expect(publish(3, box, nowhere) == .unroutable)
    #expect(broker.statistics().unroutable == 1)
    let huge = [UInt8](repeating: 0, count: 1 << 20 + 1)
    #expect(rejecting.session.publish(huge, route: other, now: 0) == .bodyTooLarge)
    do {
      _ = try box.session.route(exchange: "nobody", key: "k")
      Issue.record("a route through no exchange")
    } catch { #expect(error.description == "NOT_FOUND - no exchange 'nobody'") }
  }

  @Test func runsOutOfBodyMemoryAndRecovers() throws {
    var limits = BrokerLimits()
    limits.bodyMemoryByteCount = 128 << 10
    let broker = Broker(limits: limits)
    try broker.declareQueue("q", options: QueueOptions(maxLength: 1000))
    var session = try broker.openSession()
    let route = try session.route(exchange: "", key: "q")
    let large = [UInt8](repeating: 1, count: 16 << 10)
    var taken = 0
    while session.publish(large, route: route, now: 0) == .accepted { taken += 1 }
    #expect(taken == 4)
    #expect(session.publish(large, route: route, now: 0) == .noMemory)
    #expect(broker.statistics().bodyMemoryExhaustedCount > 0)
    try broker.purgeQueue("q")
    #expect(session.publish(large, route: route, now: 0) == .accepted)
    session.close()
  }

  @Test func prefetchBoundsEachConsumerExactly() throws {
    for prefetch in 1...6 {
      let (box, route) = try publisher(to: "p\(prefetch)", maxLength: 64)
      for id in 0..<20 as Range<UInt64> { _ = publish(id, box, route) }
      let worker = SessionBox(try broker.openSession())
      _ = try worker.session.consume(queue: "p\(prefetch)", prefetch: prefetch)
      #expect(ids(worker, limit: 64).count == prefetch)
      #expect(ids(worker, limit: 64).isEmpty)
      try worker.session.acknowledge(1)
      #expect(ids(worker, limit: 64) == [UInt64(prefetch)])
    }
  }

  @Test func prefetchCanBeChangedWhileAConsumerHasMessages() throws {
    let (box, route) = try publisher(to: "p", maxLength: 64)
    for id in 0..<20 as Range<UInt64> { _ = publish(id, box, route) }
    let worker = SessionBox(try broker.openSession())
    let consumer = try worker.session.consume(queue: "p", prefetch: 2)
    #expect(ids(worker, limit: 64).count == 2)
    try worker.session.setPrefetch(5, of: consumer)
    #expect(ids(worker, limit: 64) == [2, 3, 4])
    #expect(broker.listConsumers().map(\.prefetch) == [5])
    try worker.session.setPrefetch(3, of: consumer)
    for tag in 1...2 as ClosedRange<UInt64> {
      try worker.session.acknowledge(tag)
      #expect(ids(worker, limit: 64).isEmpty, "three are left, or more")
    }
    try worker.session.acknowledge(3)
    #expect(ids(worker, limit: 64) == [5])
    try worker.session.setPrefetch(0, of: consumer)
    #expect(ids(worker, limit: 64).count == 14)
    #expect(broker.listConsumers().map(\.prefetch) == [0])
    #expect(throws: BrokerError.self) { try worker.session.setPrefetch(-1, of: consumer) }
    try worker.session.cancel(consumer)
    #expect(throws: BrokerError.self) { try worker.session.setPrefetch(1, of: consumer) }
  }

  @Test func aWindowBoundsUnlimitedPrefetch() throws {
    let (box, route) = try publisher(to: "w", maxLength: 64)
    for id in 0..<20 as Range<UInt64> { _ = publish(id, box, route) }
    let worker = SessionBox(try broker.openSession(SessionOptions(windowCapacity: 4)))
    _ = try worker.session.consume(queue: "w")
    #expect(ids(worker, limit: 64) == [0, 1, 2, 3])
    #expect(ids(worker, limit: 64).isEmpty)
    try worker.session.acknowledge(2)  // Not the oldest: its place is free all the same.
    #expect(ids(worker, limit: 64) == [4])
    #expect(ids(worker, limit: 64).isEmpty)
    try worker.session.acknowledge(0, multiple: true)
    #expect(ids(worker, limit: 64) == [5, 6, 7, 8])
  }

  @Test func consumersOfASessionTakeTurns() throws {
    let (a, routeA) = try publisher(to: "a")
    let (b, routeB) = try publisher(to: "b")
    for id in 0..<6 as Range<UInt64> {
      _ = publish(id, a, routeA)
      _ = publish(100 + id, b, routeB)
    }
    let worker = SessionBox(try broker.openSession())
    _ = try worker.session.consume(queue: "a", acknowledgement: .automatic)
    _ = try worker.session.consume(queue: "b", acknowledgement: .automatic)
    #expect((0..<6).flatMap { _ in ids(worker, limit: 1) } == [0, 100, 1, 101, 2, 102])
    #expect(ids(worker, limit: 64) == [3, 4, 5, 103, 104, 105])
  }

  @Test func returnedMessagesComeFirstAndInOrderWhoeverReturnsThem() throws {
    let (box, route) = try publisher(to: "q")
    for id in 0..<8 as Range<UInt64> { _ = publish(id, box, route) }
    let first = SessionBox(try broker.openSession())
    var second = try broker.openSession()
    let consumer = try first.session.consume(queue: "q")
    _ = try second.consume(queue: "q")
    #expect(ids(first, limit: 2) == [0, 1])
    #expect(second.poll(limit: 2) == 2)
    #expect(ids(first, limit: 2) == [4, 5])
    try first.session.reject(3, requeue: true)  // 4
    second.close()  // 2, 3
    try first.session.reject(1, requeue: true)  // 0
    #expect(ids(first, limit: 5) == [0, 2, 3, 4, 6])
    #expect((0..<5).map { first.session.delivery(at: $0).isRedelivered } == [true, true, true, true, false])
    try first.session.cancel(consumer)
    #expect(throws: BrokerError.self) { try first.session.acknowledge(6) }
    _ = try first.session.consume(queue: "q")
    #expect(ids(first, limit: 64) == [0, 1, 2, 3, 4, 5, 6, 7])
    #expect(first.session.delivery(at: 0).returnCount == 2)
    try first.session.acknowledge(0, multiple: true)
  }

  @Test func automaticAcknowledgementKeepsBodiesUntilTheNextPoll() throws {
    let (box, route) = try publisher(to: "q")
    for id in 0..<3 as Range<UInt64> { _ = publish(5 + 7 * id, box, route) }
    let worker = SessionBox(try broker.openSession())
    _ = try worker.session.consume(queue: "q", prefetch: 1, acknowledgement: .automatic)
    #expect(worker.session.poll(limit: 8) == 3)
    for place in 0..<3 {
      #expect(worker.session.delivery(at: place).body.copied() == body(of: 5 + 7 * UInt64(place)))
    }
    #expect(throws: BrokerError.self) { try worker.session.acknowledge(1) }
    #expect(broker.statistics().bodyByteCount > 0)
    #expect(worker.session.poll(limit: 8) == 0)
    #expect(broker.statistics().bodyByteCount == 0)
  }

  @Test(arguments: [0, 1, 2, 9] as [UInt64])
  func aTagThatNobodyOwesIsRefusedByItsNumber(tag: UInt64) throws {
    let (box, route) = try publisher(to: "q")
    _ = publish(0, box, route)
    let worker = SessionBox(try broker.openSession())
    _ = try worker.session.consume(queue: "q")
    #expect(worker.session.poll(limit: 8) == 1)
    try worker.session.acknowledge(1)
    let error = #expect(throws: BrokerError.self) { try worker.session.acknowledge(tag) }
    #expect(error?.description == "PRECONDITION_FAILED - unknown delivery tag \(tag)")
  }

  @Test func getTakesOneMessageWithoutAConsumer() throws {
    let (box, route) = try publisher(to: "q")
    for id in 0..<3 as Range<UInt64> { _ = publish(id, box, route) }
    #expect(try box.session.get(queue: "q")?.correlation == 0)
    #expect(try box.session.get(queue: "q", acknowledgement: .automatic)?.correlation == 1)
    try box.session.reject(1, requeue: true)
    #expect(try box.session.get(queue: "q")?.isRedelivered == true)
    #expect(try box.session.get(queue: "q")?.correlation == 2)
    #expect(try box.session.get(queue: "q") == nil)
    let statistics = broker.listQueues()[0]
    #expect(statistics.consumers == 0 && statistics.unacknowledged == 2)
    withExtendedLifetime(box) {}
  }

  @Test func repliesFindTheQueueByNumber() throws {
    try broker.declareQueue("rpc", options: QueueOptions(maxLength: 16))
    var client = try broker.openSession()
    let server = SessionBox(try broker.openSession())
    let replies = try client.declareQueue(options: QueueOptions(maxLength: 16, isExclusive: true))
    _ = try client.consume(queue: replies.name, acknowledgement: .automatic)
    _ = try server.session.consume(queue: "rpc")
    let route = try client.route(exchange: "", key: "rpc")
    let request = MessageProperties(correlation: 42, replyTo: replies.handle)
    let question: [UInt8] = [1, 2, 3]
    #expect(client.publish(question, route: route, properties: request, now: 7) == .accepted)
    #expect(server.session.poll(limit: 1) == 1)
    let delivery = server.session.delivery(at: 0)
    #expect(delivery.publishedAtNanoseconds == 7)
    #expect(broker.routingKey(delivery.routingKey) == "rpc" && broker.exchangeName(delivery.exchange) == "")
    let reply = MessageProperties(correlation: delivery.correlation)
    #expect(server.session.publish(delivery.body, to: delivery.replyTo, properties: reply, now: 8) == .accepted)
    #expect(client.poll(limit: 1) == 1)
    #expect(client.delivery(at: 0).correlation == 42)
    #expect(client.delivery(at: 0).body.copied() == question)
    client.close()
    #expect(server.session.publish(delivery.body, to: delivery.replyTo, now: 9) == .unroutable)
    #expect(server.session.publish(.empty, to: .none, now: 9) == .unroutable)
    // A new queue in the same slot has another number.
    let again = try server.session.declareQueue(options: QueueOptions(maxLength: 16))
    #expect(again.handle != delivery.replyTo)
    #expect(server.session.publish(.empty, to: delivery.replyTo, now: 9) == .unroutable)
  }

  @Test func confirmsFollowWhatIsInItsQueues() throws {
    let (box, route) = try publisher(to: "q", maxLength: 4, overflow: .rejectPublish, batch: 8)
    _ = publish(0, box, route)
    box.session.flush()
    box.session.confirmSelect()
    for id in 1...6 as ClosedRange<UInt64> { #expect(publish(id, box, route) == .accepted) }
    #expect(box.session.pollConfirms().settledCount == 0)
    #expect(box.session.flush() == 0)
    let batch = box.session.pollConfirms()
    #expect(batch.settledThrough == 6 && batch.settledCount == 6 && batch.nackCount == 3)
    #expect((0..<3).map { box.session.nack(at: $0) } == [4, 5, 6])
    let nowhere = try box.session.route(exchange: "amq.direct", key: "nobody")
    #expect(publish(7, box, nowhere) == .unroutable)
    let next = box.session.pollConfirms()
    #expect(next.settledThrough == 7 && next.settledCount == 1 && next.nackCount == 0)
  }

  @Test func tooManyUncollectedNacksHoldPublishingUp() throws {
    let (box, route) = try publisher(to: "q", maxLength: 1, overflow: .rejectPublish)
    box.session.confirmSelect()
    #expect(publish(0, box, route) == .accepted)
    var refused = 0
    while publish(1, box, route) == .rejected { refused += 1 }
    #expect(refused == 4096)
    #expect(publish(1, box, route) == .full)
    #expect(box.session.pollConfirms().nackCount == 4096)
    #expect(publish(1, box, route) == .rejected)
  }

  @Test func routesFollowBindings() throws {
    let (box, _) = try publisher(to: "a")
    try broker.declareQueue("b", options: QueueOptions(maxLength: 16))
    let route = try box.session.route(exchange: "amq.direct", key: "k")
    #expect(publish(1, box, route) == .unroutable)
    try broker.bind(queue: "a", to: "amq.direct", key: "k")
    #expect(publish(2, box, route) == .accepted)
    try broker.bind(queue: "b", to: "amq.direct", key: "k")
    #expect(publish(5, box, route) == .accepted)
    try broker.unbind(queue: "a", from: "amq.direct", key: "k")
    #expect(publish(6, box, route) == .accepted)
    #expect(broker.listQueues().map(\.ready) == [2, 2])
    try broker.declareExchange("own")
    try broker.bind(queue: "a", to: "own", key: "k")
    let own = try box.session.route(exchange: "own", key: "k")
    #expect(publish(7, box, own) == .accepted)
    try broker.deleteExchange("own")
    #expect(publish(8, box, own) == .unroutable)
  }

  @Test func stagedMessagesForADeletedQueueAreRoutedAgain() throws {
    let (box, route) = try publisher(to: "q", batch: 64)
    for id in 0..<5 as Range<UInt64> { _ = publish(id, box, route) }
    try broker.deleteQueue("q")
    try broker.declareQueue("q", options: QueueOptions(maxLength: 16))
    #expect(box.session.flush() == 0)
    _ = try box.session.consume(queue: "q")
    #expect(ids(box, limit: 64) == [0, 1, 2, 3, 4])
    for id in 10..<15 as Range<UInt64> { _ = publish(id, box, route) }
    try broker.deleteQueue("q")
    #expect(box.session.flush() == 0)
    #expect(broker.statistics().unroutable == 5)
    try box.session.nack(0, multiple: true, requeue: true)  // Into a queue that is gone: thrown away.
    #expect(broker.statistics().bodyByteCount == 0)
  }

  @Test func whatIsStagedIsPushedAtCloseAndTheRestIsCounted() throws {
    let (box, route) = try publisher(to: "q", maxLength: 3, batch: 64)
    for id in 0..<5 as Range<UInt64> { _ = publish(id, box, route) }
    var session = try broker.openSession(SessionOptions(publishBatch: 64))
    swap(&session, &box.session)
    #expect(session.close() == 2)
    #expect(broker.listQueues()[0].ready == 3)
    #expect(broker.statistics().lostAtClose == 2)
  }

  @Test func descriptorsFillTheSlotsOfTheRing() {
    #expect(MemoryLayout<MessageDescriptor>.stride == 56)
  }
}
