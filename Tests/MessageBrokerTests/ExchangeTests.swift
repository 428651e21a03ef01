import MessageBroker
import Testing

@Suite struct ExchangeTests {
  let broker = Broker()

  func refusal(_ body: () throws(BrokerError) -> Void) -> String {
    do {
      try body()
      return "accepted"
    } catch { return "\(error.code.rawValue) \(error.description)" }
  }

  func declareQueues(_ names: String...) throws {
    for name in names { try broker.declareQueue(name, options: QueueOptions(maxLength: 4)) }
  }

  @Test func eachTypeOfExchangeRoutesByItsRule() throws {
    try declareQueues("a", "b", "c")
    try broker.bind(queue: "a", to: "amq.direct", key: "k")
    try broker.bind(queue: "b", to: "amq.direct", key: "k")
    try broker.bind(queue: "c", to: "amq.direct", key: "other")
    for queue in ["a", "b", "c"] { try broker.bind(queue: queue, to: "amq.fanout", key: queue) }
    try broker.bind(queue: "a", to: "amq.match", arguments: ["severity": "error"])
    try broker.bind(queue: "b", to: "amq.topic", key: "*.error")
    #expect(try broker.queues(reachedFrom: "", key: "b") == ["b"])
    #expect(try broker.queues(reachedFrom: "", key: "nobody") == [])
    #expect(try broker.queues(reachedFrom: "amq.direct", key: "k") == ["a", "b"])
    #expect(try broker.queues(reachedFrom: "amq.direct", key: "") == [])
    #expect(try broker.queues(reachedFrom: "amq.fanout", key: "any") == ["a", "b", "c"])
    #expect(try broker.queues(reachedFrom: "amq.match", key: "k", headers: ["severity": "error"]) == ["a"])
    #expect(try broker.queues(reachedFrom: "amq.topic", key: "kernel.error") == ["b"])
  }

