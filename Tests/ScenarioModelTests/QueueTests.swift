import Testing

@testable import ScenarioModel

@Suite struct QueueTests {
  /// A queue `q` with these properties, and one for its dead letters.
  private static func queues(_ properties: String) -> String {
    "topology: { queues: { q: { \(properties) }, dead: {} } }\n"
      + "workload: { producers: { p: { keys: [q] } }, consumers: { c: { from: q }, d: { from: dead } } }"
  }

  private func queue(_ properties: String) throws -> Scenario.Queue {
    try TestFiles(Self.queues(properties)).load().topology.queues[0]
  }

  @Test func everyPropertyOfAQueueIsRead() throws {
    let queue = try queue(
      "overflow: drop_head, order: lifo, dispatch: prefetch(4), max_bytes: 1MiB, message_ttl: 2s, expires: 1h, "
        + "dead_letter: { key: dead }, delivery_limit: 3, retry: { backoff: 10ms, jitter: false }, "
        + "unacknowledged_limit: 9")
    #expect(queue.overflow == .dropHead)
    #expect(queue.order == .lifo)
    #expect(queue.dispatch == .shared)
    #expect(queue.prescribedPrefetch == 4)
    #expect(queue.byteCountLimit == 1 << 20)
    #expect(queue.messageLifetimeNanoseconds == 2_000_000_000)
    #expect(queue.expiryNanoseconds == 3_600_000_000_000)
    #expect(queue.deadLetter == .init(exchange: "", key: "dead"))
    #expect(queue.deliveryLimit == 3)
    #expect(
      queue.retry == .init(backoffNanoseconds: 10_000_000, limitNanoseconds: 60_000_000_000, hasJitter: false))
    #expect(queue.unacknowledgedLimit == 9)
    #expect(try self.queue("priorities: 9").highestPriority == 9)
    #expect(try self.queue("single_active: true").dispatch == .singleActive)
  }

  @Test func theProtocolsArgumentsAreTheSameKeys() throws {
    let plain = try queue(
      "max_length: 10, max_bytes: 4096B, overflow: drop_head, order: lifo, message_ttl: 60s, expires: 5s, "
        + "dead_letter: { exchange: \"\", key: dead }, delivery_limit: 2")
    let named = try queue(
      "arguments: { x-max-length: 10, x-max-length-bytes: 4096, x-overflow: drop-head, x-queue-order: lifo, "
        + "x-message-ttl: 60000, x-expires: 5000, x-dead-letter-exchange: \"\", x-dead-letter-routing-key: dead, "
        + "x-delivery-limit: 2 }")
    #expect(plain == named)
  }

  @Test func whatADefaultBecameIsReadAsTheSameAgain() throws {
    let text = Self.queues(
      "dispatch: fair, message_ttl: 10ms, dead_letter: { key: dead }, retry: { backoff: 1ms }, arguments: { x-max-length: 7 }"
    )
    let first = try TestFiles(text).load()
    let second = try TestFiles(first.resolvedJSON).load()
    // What is read back is in the order of names.
    #expect(first.topology.queues == second.topology.queues.reversed())
    #expect(first.verification == second.verification)
    #expect(second.workload.consumerGroups[0].prefetchCount == 1)
    #expect(first.resolvedJSON == second.resolvedJSON)
  }

  static let mistakes: [Mistake] = [
    .init(queues("order: lifo, priorities: 9"), .conflict, 1, 35, "remove `order: lifo` or `priorities`"),
    .init(queues("overflow: reject_publish_dlx"), .conflict, 1, 38, "add dead_letter"),
    .init(queues("dispatch: random, order: lifo"), .conflict, 1, 53, "`order` has no say"),
    .init(queues("dispatch: round_robin, message_ttl: 1s"), .conflict, 1, 64, "shared, fair, single_active"),
    .init(queues("dispatch: round_robin, overflow: drop_head"), .conflict, 1, 61, "`overflow` has no say"),
    .init(queues("dispatch: shared, single_active: true"), .conflict, 1, 61, "keep one of them"),
    .init(queues("dispatch: prefetch(0)"), .outOfRange, 1, 38, "from 1 to 65536"),
    .init(queues("dispatch: prefetch(x)"), .invalidValue, 1, 38, "it is one of"),
    .init(queues("dead_letter: {}"), .missingKey, 1, 41, "write { key: name-of-a-queue }"),
    .init(queues("dead_letter: { exchange: nowhere, key: dead }"), .unknownReference, 1, 53, "no exchange `nowhere`"),
    .init(queues("dead_letter: { key: daed }"), .unknownReference, 1, 48, "did you mean `dead`"),
    .init(queues("retry: { max: 1s }"), .missingKey, 1, 35, "needs `backoff`"),
    .init(queues("retry: { backoff: 2s, max: 1s }"), .conflict, 1, 55, "larger `max`"),
    .init(queues("arguments: { x-max-lenght: 5 }"), .unknownKey, 1, 41, "did you mean `x-max-length`"),
    .init(queues("arguments: { x-message-ttl: soon }"), .invalidValue, 1, 56, "x-message-ttl"),
    .init(queues("max_length: 5, arguments: { x-max-length: 5 }"), .conflict, 1, 56, "keep one of them"),
    .init(
      "topology: { queues: { q: { dead_letter: { key: d } }, d: {} } }\nworkload: { producers: { p: { keys: [q] } }, consumers: { c: { from: q } } }",
      .conflict, 1, 55, "gets the dead letters of `q`"),
    .init("workload: { dispatch: prefetch(4), prefetch: 10 }", .conflict, 1, 46, "a prefetch of 4, not 10"),
    .init("workload: { ack: none, consumers: { c: { fail: 1% } } }", .conflict, 1, 48, "use ack: each"),
    .init("workload: { consumers: { c: { fail: 100% } } }", .conflict, 1, 37, "for ever"),
    .init("workload: { consumers: { c: { busy: {} } } }", .missingKey, 1, 37, "{ fibonacci: 30 }"),
    .init("workload: { producers: { p: { priority: 256 } } }", .outOfRange, 1, 41, "255"),
    .init("workload: { producers: { p: { priority: { cycle: [1, 300] } } } }", .outOfRange, 1, 54, "255"),
    .init(
      "workload: { dispatch: random, producers: { p: { expiration: 1s } } }", .conflict, 1, 61, "`expiration` of `p`"),
    .init(
      "topology: { queues: { q: { message_ttl: 1s } } }\nload: { in_flight: 5 }", .conflict, 2, 7,
      "lets some go without that"),
    .init(
      "topology: { queues: { q: { message_ttl: 1s } } }\nworkload: { pattern: request_reply }", .notSupportedYet, 1, 23,
      "nobody would answer them"),
    .init(
      "workload: { consumers: { c: { fail: 1% } } }\nfaults: [ { kind: kill_worker, who: c, at: main, for: 1s } ]",
      .notSupportedYet, 2, 19, "use pause or slow_consumer"),
    .init("verify: { order: per_key }", .conflict, 1, 18, "share its keys"),
    .init(
      "verify: { order: per_producer }\ntopology: { queues: { q: { order: lifo } } }", .conflict, 1, 18, "newest first"),
    .init(
      "verify: { order: per_producer }\nworkload: { dispatch: work_stealing }", .conflict, 1, 18, "idle consumers of"),
    .init(
      "verify: { order: per_producer }\ntopology: { queues: { q: { priorities: 2 } } }", .conflict, 1, 18,
      "higher priorities first"),
  ]

  @Test(arguments: mistakes)
  func pointsAtTheMistake(_ mistake: Mistake) throws {
    let found = TestFiles(mistake.text).problems()
    let problem = try #require(found.first)
    #expect(found.count == 1, "\(found)")
    #expect(problem.code == mistake.code, "\(problem)")
    #expect(problem.line == mistake.line)
    #expect(problem.column == mistake.column, "\(problem)")
    #expect("\(problem.message) \(problem.suggestion ?? "")".contains(mistake.says), "\(problem)")
  }

  @Test(
    arguments: [
      ("shared", .perProducer), ("fair", .perProducer), ("round_robin", .perProducer), ("random", .perProducer),
      ("least_outstanding", .perProducer), ("power_of_two_choices", .perProducer), ("consumer_priority", .perProducer),
      ("consistent_hash", .perKey), ("single_active", .perKey), ("work_stealing", .none), ("prefetch(8)", .perProducer),
    ] as [(String, Scenario.Verification.Order)])
  func orderIsTheStrongestThatTheDispatchPromises(dispatch: String, order: Scenario.Verification.Order) throws {
    let scenario = try TestFiles("workload: { dispatch: \(dispatch) }").load()
    #expect(scenario.verification.order == order)
  }

  @Test(arguments: ["order: lifo", "priorities: 5", "retry: { backoff: 1ms }"])
  func noOrderIsPromisedByAQueueThatChangesIt(property: String) throws {
    #expect(try TestFiles("topology: { queues: { q: { \(property) } } }").load().verification.order == .none)
  }

  @Test func eachQueueIsHeldToItsOwnPromise() throws {
    let scenario = try TestFiles(Self.queues("dispatch: consistent_hash, dead_letter: { key: dead }")).load()
    #expect(scenario.verification.order == .perKey)
    let promises = scenario.topology.queues.map { scenario.topology.promisedOrder(of: $0, sentBy: scenario.workload) }
    #expect(promises == [.perKey, .none])
    #expect(try TestFiles(scenario.resolvedJSON).load().verification == scenario.verification)
  }

  @Test func theDispatchOfAMatrixSetsThePrefetch() throws {
    let variants = try TestFiles("matrix: { dispatch: [shared, fair, prefetch(8)] }").loadVariants()
    #expect(variants.variants.map { $0.scenario.workload.consumerGroups[0].prefetchCount } == [256, 1, 8])
  }
}
