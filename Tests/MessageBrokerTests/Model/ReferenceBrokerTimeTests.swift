import MessageBroker
import Testing

/// What time and failures do in the reference broker.
@Suite struct ReferenceBrokerTimeTests {
  var examples = ReferenceBrokerTests()

  @Test mutating func messagesExpireAnywhereAtTheEarlierTime() throws {
    try examples.declare("q") { $0.messageTTL = 100 }
    for (id, expiration) in [(1, nil), (2, 30), (3, 200), (4, 0)] as [(UInt64, Int64?)] {
      try examples.publish(id, to: "q", .init(expiration: expiration))
    }
    #expect(examples.ready("q") == [1, 2, 3])
    examples.broker.advance(to: 29)
    #expect(examples.ready("q") == [1, 2, 3])
    examples.broker.advance(to: 30)
    #expect(examples.ready("q") == [1, 3])
    let taken = try #require(try examples.get("q"))
    examples.broker.advance(to: 100)
    #expect(examples.ready("q") == [])
    // In the consumer's hands it does not expire, but it does not come back either.
    try examples.broker.settle(taken.tag, multiple: false, .requeue, in: 0)
    #expect(examples.ready("q") == [])
    #expect(examples.broker.queues["q"]?.counts.expired == 4)
    #expect(examples.broker.brokenLaws() == [])
  }

  @Test mutating func delayedMessagesTakeTheirPlaceWhenTheyAreDue() throws {
    try examples.declare("q") { ($0.maxLength, $0.overflow) = (2, .rejectPublish) }
    try examples.publish(1, to: "q", .init(delay: 50))
    try examples.publish(2, to: "q")
    #expect(try examples.publish(3, to: "q") == .rejected)
    #expect(examples.ready("q") == [2])
    examples.broker.advance(to: 50)
    #expect(examples.ready("q") == [2, 1])
  }

  @Test mutating func aQueueExpiresWhenNobodyUsesIt() throws {
    try examples.declare("q") { $0.expires = 100 }
    examples.broker.advance(to: 99)
    _ = try examples.get("q")
    let consumer = try examples.broker.consume("q", options: .init(), in: 0)
    examples.broker.advance(to: 500)
    examples.broker.cancel(consumer, in: 0)
    examples.broker.advance(to: 599)
    #expect(examples.broker.queues["q"] != nil)
    examples.broker.advance(to: 600)
    #expect(examples.broker.queues["q"] == nil)
  }

  @Test mutating func aConsumerThatKeepsAMessageTooLongIsCancelled() throws {
    try examples.declare("q")
    try examples.publish(1, to: "q")
    _ = try examples.broker.consume("q", options: .init(timeout: 100), in: 0)
    #expect(examples.broker.poll(0, limit: 1).count == 1)
    examples.broker.advance(to: 99)
    #expect(examples.ready("q") == [])
    examples.broker.advance(to: 100)
    #expect(examples.ready("q") == [1])
    #expect(examples.broker.sessions[0]?.consumers.isEmpty == true)
  }

  @Test mutating func aFailedMessageWaitsLongerEachTimeAndThenDies() throws {
    try examples.declare("dead")
    try examples.declare("q") {
      $0.retry = .init(backoff: 10, limit: 25, jitter: 1)
      $0.deliveryLimit = 3
      $0.deadLetter = .init(exchange: "", key: "dead")
    }
    try examples.publish(1, to: "q")
    for wait in [10, 20, 25] as [Int64] {
      let taken = try #require(try examples.get("q"))
      try examples.broker.settle(taken.tag, multiple: false, .requeue, in: 0)
      examples.broker.advance(to: examples.broker.now + wait - 1)
      #expect(examples.ready("q") == [], "after \(wait)")
      examples.broker.advance(to: examples.broker.now + 1)
      #expect(examples.ready("q") == [1], "after \(wait)")
    }
    let taken = try #require(try examples.get("q"))
    #expect(taken.message.returnCount == 3)
    try examples.broker.settle(taken.tag, multiple: false, .requeue, in: 0)
    let dead = try #require(try examples.get("dead"))
    #expect(dead.message.deaths.map(\.reason) == [.deliveryLimit])
    #expect(dead.message.returnCount == 0)
    #expect(examples.broker.brokenLaws() == [])
  }

  @Test func jitterShortensTheWait() {
    let retry = ReferenceQueueOptions.Retry(backoff: 10, limit: 1000, jitter: 0.5)
    #expect((1...9).map { retry.delay(afterFailure: $0) } == [5, 10, 20, 40, 80, 160, 320, 500, 500])
  }

  // MARK: Dead letters

  @Test mutating func deathsAreCountedByQueueAndReasonMostRecentFirst() throws {
    try examples.declare("work") { $0.deadLetter = .init(exchange: "", key: "wait") }
    try examples.declare("wait") {
      $0.messageTTL = 10
      $0.deadLetter = .init(exchange: "", key: "work")
    }
    try examples.publish(1, to: "work", .init(expiration: 500))
    for round in 1...3 {
      let taken = try #require(try examples.get("work"))
      try examples.broker.settle(taken.tag, multiple: false, .discard, in: 0)
      #expect(examples.ready("wait") == [1], "round \(round)")
      examples.broker.advance(to: Int64(10 * round))
    }
    let back = try #require(try examples.get("work")).message
    #expect(
      back.deaths == [
        ReferenceDeath(
          queue: "wait", reason: .expired, count: 3, time: 10, exchange: "", routingKey: "wait", originalExpiration: nil
        ),
        ReferenceDeath(
          queue: "work", reason: .rejected, count: 3, time: 0, exchange: "", routingKey: "work", originalExpiration: 500
        ),
      ])
    #expect(back.firstDeath?.queue == "work" && back.firstDeath?.reason == .rejected)
    #expect(back.properties.expiration == nil)
  }

  @Test mutating func aCircleWithoutARejectionEnds() throws {
    try examples.declare("a") {
      $0.messageTTL = 10
      $0.deadLetter = .init(exchange: "", key: "b")
    }
    try examples.declare("b") {
      $0.messageTTL = 10
      $0.deadLetter = .init(exchange: "", key: "a")
    }
    try examples.publish(1, to: "a")
    examples.broker.advance(to: 10)
    #expect(examples.ready("b") == [1])
    examples.broker.advance(to: 20)
    #expect(examples.ready("a") == [] && examples.ready("b") == [])
    #expect(examples.broker.queues["b"]?.counts.deadLettered == 1)
    #expect(examples.broker.brokenLaws() == [])
  }

  @Test mutating func overflowingMessagesDieOfMaxlen() throws {
    try examples.declare("dead")
    for (queue, overflow) in [("drops", .dropHead), ("refuses", .rejectPublishDeadLetter)]
      as [(String, ReferenceQueueOptions.Overflow)]
    {
      try examples.declare(queue) {
        ($0.maxLength, $0.overflow, $0.deadLetter) = (1, overflow, .init(exchange: "", key: "dead"))
      }
    }
    #expect(try [1, 2].map { try examples.publish($0, to: "drops") } == [.accepted, .accepted])
    #expect(try [3, 4].map { try examples.publish($0, to: "refuses") } == [.accepted, .rejected])
    #expect(examples.ready("dead") == [1, 4])
    #expect(examples.broker.queues["dead"]?.ready.map { $0.deaths[0].reason } == [.maxlen, .maxlen])
    #expect(examples.broker.brokenLaws() == [])
  }
}
