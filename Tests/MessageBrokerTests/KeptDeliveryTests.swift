import Platform
import Testing

@testable import MessageBroker

/// Deliveries that stay unacknowledged while many others come and go.
@Suite struct KeptDeliveryTests {
  let broker = Broker()
  let publisher: SessionBox
  let route: Route

  init() throws {
    try broker.declareQueue("q", options: QueueOptions(maxLength: 1000))
    var session = try broker.openSession()
    route = try session.route(exchange: "", key: "q")
    publisher = SessionBox(session)
  }

  private func worker(windowCapacity: Int, prefetch: Int = 0) throws -> SessionBox {
    let box = SessionBox(try broker.openSession(SessionOptions(windowCapacity: windowCapacity)))
    _ = try box.session.consume(queue: "q", prefetch: prefetch)
    return box
  }

  private func publish(_ ids: Range<UInt64>) {
    for id in ids {
      let outcome = publisher.session.publish(
        body(of: id), route: route, properties: MessageProperties(correlation: id), now: 0)
      #expect(outcome == .accepted)
    }
  }

  private func poll(_ box: SessionBox, limit: Int = 64) -> [Delivery] {
    (0..<box.session.poll(limit: limit)).map { box.session.delivery(at: $0) }
  }

  /// Everything that there is and fits: a batch ends where an old delivery has its place.
  private func pollAll(_ box: SessionBox) -> [Delivery] {
    var deliveries: [Delivery] = []
    while case let more = poll(box), !more.isEmpty { deliveries += more }
    return deliveries
  }

  /// Has the worker take so many messages and acknowledge each; returns how many it got.
  private func pass(_ ids: Range<UInt64>, through box: SessionBox) throws -> Int {
    var count = 0
    for id in ids {
      publish(id..<id + 1)
      for delivery in poll(box) {
        #expect(delivery.correlation == id && delivery.body.copied() == body(of: id))
        try box.session.acknowledge(delivery.deliveryTag)
        count += 1
      }
    }
    return count
  }

  private var unacknowledged: Int { broker.listQueues()[0].unacknowledged }

