import MessageBroker
import Testing

@Suite struct BrokerControlTests {
  func refusal(_ body: () throws(BrokerError) -> Void) -> String {
    do {
      try body()
      return "accepted"
    } catch { return "\(error.code.rawValue) \(error.description)" }
  }

  @Test func refusesWithTheCodesAndTextsOfTheField() throws {
    let broker = Broker()
    try broker.declareQueue("jobs", options: QueueOptions(maxLength: 10))
    try broker.declareExchange("log")
    let cases: [(String, () throws(BrokerError) -> Void)] = [
      (
        "403 ACCESS_REFUSED - operation not permitted on the default exchange",
        { () throws(BrokerError) in try broker.bind(queue: "jobs", to: "", key: "k") }
      ),
      (
        "403 ACCESS_REFUSED - operation not permitted on the default exchange",
        { () throws(BrokerError) in try broker.deleteExchange("") }
      ),
      (
        "403 ACCESS_REFUSED - operation not permitted on the default exchange",
        { () throws(BrokerError) in try broker.declareExchange("") }
      ),
      (
        "403 ACCESS_REFUSED - exchange name 'amq.mine' contains reserved prefix 'amq.*'",
        { () throws(BrokerError) in try broker.declareExchange("amq.mine") }
      ),
      (
        "403 ACCESS_REFUSED - deletion of system exchange 'amq.direct' not allowed",
        { () throws(BrokerError) in try broker.deleteExchange("amq.direct") }
      ),
      (
        "403 ACCESS_REFUSED - queue name 'amq.mine' contains reserved prefix 'amq.*'",
        { () throws(BrokerError) in try broker.declareQueue("amq.mine") }
      ),
      (
        "404 NOT_FOUND - no queue 'nobody'",
        { () throws(BrokerError) in try broker.purgeQueue("nobody") }
      ),
      (
        "404 NOT_FOUND - no exchange 'nobody'",
        { () throws(BrokerError) in try broker.bind(queue: "jobs", to: "nobody", key: "k") }
      ),
      (
        "406 PRECONDITION_FAILED - inequivalent arg 'x-max-length' for queue 'jobs': received '9' but current is '10'",
        { () throws(BrokerError) in try broker.declareQueue("jobs", options: QueueOptions(maxLength: 9)) }
      ),
      (
        "406 PRECONDITION_FAILED - inequivalent arg 'x-overflow' for queue 'jobs': "
          + "received 'reject_publish' but current is 'block'",
        { () throws(BrokerError) in
          try broker.declareQueue("jobs", options: QueueOptions(maxLength: 10, overflow: .rejectPublish))
        }
      ),
      (
        "406 PRECONDITION_FAILED - invalid arg 'x-max-length' for queue 'none': 0 is not in 1...268435456",
        { () throws(BrokerError) in try broker.declareQueue("none", options: QueueOptions(maxLength: 0)) }
      ),
      (
        "530 NOT_ALLOWED - exclusive queue 'mine' needs a session to belong to",
        { () throws(BrokerError) in try broker.declareQueue("mine", options: QueueOptions(isExclusive: true)) }
      ),
    ]
    for (expected, operation) in cases { #expect(refusal(operation) == expected) }
  }

  @Test func exclusiveQueuesAnswerOnlyToTheirSessionAndGoWithIt() throws {
    let broker = Broker()
    var owner = try broker.openSession()
    var other = try broker.openSession()
    let declaration = try owner.declareQueue(options: QueueOptions(maxLength: 4, isExclusive: true))
    #expect(declaration.name.hasPrefix("amq.gen-"))
    _ = try owner.consume(queue: declaration.name)
    do {
      _ = try other.consume(queue: declaration.name)
      Issue.record("another session consumes an exclusive queue")
    } catch {
      #expect(error.code == .resourceLocked)
      #expect(error.message == "cannot obtain exclusive access to locked queue '\(declaration.name)'")
    }
    let body: [UInt8] = [1]
    let route = try other.route(exchange: "", key: declaration.name)
    #expect(other.publish(body, route: route, now: 0) == .accepted)
    owner.close()
    #expect(broker.listQueues().isEmpty)
    #expect(other.publish(body, route: route, now: 0) == .unroutable)
    other.close()
  }

  @Test func limitsAreErrorsOfTheirOwn() throws {
    var limits = BrokerLimits()
    limits.sessions = 1
    limits.queues = 1
    limits.exchanges = 6
    limits.bindings = 1
    let broker = Broker(limits: limits)
    let session = try broker.openSession()
    #expect(throws: BrokerError.self) { _ = try broker.openSession() }
    try broker.declareQueue("a", options: QueueOptions(maxLength: 1))
    #expect(
      refusal { () throws(BrokerError) in try broker.declareQueue("b") }
        == "506 RESOURCE_ERROR - 1 queues exist, which is the limit")
    #expect(refusal { () throws(BrokerError) in try broker.declareExchange("x") }.hasPrefix("506 "))
    try broker.bind(queue: "a", to: "amq.direct", key: "1")
    #expect(
      refusal { () throws(BrokerError) in try broker.bind(queue: "a", to: "amq.direct", key: "2") }.hasPrefix("506 "))
    session.close()
    _ = try broker.openSession()
  }

  @Test func listsShowWhatWasDeclared() throws {
    let broker = Broker()
    try broker.declareExchange("log")
    try broker.declareExchange("log")
    try broker.declareQueue("q", options: QueueOptions(maxLength: 3))
    try broker.bind(queue: "q", to: "log", key: "error")
    try broker.bind(queue: "q", to: "log", key: "error")
    #expect(
      broker.listExchanges().map(\.name)
        == ["", "amq.direct", "amq.fanout", "amq.headers", "amq.match", "amq.topic", "log"])
    #expect(
      broker.listBindings() == [
        BindingDescription(exchange: "", destination: .queue("q"), routingKey: "q"),
        BindingDescription(exchange: "log", destination: .queue("q"), routingKey: "error"),
      ])
    #expect(
      refusal { () throws(BrokerError) in try broker.deleteExchange("log", ifUnused: true) }
        == "406 PRECONDITION_FAILED - exchange 'log' in use")
    try broker.deleteExchange("log")
    try broker.deleteExchange("log")
    #expect(broker.listBindings().count == 1)
  }

  @Test func aQueueInUseOrNotEmptyIsKeptWhenAsked() throws {
    let broker = Broker()
    try broker.declareQueue("q", options: QueueOptions(maxLength: 3))
    var session = try broker.openSession()
    let route = try session.route(exchange: "", key: "q")
    let body: [UInt8] = [1]
    #expect(session.publish(body, route: route, now: 0) == .accepted)
    #expect(
      refusal { () throws(BrokerError) in try broker.deleteQueue("q", ifEmpty: true) }
        == "406 PRECONDITION_FAILED - queue 'q' not empty")
    let consumer = try session.consume(queue: "q")
    #expect(
      refusal { () throws(BrokerError) in try broker.deleteQueue("q", ifUnused: true) }
        == "406 PRECONDITION_FAILED - queue 'q' in use")
    try session.cancel(consumer)
    let thrown = try broker.deleteQueue("q", ifUnused: true)
    #expect(thrown == 1)
    let again = try broker.deleteQueue("q")
    #expect(again == 0)
    session.close()
  }
}
