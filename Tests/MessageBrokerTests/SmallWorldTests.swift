import MessageBroker
import Testing

@Suite struct SmallWorldTests {
  /// What can happen to a queue of two messages with two consumers.
  enum Step: CaseIterable {
    case publish, pollFirst, pollSecond, acknowledgeOldest, requeueNewest, requeueAll, crashSecond
  }

  /// Every sequence of five steps, compared with the model after each: whatever a few messages can do wrong, they do here.
  @Test func everyShortHistoryAgreesWithTheModel() throws {
    let count = Step.allCases.count
    var limits = BrokerLimits()
    limits.sessions = 4
    let broker = Broker(limits: limits)
    for world in 0..<(count * count * count * count * count) {
      var code = world
      var steps: [Step] = []
      for _ in 0..<5 {
        steps.append(Step.allCases[code % count])
        code /= count
      }
      try run(steps, in: broker)
    }
  }

  func run(_ steps: [Step], in broker: Broker) throws {
    try broker.declareQueue("q", options: QueueOptions(maxLength: 2))
    try broker.bind(queue: "q", to: "amq.direct", key: "q")
    var model = BrokerModel()
    model.declare("q", maxLength: 2, overflow: .block)
    model.bindings["q"] = ["q"]
    let sessions = [
      ModelRun.SessionBox(try broker.openSession(SessionOptions(windowCapacity: 4))),
      ModelRun.SessionBox(try broker.openSession(SessionOptions(windowCapacity: 4))),
    ]
    // Else an optimised build drops the sessions, and their deliveries go back, before the statistics are read.
    defer { withExtendedLifetime(sessions) {} }
    for box in sessions {
      _ = try box.session.consume(queue: "q", prefetch: 2)
      model.sessions.append(.init(queue: "q", generation: 1, prefetch: 2))
    }
    let route = try sessions[0].session.route(exchange: "amq.direct", key: "q")
    // A message is there from the beginning, so that five steps reach further.
    for (number, step) in ([.publish] + steps).enumerated() {
      let history: Comment = "\(steps), step \(number)"
      switch step {
      case .publish:
        let id = UInt64(number)
        let outcome = sessions[0].session.publish(
          body(of: id), route: route, properties: MessageProperties(correlation: id), now: 0)
        let expected = model.publish(id, key: "q")
        #expect(outcome == expected, history)
      case .pollFirst, .pollSecond:
        let index = step == .pollFirst ? 0 : 1
        let expected = model.poll(index, limit: 1)
        let taken = sessions[index].session.poll(limit: 1)
        #expect(taken == expected.count, history)
        if taken == 1, let wanted = expected.first {
          let delivery = sessions[index].session.delivery(at: 0)
          #expect(delivery.correlation == wanted.message.id, history)
          #expect(delivery.returnCount == wanted.message.returnCount, history)
        }
      case .acknowledgeOldest:
        guard let oldest = model.sessions[0]?.unacknowledged.first else { break }
        try sessions[0].session.acknowledge(oldest.tag)
        _ = model.settle(0, tag: oldest.tag, multiple: false, .acknowledge)
      case .requeueNewest:
        guard let newest = model.sessions[0]?.unacknowledged.last else { break }
        try sessions[0].session.reject(newest.tag, requeue: true)
        _ = model.settle(0, tag: newest.tag, multiple: false, .requeue)
      case .requeueAll:
        try sessions[0].session.nack(0, multiple: true, requeue: true)
        _ = model.settle(0, tag: 0, multiple: true, .requeue)
      case .crashSecond:
        sessions[1].session = try broker.openSession(SessionOptions(windowCapacity: 4))
        _ = model.settle(1, tag: 0, multiple: true, .requeue)
        _ = try sessions[1].session.consume(queue: "q", prefetch: 2)
        model.sessions[1]?.nextTag = 1
      }
    }
    let statistics = broker.listQueues()[0]
    #expect(statistics.ready == model.queues["q"]?.ready.count, "\(steps)")
    #expect(statistics.unacknowledged == model.sessions.reduce(0) { $0 + ($1?.unacknowledged.count ?? 0) }, "\(steps)")
    try broker.deleteQueue("q")
  }
}
