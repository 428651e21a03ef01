import Histograms
import MessageBroker
import Testing

/// What queues can do beside first in, first out: one example each; the random histories know the rest.
@Suite struct QueueOptionsTests {
  let broker = Broker()

  func box() throws -> SessionBox { SessionBox(try broker.openSession()) }

  /// Publishes to a queue through the default exchange.
  @discardableResult
  func publish(
    _ id: UInt64, to queue: String, by box: SessionBox, now: Int64 = 0,
    _ change: (inout MessageProperties) -> Void = { _ in }
  ) throws -> PublishOutcome {
    var properties = MessageProperties(correlation: id)
    change(&properties)
    let route = try box.session.route(exchange: "", key: queue)
    return box.session.publish(body(of: id), route: route, properties: properties, now: now)
  }

  /// Takes and acknowledges what a queue gives.
  func drain(_ queue: String, by box: SessionBox) throws -> [UInt64] {
    var ids: [UInt64] = []
    while let delivery = try box.session.get(queue: queue, acknowledgement: .automatic) {
      ids.append(delivery.correlation)
    }
    return ids
  }

  func declare(_ name: String, _ change: (inout QueueOptions) -> Void) throws {
    var options = QueueOptions()
    change(&options)
    try broker.declareQueue(name, options: options)
  }

  @Test func aLIFOQueueGivesTheNewest() throws {
    try declare("q") { $0.order = .lifo }
    let box = try box()
    for id in 1...3 as ClosedRange<UInt64> { try publish(id, to: "q", by: box) }
    #expect(try drain("q", by: box) == [3, 2, 1])
  }

  @Test func aPriorityQueueGivesTheOldestOfTheHighest() throws {
    try declare("q") { $0.order = .priority(levels: 3) }
    let box = try box()
    for (id, priority) in [(1, 0), (2, 3), (3, 1), (4, 9), (5, 0)] as [(UInt64, UInt8)] {
      try publish(id, to: "q", by: box) { $0.priority = priority }
    }
    #expect(try drain("q", by: box) == [2, 4, 3, 1, 5])
  }

  @Test func messagesExpireWhereverTheyAre() throws {
    try declare("q") { $0.messageTTL = 1000 }
    let box = try box()
    try publish(1, to: "q", by: box)
    try publish(2, to: "q", by: box) { $0.expiration = 10 }
    try publish(3, to: "q", by: box) { $0.expiration = 5000 }
    #expect(broker.nextTimedEvent == 10)
    broker.advance(to: 10)
    #expect(broker.listQueues()[0].ready == 2 && broker.listQueues()[0].totals.expired == 1)
    broker.advance(to: 999)
    #expect(broker.listQueues()[0].ready == 2)
    broker.advance(to: 1000)
    #expect(broker.listQueues()[0].ready == 0 && broker.nextTimedEvent == nil)
    #expect(broker.statistics().bodyByteCount == 0)
  }

  @Test func delayedMessagesComeInTime() throws {
    try declare("q") { _ in }
    let box = try box()
    broker.advance(to: 100)
    try publish(1, to: "q", by: box) { $0.delay = 50 }
    try publish(2, to: "q", by: box) { $0.deliverAt = 130 }
    try publish(3, to: "q", by: box) { $0.deliverAt = 90 }
    try publish(4, to: "q", by: box) { ($0.delay, $0.deliverAt) = (60, 120) }
    #expect(broker.listQueues()[0].delayed == 3)
    #expect(try drain("q", by: box) == [3])
    broker.advance(to: 149)
    #expect(try drain("q", by: box) == [2])
    broker.advance(to: 200)
    #expect(try drain("q", by: box) == [1, 4])
  }

