import MessageBroker
import Testing

@Suite struct ConsumerGateTests {
  let broker = Broker()

  func declare(_ dispatch: DispatchPolicy, maxLength: Int = 100) throws -> (SessionBox, Route) {
    var options = QueueOptions(maxLength: maxLength)
    options.dispatch = dispatch
    try broker.declareQueue("q", options: options)
    let box = SessionBox(try broker.openSession())
    return (box, try box.session.route(exchange: "", key: "q"))
  }

  func consumer(prefetch: Int = 0, priority: Int = 0) throws -> SessionBox {
    let box = SessionBox(try broker.openSession())
    _ = try box.session.consume(queue: "q", prefetch: prefetch, priority: priority)
    return box
  }

  func publish(_ ids: ClosedRange<UInt64>, _ box: SessionBox, _ route: Route) {
    for id in ids {
      #expect(
        box.session.publish([1], route: route, properties: MessageProperties(correlation: id), now: 0) == .accepted)
    }
  }

  func refusal(_ body: () throws(BrokerError) -> Void) -> String? {
    do {
      try body()
      return nil
    } catch { return error.description }
  }

  func ids(_ box: SessionBox, limit: Int = 100) -> [UInt64] {
    (0..<box.session.poll(limit: limit)).map { box.session.delivery(at: $0).correlation }
  }

  @Test func onlyTheConsumerThatCameFirstGetsMessages() throws {
    let (producer, route) = try declare(.singleActive)
    let first = try consumer()
    let second = try consumer()
    let third = try consumer(priority: 9)
    publish(1...3, producer, route)
    #expect(ids(second).isEmpty && ids(third).isEmpty)
    #expect(ids(first, limit: 1) == [1])
    // A consumer's death hands over, with what it held first.
    first.session = try broker.openSession()
    #expect(ids(third).isEmpty)
    #expect(ids(second) == [1, 2, 3])
    #expect(second.session.delivery(at: 0).isRedelivered)
    // What is taken without a consumer waits for none.
    publish(4...4, producer, route)
    #expect(try third.session.get(queue: "q")?.correlation == 4)
  }

  @Test func lowerPrioritiesGetWhatTheHigherHaveNoRoomFor() throws {
    let (producer, route) = try declare(.consumerPriority)
    let low = try consumer(priority: -1)
    let middle = try consumer(prefetch: 2)
    let high = try consumer(prefetch: 2, priority: 5)
    publish(1...7, producer, route)
    #expect(ids(low).isEmpty && ids(middle).isEmpty)
    #expect(ids(high) == [1, 2])
    #expect(ids(low).isEmpty)
    #expect(ids(middle) == [3, 4])
    #expect(ids(low, limit: 1) == [5])
    try high.session.acknowledge(1)
    #expect(ids(low).isEmpty)
    #expect(ids(high) == [6])
    #expect(ids(low) == [7])
  }

  @Test func lowerPrioritiesGetWhatAChangedPrefetchLeavesThem() throws {
    let (producer, route) = try declare(.consumerPriority)
    let low = try consumer()
    let high = SessionBox(try broker.openSession())
    let tag = try high.session.consume(queue: "q", prefetch: 3, priority: 5)
    publish(1...6, producer, route)
    #expect(ids(high, limit: 2) == [1, 2] && ids(low).isEmpty)
    try high.session.setPrefetch(2, of: tag)
    #expect(ids(low, limit: 1) == [3])
    try high.session.setPrefetch(3, of: tag)
    #expect(ids(low).isEmpty && ids(high) == [4])
  }

  @Test(arguments: [DispatchPolicy.fair, .prefetch(3)])
  func thePoliciesPrefetchIsEveryConsumers(policy: DispatchPolicy) throws {
    let (producer, route) = try declare(policy)
    let boxes = [try consumer(), try consumer(prefetch: 50)]
    publish(1...20, producer, route)
    for box in boxes { #expect(ids(box).count == policy.prescribedPrefetch) }
  }

  @Test func anExclusiveConsumerSharesWithNobody() throws {
    _ = try declare(.shared)
    let box = SessionBox(try broker.openSession())
    let tag = try box.session.consume(queue: "q", isExclusive: true)
    let refused = "ACCESS_REFUSED - queue 'q' in exclusive use"
    #expect(refusal { () throws(BrokerError) in _ = try box.session.consume(queue: "q") } == refused)
    try box.session.cancel(tag)
    let other = try consumer()
    #expect(refusal { () throws(BrokerError) in _ = try box.session.consume(queue: "q", isExclusive: true) } == refused)
    other.session = try broker.openSession()
    _ = try box.session.consume(queue: "q", isExclusive: true)
  }

  @Test func aSingleActiveConsumerCannotBeExclusive() throws {
    let (box, _) = try declare(.singleActive)
    #expect(throws: BrokerError.self) { try box.session.consume(queue: "q", isExclusive: true) }
    #expect(broker.listQueues()[0].consumers == 0)
  }

  @Test func aPausedQueueTakesMessagesAndGivesNone() throws {
    let (producer, route) = try declare(.shared, maxLength: 3)
    let worker = try consumer()
    try broker.pauseQueue("q")
    publish(1...3, producer, route)
    #expect(producer.session.publish([1], route: route, now: 0) == .full)
    #expect(ids(worker).isEmpty)
    #expect(try worker.session.get(queue: "q")?.correlation == nil)
    #expect(broker.listQueues()[0].ready == 3)
    try broker.resumeQueue("q")
    #expect(ids(worker) == [1, 2, 3])
    let unknown = "NOT_FOUND - no queue 'none'"
    #expect(refusal { () throws(BrokerError) in try broker.pauseQueue("none") } == unknown)
    #expect(refusal { () throws(BrokerError) in try broker.resumeQueue("none") } == unknown)
  }
}
