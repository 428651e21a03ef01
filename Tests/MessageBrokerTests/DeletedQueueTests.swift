import Testing

@testable import MessageBroker

/// What is left of a deleted queue in the sessions that published to it.
@Suite struct DeletedQueueTests {
  final class Witness {
    weak var queue: MessageQueue?
    init(_ queue: MessageQueue?) { self.queue = queue }
  }

  let broker = Broker()

  private func answer(to queue: QueueHandle, by server: inout Session) {
    let outcome = unsafe server.publish(BodyView(UnsafeRawBufferPointer(start: nil, count: 0)), to: queue, now: 0)
    #expect(outcome == .accepted)
  }

  /// A session that answers by handle used to keep every reply queue that it had ever answered to.
  @Test(arguments: [0, 100])
  func serverLetsGoOfShortLivedReplyQueues(lastingCount: Int) throws {
    var server = try broker.openSession()
    var lasting: [QueueHandle] = []
    for number in 0..<lastingCount {
      try broker.declareQueue("lasting \(number)")
      lasting.append(try broker.queue("lasting \(number)", by: nil).handle)
    }
    for handle in lasting { answer(to: handle, by: &server) }
    var witnesses: [Witness] = []
    for _ in 0..<10_000 {
      var client = try broker.openSession()
      let name = try broker.declareQueue(options: QueueOptions(isExclusive: true), by: client.identifier).name
      let queue = try broker.queue(name, by: client.identifier)
      witnesses.append(Witness(queue))
      answer(to: queue.handle, by: &server)
      _ = try client.consume(queue: name, acknowledgement: .automatic)
      #expect(client.poll(limit: 2) == 1)
      client.close()
    }
    // As many lanes as there is room for without growing, and room for twice as many as there ever were at a time.
    let kept = witnesses.count { $0.queue != nil }
    #expect(kept <= max(16, 2 * lastingCount), "\(kept) deleted queues are still there")
    for handle in lasting { answer(to: handle, by: &server) }
    for queue in broker.listQueues() { #expect(queue.ready == 2, "\(queue.name)") }
  }

  /// A session that looked between a queue's removal from the routing and its closing used to keep it until the next deletion.
  @Test func sessionLetsGoOfAQueueThatIsRemovedAndNotYetClosed() throws {
    try broker.declareQueue("going")
    try broker.declareQueue("staying")
    var publisher = try broker.openSession(SessionOptions(publishBatch: 4))
    let going = try publisher.route(exchange: "", key: "going")
    let staying = try publisher.route(exchange: "", key: "staying")
    #expect(publisher.publish(body(of: 1), route: going, now: 0) == .accepted)
    let witness = Witness(try broker.queue("going", by: nil))
    do {
      let queue = try #require(witness.queue)
      try broker.change { (control) throws(BrokerError) in control.remove(queue) }
      #expect(publisher.publish(body(of: 1), route: staying, now: 0) == .accepted)
      #expect(queue.close() == 0)
    }
    #expect(witness.queue == nil)
    // What was staged for it has no queue any more.
    #expect(publisher.stagedCount == 1)
    #expect(broker.statistics().unroutable == 1)
  }
}