  @Test func failuresWaitLongerEachTime() throws {
    let broker = Broker(limits: BrokerLimits(), retryDraw: { 0.5 })
    var options = QueueOptions()
    options.retry = RetryPolicy(backoff: 100, limit: 300, jitter: 0.2)
    try broker.declareQueue("q", options: options)
    let box = SessionBox(try broker.openSession())
    let route = try box.session.route(exchange: "", key: "q")
    _ = box.session.publish([7], route: route, now: 0)
    var waits: [Int64] = []
    for _ in 0..<4 {
      let delivery = try #require(try box.session.get(queue: "q"))
      try box.session.reject(delivery.deliveryTag, requeue: true)
      let due = try #require(broker.nextTimedEvent)
      waits.append(due - (waits.reduce(0, +)))
      broker.advance(to: due)
    }
    // Half of a fifth is drawn away.
    #expect(waits == [90, 180, 270, 270])
  }

  @Test(arguments: [(0.0, 400), (1.0, 0), (0.5, 200)] as [(Double, Int64)])
  func retriesAreDrawnBetweenTheJitterAndTheWhole(jitter: Double, least: Int64) {
    let policy = RetryPolicy(backoff: 100, limit: 400, jitter: jitter)
    #expect(policy.delay(afterFailure: 3, draw: 0) == 400)
    #expect(policy.delay(afterFailure: 3, draw: 1) == least)
    #expect(policy.delay(afterFailure: 1, draw: 0) == 100)
    #expect(policy.delay(afterFailure: 1000, draw: 0) == 400)
    #expect(RetryPolicy(backoff: .max, limit: .max).delay(afterFailure: 9, draw: 0) == .max)
  }

  @Test func aQueueLimitsItsBytes() throws {
    try declare("q") { ($0.maxByteCount, $0.overflow) = (20, .rejectPublish) }
    let box = try box()
    // 17, 3 and 0 bytes.
    #expect(try publish(4, to: "q", by: box) == .accepted)
    #expect(try publish(8, to: "q", by: box) == .accepted)
    #expect(try publish(1, to: "q", by: box) == .rejected)
    #expect(try publish(7, to: "q", by: box) == .accepted)
    #expect(try drain("q", by: box) == [4, 8, 7])
  }

  @Test func aRefusedPublishIsADeadLetter() throws {
    try declare("dead") { _ in }
    try declare("q") {
      ($0.maxLength, $0.overflow, $0.deadLetter) = (
        1, .rejectPublishDeadLetter, DeadLetterAddress(exchange: "", routingKey: "dead")
      )
    }
    let box = try box()
    box.session.confirmSelect()
    #expect(try publish(1, to: "q", by: box) == .accepted)
    #expect(try publish(2, to: "q", by: box) == .rejected)
    #expect(box.session.pollConfirms().nackCount == 1)
    #expect(try drain("dead", by: box) == [2])
  }

  @Test func theFirstDeathIsRemembered() throws {
    try broker.declareExchange("dlx", type: .fanout)
    try declare("dead") { _ in }
    try broker.bind(queue: "dead", to: "dlx")
    try declare("q") { $0.deadLetter = DeadLetterAddress(exchange: "dlx") }
    let box = try box()
    broker.advance(to: 42)
    try publish(5, to: "q", by: box) { $0.expiration = 1000 }
    let delivery = try #require(try box.session.get(queue: "q"))
    try box.session.reject(delivery.deliveryTag, requeue: false)
    let dead = try #require(try box.session.get(queue: "dead"))
    let headers = dead.headers.copied()
    #expect(headers["x-first-death-queue"] == "q" && headers["x-first-death-reason"] == "rejected")
    #expect(headers["x-first-death-exchange"] == "")
    let death = try #require(DeathRecord.all(in: headers).first)
    #expect(death.reason == .rejected && death.count == 1 && death.time == 42 && death.originalExpiration == 1000)
    #expect(broker.exchangeName(dead.exchange) == "dlx" && broker.routingKey(dead.routingKey) == "q")
    #expect(dead.body.copied() == body(of: 5) && !dead.isRedelivered)
    // The expiration is gone: it does not expire where it is looked at.
    broker.advance(to: 5000)
    #expect(broker.listQueues().allSatisfy { $0.totals.expired == 0 })
  }