  @Test func refusesWithTheCodesAndTextsOfTheField() throws {
    try declareQueues("q")
    try broker.declareExchange("e", type: .topic, options: ExchangeOptions(alternateExchange: "other"))
    try broker.declareExchange("inner", options: ExchangeOptions(isInternal: true))
    let long = String(repeating: "k", count: 256)
    let cases: [(String, () throws(BrokerError) -> Void)] = [
      (
        "540 NOT_IMPLEMENTED - exchange type 'x-consistent-hash' is not supported yet",
        { () throws(BrokerError) in _ = try ExchangeType(named: "x-consistent-hash") }
      ),
      (
        "503 COMMAND_INVALID - unknown exchange type 'topics'",
        { () throws(BrokerError) in _ = try ExchangeType(named: "topics") }
      ),
      (
        "406 PRECONDITION_FAILED - inequivalent arg 'type' for exchange 'e': "
          + "received 'direct' but current is 'topic'",
        { () throws(BrokerError) in try broker.declareExchange("e") }
      ),
      (
        "406 PRECONDITION_FAILED - inequivalent arg 'auto_delete' for exchange 'e': "
          + "received 'true' but current is 'false'",
        { () throws(BrokerError) in
          try broker.declareExchange("e", type: .topic, options: ExchangeOptions(isAutoDelete: true))
        }
      ),
      (
        "406 PRECONDITION_FAILED - inequivalent arg 'internal' for exchange 'e': "
          + "received 'true' but current is 'false'",
        { () throws(BrokerError) in
          try broker.declareExchange("e", type: .topic, options: ExchangeOptions(isInternal: true))
        }
      ),
      (
        "406 PRECONDITION_FAILED - inequivalent arg 'alternate-exchange' for exchange 'e': "
          + "received none but current is the value 'other' of type 'longstr'",
        { () throws(BrokerError) in try broker.declareExchange("e", type: .topic) }
      ),
      (
        "406 PRECONDITION_FAILED - invalid type 'long' for arg 'alternate-exchange' in exchange 'f'",
        { () throws(BrokerError) in
          try broker.declareExchange("f", options: ExchangeOptions(arguments: ["alternate-exchange": 7]))
        }
      ),
      (
        "406 PRECONDITION_FAILED - inequivalent arg 'type' for exchange 'amq.topic': "
          + "received 'fanout' but current is 'topic'",
        { () throws(BrokerError) in try broker.declareExchange("amq.topic", type: .fanout) }
      ),
      ("accepted", { () throws(BrokerError) in try broker.declareExchange("amq.topic", type: .topic) }),
      (
        "403 ACCESS_REFUSED - exchange name 'amq.new' contains reserved prefix 'amq.*'",
        { () throws(BrokerError) in try broker.declareExchange("amq.new", type: .topic) }
      ),
      (
        "404 NOT_FOUND - no exchange 'nobody'",
        { () throws(BrokerError) in try broker.declareExchangePassively("nobody") }
      ),
      (
        "403 ACCESS_REFUSED - operation not permitted on the default exchange",
        { () throws(BrokerError) in try broker.declareExchangePassively("") }
      ),
      ("accepted", { () throws(BrokerError) in try broker.declareExchangePassively("e") }),
      (
        "404 NOT_FOUND - no queue 'nobody'",
        { () throws(BrokerError) in _ = try broker.declareQueuePassively("nobody") }
      ),
      (
        "404 NOT_FOUND - no queue 'nobody'",
        { () throws(BrokerError) in try broker.bind(queue: "nobody", to: "e") }
      ),
      (
        "404 NOT_FOUND - no exchange 'nobody'",
        { () throws(BrokerError) in try broker.bind(exchange: "nobody", to: "e") }
      ),
      (
        "404 NOT_FOUND - no exchange 'nobody'",
        { () throws(BrokerError) in try broker.unbind(exchange: "e", from: "nobody") }
      ),
      (
        "403 ACCESS_REFUSED - operation not permitted on the default exchange",
        { () throws(BrokerError) in try broker.bind(exchange: "", to: "e") }
      ),
      (
        "406 PRECONDITION_FAILED - invalid x-match field value 'most'; "
          + "expected all, any, all-with-x, or any-with-x",
        { () throws(BrokerError) in
          try broker.bind(queue: "q", to: "amq.headers", arguments: ["x-match": "most"])
        }
      ),
      (
        "406 PRECONDITION_FAILED - invalid x-match field type bool (value true); expected longstr",
        { () throws(BrokerError) in try broker.bind(queue: "q", to: "amq.headers", arguments: ["x-match": true]) }
      ),
      (
        "406 PRECONDITION_FAILED - invalid arg 'a': it is not a number",
        { () throws(BrokerError) in
          try broker.bind(queue: "q", to: "amq.headers", arguments: ["a": [.double(.nan)]])
        }
      ),
      (
        "502 SYNTAX_ERROR - routing key of 256 bytes; at most 255",
        { () throws(BrokerError) in try broker.bind(queue: "q", to: "e", key: long) }
      ),
      (
        "502 SYNTAX_ERROR - exchange name of 256 bytes; at most 255",
        { () throws(BrokerError) in try broker.declareExchange(long) }
      ),
      (
        "502 SYNTAX_ERROR - queue name of 256 bytes; at most 255",
        { () throws(BrokerError) in try broker.declareQueue(long) }
      ),
      (
        "403 ACCESS_REFUSED - cannot publish to internal exchange 'inner'",
        { () throws(BrokerError) in _ = try broker.queues(reachedFrom: "inner", key: "k") }
      ),
    ]
    for (expected, operation) in cases { #expect(refusal(operation) == expected) }
    #expect(broker.listBindings().count == 1)
    #expect(throws: BrokerError.self) {
      var session = try broker.openSession()
      _ = try session.route(exchange: "inner", key: "k")
    }
  }

  @Test func bindingsThatDifferInKeyOrArgumentsAreRemovedOneByOne() throws {
    try declareQueues("q")
    for exchange in ["amq.direct", "amq.fanout", "amq.topic", "amq.headers"] {
      try broker.bind(queue: "q", to: exchange, key: "k")
      try broker.bind(queue: "q", to: exchange, key: "k")
      try broker.bind(queue: "q", to: exchange, key: "k", arguments: ["n": .void])
      try broker.bind(queue: "q", to: exchange, key: "l")
      let headers: FieldTable = ["n": 1]
      #expect(try broker.queues(reachedFrom: exchange, key: "k", headers: headers) == ["q"], "\(exchange)")
      try broker.unbind(queue: "q", from: exchange, key: "k")
      #expect(try broker.queues(reachedFrom: exchange, key: "k", headers: headers) == ["q"], "\(exchange)")
      try broker.unbind(queue: "q", from: exchange, key: "k", arguments: ["n": .void])
      let expected = exchange == "amq.fanout" || exchange == "amq.headers" ? ["q"] : []
      #expect(try broker.queues(reachedFrom: exchange, key: "k", headers: headers) == expected, "\(exchange)")
      try broker.unbind(queue: "q", from: exchange, key: "l")
      #expect(try broker.queues(reachedFrom: exchange, key: "l", headers: headers) == [], "\(exchange)")
    }
  }