  @Test(arguments: [1, 2, 4, 64])
  func asManyOthersComeAndGoAsOneLikes(windowCapacity: Int) throws {
    let worker = try worker(windowCapacity: 2 * windowCapacity)
    publish(0..<UInt64(windowCapacity))
    let kept = poll(worker)
    #expect(kept.count == windowCapacity)
    #expect(try pass(1000..<3000, through: worker) == 2000)
    // Short bodies lie in the window itself, long ones in blocks: both are where they were.
    for (id, delivery) in kept.enumerated() { #expect(delivery.body.copied() == body(of: UInt64(id))) }
    #expect(unacknowledged == windowCapacity)
    for delivery in kept.reversed() { try worker.session.acknowledge(delivery.deliveryTag) }
    #expect(unacknowledged == 0)
    #expect(throws: BrokerError.self) { try worker.session.acknowledge(kept[0].deliveryTag) }
    #expect(worker.session.poll(limit: 1) == 0 && broker.statistics().bodyByteCount == 0)
  }

  @Test func aPrefetchOfTwoLeavesOnePlaceBesideAnOldDelivery() throws {
    let worker = try worker(windowCapacity: 4, prefetch: 2)
    publish(0..<100)
    let old = poll(worker, limit: 1)[0]
    for id in 1..<100 as Range<UInt64> {
      let delivery = try #require(poll(worker).first)
      #expect(delivery.correlation == id)
      #expect(poll(worker).isEmpty)
      try worker.session.acknowledge(delivery.deliveryTag)
    }
    try worker.session.acknowledge(old.deliveryTag)
  }

  @Test func aFullWindowOfOldDeliveriesTakesNothingUntilAnyOfThemIsSettled() throws {
    for settled in 0..<4 {
      let worker = try worker(windowCapacity: 4)
      publish(0..<3)
      var kept = poll(worker)
      #expect(try pass(10..<100, through: worker) == 90)
      publish(200..<203)
      kept += poll(worker)
      #expect(kept.map(\.correlation) == [0, 1, 2, 200])
      #expect(poll(worker).isEmpty)
      try worker.session.acknowledge(kept[settled].deliveryTag)
      #expect(poll(worker).map(\.correlation) == [201])
      #expect(poll(worker).isEmpty)
      try worker.session.nack(0, multiple: true, requeue: false)
      try broker.purgeQueue("q")
    }
  }

  @Test func tagsRiseAndThoseThatAreLeftOutAreUnknown() throws {
    let worker = try worker(windowCapacity: 4)
    publish(0..<50)
    var tags = [poll(worker, limit: 1)[0].deliveryTag]
    for _ in 1..<50 {
      tags.append(poll(worker, limit: 1)[0].deliveryTag)
      try worker.session.acknowledge(tags.last!)
    }
    #expect(tags == tags.sorted() && Set(tags).count == 50)
    let leftOut = Set(tags[0]...tags[49]).subtracting(tags)
    // Once in a round: the place of the one that is kept.
    #expect(leftOut.sorted() == (0..<leftOut.count).map { tags[0] + 4 * UInt64($0 + 1) } && leftOut.count >= 15)
    for tag in leftOut { #expect(throws: BrokerError.self) { try worker.session.acknowledge(tag) } }
    try worker.session.acknowledge(tags[0])
  }

  @Test func allUpToADeliveryIncludesTheOldOnesBeforeIt() throws {
    let worker = try worker(windowCapacity: 8)
    publish(0..<3)
    let kept = poll(worker)
    #expect(try pass(10..<40, through: worker) == 30)
    publish(50..<53)
    let fresh = pollAll(worker)
    #expect(unacknowledged == 6)
    try worker.session.acknowledge(kept[1].deliveryTag, multiple: true)
    #expect(unacknowledged == 4)
    #expect(throws: BrokerError.self) { try worker.session.acknowledge(kept[1].deliveryTag, multiple: true) }
    try worker.session.acknowledge(fresh[0].deliveryTag, multiple: true)
    #expect(unacknowledged == 2)
    try worker.session.nack(0, multiple: true, requeue: false)
    #expect(unacknowledged == 0 && broker.listQueues()[0].totals.discarded == 2)
  }

  @Test func oldDeliveriesGoBackInTheirOrder() throws {
    let worker = SessionBox(try broker.openSession(SessionOptions(windowCapacity: 8)))
    let consumer = try worker.session.consume(queue: "q")
    publish(0..<4)
    let kept = poll(worker)
    #expect(try pass(10..<40, through: worker) == 30)
    publish(50..<52)
    #expect(pollAll(worker).count == 2)
    try worker.session.reject(kept[2].deliveryTag, requeue: true)
    try worker.session.reject(kept[0].deliveryTag, requeue: false)
    #expect(poll(worker).map(\.correlation) == [2])
    try worker.session.cancel(consumer)
    let heir = try self.worker(windowCapacity: 8)
    #expect(poll(heir).map(\.correlation) == [1, 2, 3, 50, 51])
    #expect(broker.listQueues()[0].totals.discarded == 1)
  }

  /// What a consumer with a time-out keeps is its queue's business, too.
  @Test func aCancelledConsumersOldDeliveryIsNoLongerInTheWay() throws {
    let worker = SessionBox(try broker.openSession(SessionOptions(windowCapacity: 4)))
    let consumer = try worker.session.consume(queue: "q", timeout: 1000)
    publish(0..<1)
    let kept = poll(worker)
    #expect(try pass(10..<60, through: worker) == 50)
    broker.advance(to: 2000)
    #expect(worker.session.takeTimedOutConsumers() == [consumer])
    #expect(throws: BrokerError.self) { try worker.session.acknowledge(kept[0].deliveryTag) }
    _ = try worker.session.consume(queue: "q")
    #expect(poll(worker).map(\.correlation) == [0])
    #expect(try pass(70..<80, through: worker) == 10)
  }

  @Test func whatIsSettledBehindAnOldDeliveryTakesNoMemory() {
    var lent = LentDeliveries(to: MessageQueue.EndRecord(), timeout: 10)
    let message = MessageStore.Taken(
      descriptor: MessageDescriptor(properties: MessageProperties(), routingKey: 0, exchange: 0, route: 0, now: 0),
      position: 0)
    lent.lend(message, tag: 1, at: 5)
    for tag in 2...100_000 as ClosedRange<UInt64> {
      lent.lend(message, tag: tag, at: 6)
      let isOwn = lent.settle(tag)
      #expect(isOwn && lent.rememberedCount < 140)
    }
    #expect(lent.all.count == 1 && lent.deadline == 15)
    let (again, old) = (lent.settle(2), lent.settle(1))
    #expect(!again && old && lent.deadline == nil && lent.rememberedCount == 0)
  }

  /// It sleeps, and is told of messages, although the ring has come round to what it keeps.
  @Test func aConsumerWithAnOldDeliveryIsOnTheListOfThoseWhoSleep() throws {
    let worker = try worker(windowCapacity: 4)
    publish(0..<4)
    let kept = poll(worker)
    let isParked = { unsafe worker.session.core.pointee.polled[0].pointee.isParked }
    let hasWork = { unsafe worker.session.core.pointee.hasWork }
    worker.session.prepareToPark()
    #expect(!isParked(), "nothing fits")
    worker.session.cancelPark()
    try worker.session.acknowledge(kept[3].deliveryTag)
    worker.session.prepareToPark()
    #expect(isParked() && !hasWork())
    publish(4..<5)
    #expect(hasWork())
    worker.session.park()
    #expect(poll(worker).map(\.correlation) == [4])
  }

  @Test func aWiderWindowHoldsMoreAndLosesNothing() throws {
    let worker = try worker(windowCapacity: 4)
    publish(0..<2)
    let old = poll(worker)
    #expect(try pass(10..<30, through: worker) == 20)
    publish(40..<140)
    let fresh = poll(worker)
    #expect(fresh.count == 1 || fresh.count == 2)
    worker.session.widenWindow(to: 50)
    // The batch is still there.
    #expect(worker.session.delivery(at: 0).body.copied() == body(of: 40))
    worker.session.widenWindow(to: 3)
    // The next power of two.
    let outstanding = old + fresh + pollAll(worker)
    #expect(outstanding.count == 64 && unacknowledged == 64)
    #expect(outstanding.map(\.correlation) == [0, 1] + Array(40..<102))
    for delivery in outstanding { #expect(delivery.body.copied() == body(of: delivery.correlation)) }
    for delivery in outstanding.reversed() { try worker.session.acknowledge(delivery.deliveryTag) }
    #expect(unacknowledged == 0)
  }
}