  @Test func aQueueLimitsWhatIsUnacknowledged() throws {
    try declare("q") { $0.unacknowledgedLimit = 3 }
    let (one, two) = (try box(), try box())
    for id in 0..<9 as Range<UInt64> { try publish(id, to: "q", by: one) }
    _ = try one.session.consume(queue: "q")
    _ = try two.session.consume(queue: "q")
    #expect(one.session.poll(limit: 2) == 2)
    #expect(two.session.poll(limit: 9) == 1)
    #expect(one.session.poll(limit: 9) == 0)
    try two.session.acknowledge(0, multiple: true)
    #expect(one.session.poll(limit: 9) == 1)
  }

  @Test func aQueueThatNobodyUsesExpires() throws {
    try declare("q") { $0.expires = 100 }
    let box = try box()
    broker.advance(to: 60)
    _ = try box.session.get(queue: "q")
    broker.advance(to: 159)
    let consumer = try box.session.consume(queue: "q")
    broker.advance(to: 1000)
    #expect(broker.listQueues().count == 1)
    try box.session.cancel(consumer)
    broker.advance(to: 1099)
    #expect(broker.listQueues().count == 1 && broker.nextTimedEvent == 1100)
    broker.advance(to: 1100)
    #expect(broker.listQueues().isEmpty)
  }

  @Test func aConsumerThatDawdlesIsCancelled() throws {
    try declare("q") { _ in }
    let (slow, other) = (try box(), try box())
    for id in 1...3 as ClosedRange<UInt64> { try publish(id, to: "q", by: other) }
    let consumer = try slow.session.consume(queue: "q", timeout: 50)
    #expect(slow.session.poll(limit: 2) == 2)
    try slow.session.acknowledge(1)
    broker.advance(to: 49)
    var isCancelled = slow.session.isCancelled(consumer)
    #expect(!isCancelled)
    broker.advance(to: 50)
    let again = try #require(try other.session.get(queue: "q", acknowledgement: .automatic))
    #expect(again.correlation == 2 && again.isRedelivered)
    #expect(slow.session.delivery(at: 1).body.copied() == body(of: 2))
    #expect(throws: BrokerError.self) { try slow.session.acknowledge(2) }
    #expect(slow.session.takeTimedOutConsumers() == [consumer])
    isCancelled = slow.session.isCancelled(consumer)
    #expect(isCancelled)
    #expect(slow.session.poll(limit: 9) == 0)
    let queue = broker.listQueues()[0]
    #expect(queue.consumers == 0 && queue.ready == 1 && queue.unacknowledged == 0 && queue.isConserved)
  }

  @Test func aMandatoryMessageWithoutAQueueIsReturned() throws {
    let box = try box()
    box.session.confirmSelect()
    #expect(try publish(1, to: "nowhere", by: box) { $0.isMandatory = true } == .returned)
    #expect(try publish(2, to: "nowhere", by: box) == .unroutable)
    let statistics = broker.statistics()
    #expect(statistics.returned == 1 && statistics.unroutable == 1)
    let confirms = box.session.pollConfirms()
    #expect(confirms.settledCount == 2 && confirms.nackCount == 0)
  }

