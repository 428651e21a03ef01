import MessageBroker
import Testing

@Suite struct BrokerModelTests {
  /// Random operations against the model and the broker; at every quiescent point nothing may be lost or doubled.
  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func behavesLikeTheModel(seed: UInt64) throws {
    let run = try ModelRun(seed: seed)
    try run.execute(steps: 1500)
  }
}

/// One broker and its model, driven by the same random operations.
final class ModelRun {
  let seed: UInt64
  var random: SmallRandom
  var model = BrokerModel()
  let broker = Broker()
  var publisher: PublisherBox
  var consumers: [SessionBox] = []
  var routes: [String: Route] = [:]
  var nextID: UInt64 = 1
  var step = 0
  let names = ["a", "b", "c"]
  let keys = ["x", "y"]

  /// Session is not copyable, and arrays of such values do not exist yet.
  final class SessionBox {
    var session: Session
    init(_ session: consuming Session) { self.session = session }
  }
  typealias PublisherBox = SessionBox

  init(seed: UInt64) throws {
    self.seed = seed
    random = SmallRandom(state: seed)
    publisher = SessionBox(try broker.openSession())
    publisher.session.confirmSelect()
    for key in keys { routes[key] = try publisher.session.route(exchange: "amq.direct", key: key) }
    for name in names { try declare(name) }
  }

  var place: Comment { "seed \(seed), step \(step)" }

  func execute(steps: Int) throws {
    for step in 0..<steps {
      self.step = step
      switch random.below(100) {
      case ..<45: publish()
      case ..<65: try poll()
      case ..<85: try settle()
      case ..<88: try openConsumer()
      case ..<91: try closeConsumer()
      case ..<95: try bindOrUnbind()
      case ..<97: try purge()
      case ..<98: try deleteAndRedeclare()
      default: checkConservation()
      }
    }
    while !consumers.isEmpty { try closeConsumer() }
    checkConservation()
    for name in names { try broker.deleteQueue(name) }
    #expect(broker.statistics().bodyByteCount == 0, place)
    let confirms = publisher.session.pollConfirms()
    #expect(confirms.settledThrough == publisher.session.lastPublishSequence, place)
  }

  func declare(_ name: String) throws {
    let options = QueueOptions(
      maxLength: 1 + random.below(12), overflow: random.below(2) == 0 ? .block : .rejectPublish)
    try broker.declareQueue(name, options: options)
    model.declare(name, maxLength: options.maxLength, overflow: options.overflow)
  }

  func publish() {
    let key = keys[random.below(keys.count)]
    let before = publisher.session.lastPublishSequence
    let expected = model.publish(nextID, key: key)
    let outcome = publisher.session.publish(
      body(of: nextID), route: routes[key]!, properties: MessageProperties(correlation: nextID), now: 1)
    #expect(outcome == expected, place)
    let took = publisher.session.lastPublishSequence - before
    #expect(took == (expected == .full ? 0 : 1), place)
    let confirms = publisher.session.pollConfirms()
    #expect(confirms.settledCount == Int(took), place)
    #expect(confirms.nackCount == (expected == .rejected ? 1 : 0), place)
    nextID += 1
  }

  func poll() throws {
    guard !consumers.isEmpty else { return }
    let index = random.below(consumers.count)
    let limit = 1 + random.below(5)
    let expected = model.poll(index, limit: limit)
    let count = consumers[index].session.poll(limit: limit)
    try #require(count == expected.count, place)
    for place in 0..<count {
      let delivery = consumers[index].session.delivery(at: place)
      let wanted = expected[place]
      #expect(delivery.deliveryTag == wanted.tag, self.place)
      #expect(delivery.correlation == wanted.message.id, self.place)
      #expect(delivery.queuePosition == wanted.message.position, self.place)
      #expect(delivery.returnCount == wanted.message.returnCount, self.place)
      #expect(delivery.isRedelivered == (wanted.message.returnCount > 0), self.place)
      #expect(delivery.body.copied() == body(of: wanted.message.id), self.place)
    }
  }

  func settle() throws {
    guard !consumers.isEmpty else { return }
    let index = random.below(consumers.count)
    let next = model.sessions[index]!.nextTag
    // Sometimes a tag that is unknown: settled long ago, or not delivered yet.
    let tag = UInt64(max(0, Int(next) + 1 - random.below(8)))
    let multiple = random.below(3) == 0
    let how = [BrokerModel.Settlement.acknowledge, .acknowledge, .requeue, .discard][random.below(4)]
    let known = model.settle(index, tag: tag, multiple: multiple, how)
    do {
      switch how {
      case .acknowledge: try consumers[index].session.acknowledge(tag, multiple: multiple)
      case .requeue: try consumers[index].session.nack(tag, multiple: multiple, requeue: true)
      case .discard: try consumers[index].session.nack(tag, multiple: multiple, requeue: false)
      }
      #expect(known, place)
    } catch {
      #expect(!known, place)
      #expect(error.description == "PRECONDITION_FAILED - unknown delivery tag \(tag)", place)
    }
  }

  func openConsumer() throws {
    guard consumers.count < 4 else { return }
    let queue = names[random.below(names.count)]
    let prefetch = random.below(6)
    let box = SessionBox(try broker.openSession(SessionOptions(windowCapacity: 64)))
    _ = try box.session.consume(queue: queue, prefetch: prefetch)
    consumers.append(box)
    model.sessions.append(
      .init(queue: queue, generation: model.queues[queue]!.generation, prefetch: prefetch == 0 ? 64 : prefetch))
  }

  func closeConsumer() throws {
    guard !consumers.isEmpty else { return }
    let index = random.below(consumers.count)
    consumers.remove(at: index)
    _ = model.settle(index, tag: 0, multiple: true, .requeue)
    model.sessions.remove(at: index)
  }

  func bindOrUnbind() throws {
    let (name, key) = (names[random.below(names.count)], keys[random.below(keys.count)])
    if random.below(3) > 0 {
      try broker.bind(queue: name, to: "amq.direct", key: key)
      if model.bindings[key]?.contains(name) != true { model.bindings[key, default: []].append(name) }
    } else {
      try broker.unbind(queue: name, from: "amq.direct", key: key)
      model.bindings[key]?.removeAll { $0 == name }
    }
  }

  func purge() throws {
    let name = names[random.below(names.count)]
    let expected = model.purge(name)
    let count = try broker.purgeQueue(name)
    #expect(count == expected, place)
  }

  func deleteAndRedeclare() throws {
    let name = names[random.below(names.count)]
    let expected = model.delete(name)
    let count = try broker.deleteQueue(name)
    #expect(count == expected, place)
    try declare(name)
  }

  func checkConservation() {
    for queue in broker.listQueues() {
      let expected = model.queues[queue.name]!
      let held = model.sessions.compactMap { $0 }.flatMap(\.unacknowledged)
        .filter { $0.queue == queue.name && $0.generation == expected.generation }.count
      #expect(queue.ready == expected.ready.count, place)
      #expect(queue.unacknowledged == held, place)
      let totals = queue.totals
      #expect(totals.published == expected.published, place)
      #expect(totals.acknowledged == expected.acknowledged, place)
      #expect(totals.discarded == expected.discarded, place)
      #expect(totals.purged == expected.purged, place)
      #expect(totals.returned == expected.returned, place)
      #expect(totals.rejected == expected.rejected, place)
      #expect(totals.delivered == expected.delivered, place)
      let settled = totals.acknowledged + totals.discarded + totals.purged
      #expect(totals.published == settled + UInt64(queue.messages), place)
    }
  }
}
