import MessageBroker
import Testing

/// The rules of the reference broker, each by a small example: what is compared with it must be worth comparing with.
@Suite struct ReferenceBrokerTests {
  typealias Options = ReferenceQueueOptions
  var broker = ReferenceBroker()

  init() { broker.openSession(0, windowCapacity: 64, confirms: true) }

  mutating func declare(_ name: String, _ change: (inout Options) -> Void = { _ in }) throws {
    var options = Options()
    change(&options)
    _ = try broker.declareQueue(name, options: options, by: nil)
  }

  @discardableResult
  mutating func publish(
    _ id: UInt64, to key: String, exchange: String = "", _ properties: ReferenceProperties = .init()
  ) throws -> ReferenceBroker.PublishAnswer {
    try broker.publish(id, exchange: exchange, key: key, properties: properties, mayReuseRoute: false, in: 0)
  }

  mutating func get(_ queue: String) throws -> ReferenceDelivery? {
    try broker.get(queue, acknowledgement: .manual, in: 0)
  }

  func ready(_ queue: String) -> [UInt64] { broker.queues[queue]?.ready.map(\.id) ?? [] }

  // MARK: Routing

  @Test(arguments: [
    ("", "", true), ("#", "", true), ("*", "", false), ("a.*", "a.b", true), ("a.*", "a", false),
    ("a.*", "a.b.c", false),
    ("a.#", "a", true), ("a.#", "a.b.c", true), ("#.c", "a.b.c", true), ("*.b.#", "a.b", true), ("#.b.*", "a.b", false),
    ("a..b", "a..b", true), ("a.*.b", "a..b", true), ("#.#", "a", true), ("*.orange.*", "quick.orange.rabbit", true),
    ("lazy.#", "lazier.fox", false),
  ])
  func topicPatternsMatchWords(pattern: String, key: String, matches: Bool) {
    let binding = ReferenceBinding(source: "", destination: .queue("q"), key: pattern)
    #expect(binding.matches(type: .topic, key: key, headers: [:]) == matches)
  }

  @Test(arguments: [
    ("all", ["h": "1"], true), ("all", ["h": "1", "x-h": "2"], true), ("all", [:], false), ("any", ["x-h": "1"], false),
    ("all-with-x", ["h": "1"], false), ("all-with-x", ["h": "1", "x-h": "1"], true), ("any-with-x", ["x-h": "1"], true),
    ("any", ["h": "2"], false),
  ])
  func headersMatchByXMatch(match: String, headers: [String: String], matches: Bool) {
    let binding = ReferenceBinding(
      source: "", destination: .queue("q"), key: "", arguments: ["x-match": match, "h": "1", "x-h": "1"])
    #expect(binding.matches(type: .headers, key: "", headers: headers) == matches)
  }

  @Test mutating func aMessageReachesEachQueueOnceByWhateverWays() throws {
    try declare("q")
    for name in ["x", "y"] { try broker.declareExchange(ReferenceExchange(name: name, type: .fanout)) }
    try broker.bind(.init(source: "x", destination: .queue("q"), key: "1"), by: nil)
    try broker.bind(.init(source: "x", destination: .queue("q"), key: "2"), by: nil)
    try broker.bind(.init(source: "x", destination: .exchange("y"), key: ""), by: nil)
    try broker.bind(.init(source: "y", destination: .exchange("x"), key: ""), by: nil)
    try broker.bind(.init(source: "y", destination: .queue("q"), key: ""), by: nil)
    try publish(1, to: "k", exchange: "x")
    #expect(ready("q") == [1])
  }

  @Test mutating func theAlternateExchangeGetsWhatMatchesNoBinding() throws {
    try declare("rest")
    try broker.declareExchange(ReferenceExchange(name: "x", type: .direct, alternate: "spare"))
    #expect(try publish(1, to: "k", exchange: "x", .init(isMandatory: true)) == .returned)
    try broker.declareExchange(ReferenceExchange(name: "spare", type: .fanout))
    try broker.bind(.init(source: "spare", destination: .queue("rest"), key: ""), by: nil)
    #expect(try publish(2, to: "k", exchange: "x") == .accepted)
    #expect(ready("rest") == [2])
  }

  @Test mutating func autoDeleteGoesWithTheLastUser() throws {
    try declare("q") { $0.isAutoDelete = true }
    try broker.declareExchange(ReferenceExchange(name: "x", type: .direct, isAutoDelete: true))
    try broker.bind(.init(source: "x", destination: .queue("q"), key: ""), by: nil)
    let consumer = try broker.consume("q", options: .init(), in: 0)
    broker.cancel(consumer, in: 0)
    #expect(broker.queues["q"] == nil)
    #expect(broker.exchanges["x"] == nil)
  }