  @Test func repliesComeDirectly() throws {
    try declare("rpc") { _ in }
    let (client, server) = (try box(), try box())
    #expect(throws: BrokerError.self) { try client.session.consume(queue: "amq.rabbitmq.reply-to") }
    _ = try client.session.consume(queue: "amq.rabbitmq.reply-to", acknowledgement: .automatic)
    #expect(throws: BrokerError.self) {
      try client.session.consume(queue: "amq.rabbitmq.reply-to", acknowledgement: .automatic)
    }
    try publish(7, to: "rpc", by: client) { $0.replyTo = client.session.directReplyTo }
    let request = try #require(try server.session.get(queue: "rpc", acknowledgement: .automatic))
    let answer = [UInt8]("42".utf8)
    let outcome = unsafe answer.withUnsafeBytes {
      unsafe server.session.publish(
        BodyView($0), to: request.replyTo, properties: MessageProperties(correlation: request.correlation), now: 0)
    }
    #expect(outcome == .accepted)
    #expect(client.session.poll(limit: 8) == 1)
    #expect(client.session.delivery(at: 0).correlation == 7)
    #expect(client.session.delivery(at: 0).body.copied() == answer)
  }

  @Test func timesInAQueueAreMeasured() throws {
    try declare("q") { _ in }
    let box = try box()
    for id in 0..<10 as Range<UInt64> { try publish(id, to: "q", by: box, now: Int64(id) * 100) }
    _ = try box.session.consume(queue: "q")
    #expect(box.session.poll(limit: 4, now: 1000) == 4)
    #expect(broker.listQueues()[0].oldestUnacknowledgedAt == 1)
    try box.session.acknowledge(0, multiple: true)
    #expect(broker.listQueues()[0].oldestUnacknowledgedAt == nil)
    #expect(box.session.poll(limit: 4, now: 2000) == 4)
    try box.session.nack(0, multiple: true, requeue: true)
    #expect(box.session.poll(limit: 4, now: 9000) == 4)
    // Redeliveries are not measured again.
    let times = try broker.timeInQueue(of: "q")
    #expect(times.count == 8 && times.max == 1600 && times.min == 700)
  }

  @Test func ratesAreThoseBetweenTwoReadings() throws {
    try declare("q") { _ in }
    let box = try box()
    for id in 0..<5 as Range<UInt64> { try publish(id, to: "q", by: box) }
    let first = broker.listQueues()[0]
    for id in 5..<9 as Range<UInt64> { try publish(id, to: "q", by: box) }
    _ = try box.session.consume(queue: "q")
    #expect(box.session.poll(limit: 3) == 3)
    try box.session.nack(0, multiple: true, requeue: true)
    #expect(box.session.poll(limit: 2) == 2)
    try box.session.acknowledge(0, multiple: true)
    let second = broker.listQueues()[0]
    let rates = second.rates(since: first, nanoseconds: 500_000_000)
    #expect(rates.published == 8 && rates.delivered == 10 && rates.redelivered == 4 && rates.acknowledged == 4)
    #expect(second.rates(since: second, nanoseconds: 0).published == 0)
    // Another queue of the same name has nothing in common with it.
    _ = try broker.deleteQueue("q")
    try declare("q") { _ in }
    let third = broker.listQueues()[0]
    #expect(third.rates(since: second, nanoseconds: 1).published == 0)
  }

  /// For who reads the clock when a batch is there, and not before.
  @Test func timesInAQueueMayBeMeasuredAfterTheLook() throws {
    try declare("q") { _ in }
    let box = try box()
    for id in 0..<10 as Range<UInt64> { try publish(id, to: "q", by: box, now: Int64(id) * 100) }
    let consumer = try box.session.consume(queue: "q")
    #expect(box.session.poll(limit: 4) == 4)
    box.session.noteTimes(now: 1000)
    #expect(box.session.poll(limit: 6) == 6)
    try box.session.cancel(consumer)
    // Whose consumer is gone is nobody's measurement.
    box.session.noteTimes(now: 9000)
    let times = try broker.timeInQueue(of: "q")
    #expect(times.count == 4 && times.max == 1000 && times.min == 700)
  }

  /// Names, codes and texts as the field's users know them.
  @Test func optionsThatMeanNothingAreRefusedByName() throws {
    func text(_ change: (inout QueueOptions) -> Void) -> String {
      do {
        try declare("q", change)
        return "taken"
      } catch { return "\(error)" }
    }
    #expect(
      text { $0.order = .priority(levels: 256) }
        == "PRECONDITION_FAILED - invalid arg 'x-max-priority' for queue 'q': 256 is not in 1...255")
    #expect(
      text { $0.messageTTL = -1 } == "PRECONDITION_FAILED - invalid arg 'x-message-ttl' for queue 'q': -1 is below 0")
    #expect(text { $0.expires = 0 } == "PRECONDITION_FAILED - invalid arg 'x-expires' for queue 'q': 0 is below 1")
    #expect(text { $0.retry = RetryPolicy(backoff: 1, limit: 1, jitter: 2) }.contains("'x-retry-jitter'"))
    #expect(
      text {
        $0.dispatch = .roundRobin
        $0.order = .lifo
      }.contains("'x-dispatch' for queue 'q': 'round_robin' hands messages out when they are published"))
    try declare("q") { $0.order = .lifo }
    #expect(
      text { $0.order = .fifo }
        == "PRECONDITION_FAILED - inequivalent arg 'x-queue-order' for queue 'q': received 'fifo' but current is 'lifo'"
    )
  }

  @Test func optionsComeFromTheProtocolsArguments() throws {
    let options = try QueueOptions(
      arguments: [
        "x-max-length": 5, "x-overflow": "reject-publish-dlx", "x-max-priority": 9, "x-message-ttl": 1500,
        "x-dead-letter-exchange": "dlx", "x-dead-letter-routing-key": "k", "x-delivery-limit": 3,
        "x-single-active-consumer": true, "x-retry-backoff": 10, "x-retry-limit": 100, "x-retry-jitter": 0.5,
      ], for: "q")
    var expected = QueueOptions(maxLength: 5, overflow: .rejectPublishDeadLetter)
    expected.order = .priority(levels: 9)
    expected.messageTTL = 1_500_000_000
    expected.deadLetter = DeadLetterAddress(exchange: "dlx", routingKey: "k")
    expected.deliveryLimit = 3
    expected.dispatch = .singleActive
    expected.retry = RetryPolicy(backoff: 10_000_000, limit: 100_000_000, jitter: 0.5)
    #expect(options == expected)
    #expect(try QueueOptions(arguments: [:], for: "q") == QueueOptions())
    #expect(try QueueOptions(arguments: ["x-overflow": "drop-head"], for: "q").overflow == .dropHead)
  }

  @Test(
    arguments: [
      (
        ["x-message-ttl": "60000"],
        "PRECONDITION_FAILED - invalid arg 'x-message-ttl' for queue 'q': it is a longstr, not a long"
      ),
      (
        ["x-overflow": "drop-tail"],
        "PRECONDITION_FAILED - invalid arg 'x-overflow' for queue 'q': 'drop-tail' is none of its values"
      ),
      (
        ["x-dead-letter-routing-key": "k"],
        "PRECONDITION_FAILED - invalid arg 'x-dead-letter-routing-key' for queue 'q': there is no 'x-dead-letter-exchange'"
      ),
      (
        ["x-expires": .integer(.max)],
        "PRECONDITION_FAILED - invalid arg 'x-expires' for queue 'q': 9223372036854775807 ms is more than 292 years"
      ),
      (["x-mesage-ttl": 1], "PRECONDITION_FAILED - invalid arg 'x-mesage-ttl' for queue 'q': no queue knows it"),
      (["x-queue-type": "quorum"], "NOT_IMPLEMENTED - arg 'x-queue-type' for queue 'q' is not supported yet"),
    ] as [(FieldTable, String)])
  func wrongArgumentsAreRefused(arguments: FieldTable, text: String) {
    let error = #expect(throws: BrokerError.self) { try QueueOptions(arguments: arguments, for: "q") }
    #expect(error?.description == text)
  }

  @Test func anEmptyQueueTakesAMessageOfAnySize() throws {
    try declare("q") { $0.maxByteCount = 20 }
    let box = try box()
    #expect(try publish(6, to: "q", by: box) == .accepted)
    #expect(try publish(1, to: "q", by: box) == .full)
    #expect(try drain("q", by: box) == [6])
  }

  @Test func delayedMessagesCountForDropHead() throws {
    try declare("q") { ($0.maxLength, $0.overflow) = (3, .dropHead) }
    let box = try box()
    for id in 1...5 as ClosedRange<UInt64> { try publish(id, to: "q", by: box) { $0.delay = Int64(100 - id) } }
    #expect(broker.listQueues()[0].delayed == 3 && broker.listQueues()[0].totals.dropped == 2)
    broker.advance(to: 100)
    // Those that were due first went: 4 when 1, 2 and 3 were there, then 5.
    #expect(try drain("q", by: box) == [3, 2, 1])
    #expect(broker.statistics().bodyByteCount == 0)
  }

  @Test(arguments: [.fifo, .lifo, .priority(levels: 4)] as [QueueOrder])
  func aStoreGivesMemoryBackWhileItIsInUse(queueOrder: QueueOrder) throws {
    try declare("q") { ($0.order, $0.maxByteCount) = (queueOrder, 1 << 30) }
    let box = try box()
    let count: UInt64 = 20_000
    for id in 0..<count { try publish(id, to: "q", by: box) { $0.priority = UInt8(id % 5) } }
    try publish(count, to: "q", by: box) { $0.delay = 1_000_000_000_000 }
    let before = broker.listQueues()[0].memoryByteCount
    var order: [UInt64] = []
    for _ in 0..<count - 50 {
      order.append(try #require(try box.session.get(queue: "q", acknowledgement: .automatic)).correlation)
    }
    for look in 1...3 as ClosedRange<Int64> { broker.advance(to: look * 200_000_000) }
    #expect(8 * broker.listQueues()[0].memoryByteCount < before)
    order += try drain("q", by: box)
    broker.advance(to: 2_000_000_000_000)
    order += try drain("q", by: box)
    let ids = Array(0..<count)
    let expected: [UInt64] =
      switch queueOrder {
      case .fifo: ids
      case .lifo: ids.reversed()
      case .priority: ids.sorted { ($0 % 5 > $1 % 5) || ($0 % 5 == $1 % 5 && $0 < $1) }
      }
    #expect(order == expected + [count])
  }

  /// It used to give everything back at the second look, a tenth of a second later, and took it anew after that.
  @Test func aStoreKeepsItsMemoryInAShortPause() throws {
    try declare("q") { $0.order = .lifo }
    let box = try box()
    let empty = broker.listQueues()[0].memoryByteCount
    for id in 0..<1_000 as Range<UInt64> { try publish(id, to: "q", by: box) }
    #expect(try drain("q", by: box).count == 1_000)
    let used = broker.listQueues()[0].memoryByteCount
    for look in 1...10 as ClosedRange<Int64> { broker.advance(to: look * 100_000_000) }
    #expect(used > empty + 1_000 * 64 && broker.listQueues()[0].memoryByteCount == used)
    broker.advance(to: 1_100_000_000)
    #expect(broker.listQueues()[0].memoryByteCount < used / 2)
  }

  @Test func aQueueThatIsDeletedUnderABatchIsLeftAlone() throws {
    let queue = try broker.declareQueue("q")
    let box = SessionBox(try broker.openSession(SessionOptions(publishBatch: 2)))
    #expect(box.session.publish([1], to: queue.handle, now: 0) == .accepted)
    _ = try broker.deleteQueue("q")
    #expect(box.session.publish([2], to: queue.handle, now: 0) == .accepted)
    #expect(box.session.publish([3], to: queue.handle, now: 0) == .unroutable)
    #expect(box.session.flush() == 0)
    #expect(broker.statistics().unroutable == 3 && broker.statistics().bodyByteCount == 0)
  }

  @Test func confirmsBeginWithTheMessagesAfterThem() throws {
    try declare("q") { _ in }
    let box = SessionBox(try broker.openSession(SessionOptions(publishBatch: 16)))
    try publish(1, to: "q", by: box)
    box.session.confirmSelect()
    try publish(2, to: "q", by: box)
    let before = box.session.pollConfirms()
    #expect(before.settledThrough == 0 && before.settledCount == 0)
    #expect(box.session.flush() == 0)
    let after = box.session.pollConfirms()
    #expect(after.settledThrough == 1 && after.settledCount == 1)
  }

  @Test func aTimeThatIsTooLongMeansNever() throws {
    try declare("q") { $0.messageTTL = .max }
    let box = try box()
    broker.advance(to: 1000)
    try publish(1, to: "q", by: box, now: 1000)
    try publish(2, to: "q", by: box, now: 1000) { $0.delay = .max }
    _ = try box.session.consume(queue: "q", timeout: .max)
    #expect(box.session.poll(limit: 9) == 1)
    broker.advance(to: 1 << 60)
    #expect(box.session.takeTimedOutConsumers().isEmpty && broker.listQueues()[0].delayed == 1)
  }
}
