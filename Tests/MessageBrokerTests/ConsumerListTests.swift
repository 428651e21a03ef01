import MessageBroker
import Testing

@Suite struct ConsumerListTests {
  private let body = [UInt8](repeating: 1, count: 8)

  @Test func consumersAreListedWithWhatTheyAskedForAndHold() throws {
    let broker = Broker()
    _ = try broker.declareQueue("b")
    _ = try broker.declareQueue("a")
    var first = try broker.openSession()
    var second = try broker.openSession()
    let one = try first.consume(queue: "b", prefetch: 10)
    let two = try second.consume(queue: "b", acknowledgement: .automatic, priority: 3)
    let three = try second.consume(queue: "a", prefetch: 2)
    let route = try first.route(exchange: "", key: "a")
    for _ in 0..<5 { _ = first.publish(body, route: route, now: 0) }
    #expect(second.poll(limit: 10) == 2)

    let consumers = broker.listConsumers()
    #expect(consumers.map(\.queue) == ["a", "b", "b"])
    #expect(consumers.map(\.tag) == [three, one, two])
    #expect(consumers.map(\.prefetch) == [2, 10, 0])
    #expect(consumers.map(\.priority) == [0, 0, 3])
    #expect(consumers.map(\.acknowledgement) == [.manual, .manual, .automatic])
    #expect(consumers.map(\.unacknowledged) == [2, 0, 0])
    #expect(consumers.map(\.isActive) == [true, true, true])
    #expect(consumers[0].session == consumers[2].session && consumers[0].session != consumers[1].session)
  }

  @Test func whoWaitsBehindAnotherIsNotActive() throws {
    let broker = Broker()
    var options = QueueOptions()
    options.dispatch = .singleActive
    _ = try broker.declareQueue("single", options: options)
    options.dispatch = .consumerPriority
    _ = try broker.declareQueue("urgent", options: options)
    var session = try broker.openSession()
    let active = try session.consume(queue: "single")
    _ = try session.consume(queue: "single")
    _ = try session.consume(queue: "urgent", prefetch: 1)
    let preferred = try session.consume(queue: "urgent", prefetch: 1, priority: 5)
    #expect(broker.listConsumers().map(\.isActive) == [true, false, false, true])

    // The next one takes over, and so does the second choice when the first has its hands full.
    try session.cancel(active)
    let route = try session.route(exchange: "", key: "urgent")
    _ = session.publish(body, route: route, now: 0)
    #expect(session.poll(limit: 1) == 1)
    #expect(session.delivery(at: 0).consumer == preferred)
    #expect(broker.listConsumers().map(\.isActive) == [true, true, true])
  }
}