  // MARK: Orders and limits

  @Test mutating func ordersDecideWhatIsNextAlsoForWhatComesBack() throws {
    try declare("lifo") { $0.order = .lifo }
    try declare("levels") { $0.order = .priority(levels: 2) }
    for id in 1...4 as ClosedRange<UInt64> {
      try publish(id, to: "lifo")
      try publish(id, to: "levels", .init(priority: [0, 9, 2, 1][Int(id) - 1]))
    }
    #expect(ready("lifo") == [4, 3, 2, 1])
    #expect(ready("levels") == [2, 3, 4, 1])
    for queue in ["lifo", "levels"] {
      let first = try #require(try get(queue))
      _ = try get(queue)
      try broker.settle(first.tag, multiple: false, .requeue, in: 0)
    }
    #expect(ready("lifo") == [4, 2, 1])
    #expect(ready("levels") == [2, 4, 1])
  }

  @Test mutating func dropHeadDropsTheOldestAlsoWhenMessagesComeBack() throws {
    try declare("q") { ($0.maxLength, $0.overflow) = (2, .dropHead) }
    for id in 1...3 as ClosedRange<UInt64> { try publish(id, to: "q") }
    #expect(ready("q") == [2, 3])
    let taken = try #require(try get("q"))
    try publish(4, to: "q")
    try broker.settle(taken.tag, multiple: false, .requeue, in: 0)
    #expect(ready("q") == [3, 4])
    #expect(broker.queues["q"]?.counts.dropped == 2)
    #expect(broker.brokenLaws() == [])
  }

  @Test mutating func aBlockingQueueTakesAllCopiesOrNone() throws {
    try broker.declareExchange(ReferenceExchange(name: "x", type: .fanout))
    try declare("a") { ($0.maxLength, $0.overflow) = (1, .block) }
    try declare("b") { ($0.maxLength, $0.overflow) = (1, .rejectPublish) }
    for queue in ["a", "b"] { try broker.bind(.init(source: "x", destination: .queue(queue), key: ""), by: nil) }
    try publish(1, to: "b")
    #expect(try publish(2, to: "", exchange: "x") == .rejected)
    #expect(try publish(3, to: "", exchange: "x") == .full)
    #expect(ready("a") == [2] && ready("b") == [1])
    #expect(broker.pollConfirms(in: 0) == (2, 2, [2]))
  }

  // MARK: Who gets it

  @Test mutating func prioritySingleActiveAndLimitsDecideWhoGetsIt() throws {
    try declare("one") { $0.isSingleActive = true }
    try declare("limited") { $0.unacknowledgedLimit = 1 }
    try declare("ranked") { $0.hasConsumerPriorities = true }
    for id in 1...3 as ClosedRange<UInt64> { for queue in ["one", "limited", "ranked"] { try publish(id, to: queue) } }
    for slot in 1...2 {
      broker.openSession(slot, windowCapacity: 64, confirms: false)
      _ = try broker.consume("one", options: .init(), in: slot)
      _ = try broker.consume("limited", options: .init(), in: slot)
      _ = try broker.consume("ranked", options: .init(prefetch: 1, priority: slot), in: slot)
    }
    #expect(broker.poll(1, limit: 20).map { "\($0.queue)\($0.message.id)" } == ["one1", "one2", "one3", "limited1"])
    #expect(broker.poll(2, limit: 20).map { "\($0.queue)\($0.message.id)" } == ["ranked1"])
    #expect(broker.poll(1, limit: 20).map { "\($0.queue)\($0.message.id)" } == ["ranked2"])
    broker.closeSession(1)
    #expect(
      Set(broker.poll(2, limit: 20).map { "\($0.queue)\($0.message.id)" }) == ["one1", "one2", "one3", "limited1"])
  }

  @Test mutating func anExclusiveConsumerIsAlone() throws {
    try declare("q")
    let consumer = try broker.consume("q", options: .init(isExclusive: true), in: 0)
    #expect(throws: Refusal.accessRefused) { try broker.consume("q", options: .init(), in: 0) }
    broker.cancel(consumer, in: 0)
    _ = try broker.consume("q", options: .init(), in: 0)
    #expect(throws: Refusal.accessRefused) { try broker.consume("q", options: .init(isExclusive: true), in: 0) }
  }

  @Test mutating func aPausedQueueTakesAndDoesNotGive() throws {
    try declare("q")
    try broker.setPaused(true, queue: "q")
    try publish(1, to: "q")
    #expect(try get("q") == nil)
    try broker.setPaused(false, queue: "q")
    #expect(try get("q")?.message.id == 1)
  }
}