  @Test func listsAreComplete() throws {
    try declareQueues("q")
    let options = ExchangeOptions(
      isInternal: true, isAutoDelete: true, alternateExchange: "amq.fanout", arguments: ["x-note": "ours"])
    try broker.declareExchange("e", type: .headers, options: options)
    try broker.bind(queue: "q", to: "e", key: "k", arguments: ["x-match": "any", "a": 1])
    try broker.bind(exchange: "e", to: "amq.topic", key: "#")
    let exchange = try #require(broker.listExchanges().first { $0.name == "e" })
    #expect(exchange.type == .headers && exchange.options == options && exchange.bindingCount == 1)
    #expect(exchange.options.arguments == ["alternate-exchange": "amq.fanout", "x-note": "ours"])
    #expect(
      broker.listBindings() == [
        BindingDescription(exchange: "", destination: .queue("q"), routingKey: "q"),
        BindingDescription(exchange: "amq.topic", destination: .exchange("e"), routingKey: "#"),
        BindingDescription(
          exchange: "e", destination: .queue("q"), routingKey: "k", arguments: ["x-match": "any", "a": 1]),
      ])
  }

  @Test func autoDeleteExchangesGoWithTheirLastBinding() throws {
    try declareQueues("q", "r")
    let temporary = ExchangeOptions(isAutoDelete: true)
    for name in ["a", "b", "c"] { try broker.declareExchange(name, type: .fanout, options: temporary) }
    try broker.bind(queue: "q", to: "c", key: "1")
    try broker.bind(queue: "q", to: "c", key: "2")
    try broker.bind(queue: "r", to: "c")
    try broker.bind(exchange: "c", to: "b")
    try broker.bind(exchange: "b", to: "a")
    try broker.bind(exchange: "a", to: "a")
    func own() -> [String] { broker.listExchanges().map(\.name).filter { $0.count == 1 } }
    #expect(refusal { () throws(BrokerError) in try broker.deleteExchange("c", ifUnused: true) }.hasPrefix("406 "))
    try broker.unbind(queue: "q", from: "c", key: "1")
    try broker.unbind(queue: "r", from: "c", key: "never there")
    try broker.deleteQueue("r")
    #expect(own() == ["a", "b", "c"])
    try broker.unbind(exchange: "a", from: "a")
    #expect(own() == ["a", "b", "c"])
    // The last binding of c goes, so c goes, so the last binding of b goes, and so on.
    try broker.deleteQueue("q")
    #expect(own() == [])
    #expect(broker.listBindings().isEmpty)
  }

  @Test func exchangesThatWereNeverBoundStay() throws {
    try broker.declareExchange("e", options: ExchangeOptions(isAutoDelete: true))
    try broker.declareExchange("other")
    try broker.bind(exchange: "e", to: "other")
    try broker.unbind(exchange: "e", from: "other")
    #expect(refusal { () throws(BrokerError) in try broker.declareExchangePassively("e") } == "accepted")
  }

  @Test func autoDeleteQueuesGoWithTheirLastConsumer() throws {
    let options = QueueOptions(maxLength: 4, isAutoDelete: true)
    try broker.declareQueue("q", options: options)
    #expect(
      refusal { () throws(BrokerError) in try broker.declareQueue("q", options: QueueOptions(maxLength: 4)) }
        == "406 PRECONDITION_FAILED - inequivalent arg 'auto_delete' for queue 'q': "
        + "received 'false' but current is 'true'")
    var first = try broker.openSession()
    var second = try broker.openSession()
    let route = try first.route(exchange: "", key: "q")
    #expect(first.publish([1], route: route, now: 0) == .accepted)
    #expect(try first.get(queue: "q", acknowledgement: .automatic) != nil)
    let consumer = try first.consume(queue: "q")
    _ = try second.consume(queue: "q")
    try first.cancel(consumer)
    #expect(try broker.declareQueuePassively("q").consumerCount == 1)
    second.close()
    #expect(broker.listQueues().isEmpty)
    #expect(first.publish([1], route: route, now: 0) == .unroutable)
    first.close()
  }

  @Test func aQueueOfAnotherSessionIsNotDeclaredPassively() throws {
    var owner = try broker.openSession()
    let other = try broker.openSession()
    let mine = try owner.declareQueue(options: QueueOptions(maxLength: 1, isExclusive: true))
    #expect(try broker.declareQueuePassively(mine.name, by: owner.identifier).handle == mine.handle)
    #expect(
      refusal { () throws(BrokerError) in _ = try broker.declareQueuePassively(mine.name, by: other.identifier) }
        .hasPrefix("405 RESOURCE_LOCKED"))
    owner.close()
    other.close()
  }
}
