import MessageBroker
import Platform
import Testing

/// Dispatch policies with several threads at once; meant for ThreadSanitizer in release too.
///
/// Publishers and resident consumers have no time-outs: a lost wake-up hangs the test.
@Suite(.serialized) struct LaneStressTests {
  func run(_ bodies: [@Sendable () -> Void]) throws {
    let threads = try bodies.map { try PinnedThread(name: "stress", core: nil, body: $0) }
    for thread in threads { thread.join() }
  }

  static let policies = DispatchPolicy.pushTime + [.singleActive, .consumerPriority, .fair]

  @Test(.timeLimit(.minutes(2)), arguments: policies, [2, 300])
  func nothingIsLostOrDoubledWhereEverybodyParks(policy: DispatchPolicy, maxLength: Int) throws {
    let world = try LaneStressWorld(policy, maxLength: maxLength, producers: 2)
    try run([
      { world.produce(0, batch: 1) }, { world.produce(1, batch: 16) },
      { world.consumeUntilDeleted(prefetch: 3, priority: 1) }, { world.consumeUntilDeleted(prefetch: 40, priority: 0) },
    ])
    expectAllIsWell(of: world)
  }

  /// Lanes open and close, with messages in them and in hands, while publishers push.
  @Test(.timeLimit(.minutes(2)), arguments: policies)
  func consumersComeAndGoWhilePublishersPush(policy: DispatchPolicy) throws {
    let world = try LaneStressWorld(policy, maxLength: 64, producers: 2)
    try run([
      { world.produce(0, batch: 1) }, { world.produce(1, batch: 16) },
      { world.consumeUntilDeleted(prefetch: 8, priority: 0) }, { world.comeAndGo(seed: 5) },
    ])
    expectAllIsWell(of: world)
  }

  /// Nobody but those that go: at times there is no consumer, and the ring takes the messages.
  @Test(
    .timeLimit(.minutes(2)), arguments: [DispatchPolicy.roundRobin, .leastOutstanding, .workStealing, .singleActive])
  func messagesSurviveTheTimesWithoutConsumers(policy: DispatchPolicy) throws {
    let world = try LaneStressWorld(policy, maxLength: 16, producers: 2, share: LaneStressWorld.messageCount / 10)
    try run([
      { world.produce(0, batch: 4) }, { world.produce(1, batch: 1) }, { world.comeAndGo(seed: 1) },
      { world.comeAndGo(seed: 2) },
    ])
    expectAllIsWell(of: world)
  }

  @Test(.timeLimit(.minutes(2)), arguments: [DispatchPolicy.shared, .roundRobin, .workStealing, .consumerPriority])
  func pausingHangsNobody(policy: DispatchPolicy) throws {
    let world = try LaneStressWorld(policy, maxLength: 16, producers: 1)
    try run([
      { world.produce(0, batch: 4) }, { world.consumeUntilDeleted(prefetch: 4, priority: 0) },
      { world.consumeUntilDeleted(prefetch: 4, priority: 1) }, { world.pauseAgainAndAgain() },
    ])
    expectAllIsWell(of: world)
  }

  /// Several publishers race for the last places; nobody takes any out. Ring and lanes are one queue for the limit.
  @Test(.timeLimit(.minutes(2)), arguments: DispatchPolicy.pushTime)
  func theLimitIsExactWithSeveralPublishers(policy: DispatchPolicy) throws {
    for maxLength in [1, 5, 64, 1000] {
      let broker = Broker()
      var options = QueueOptions(maxLength: maxLength, overflow: .rejectPublish)
      options.dispatch = policy
      try broker.declareQueue("q", options: options)
      let consumers = try (0..<3).map { _ in SessionBox(try broker.openSession()) }
      for box in consumers { _ = try box.session.consume(queue: "q") }
      let publish: @Sendable (Int) -> Void = { batch in
        var session = try! broker.openSession(SessionOptions(publishBatch: batch))
        let route = try! session.route(exchange: "", key: "q")
        for _ in 0..<1000 { _ = session.publish([1], route: route, now: 0) }
        session.close()
      }
      try run([{ publish(1) }, { publish(7) }, { publish(64) }])
      let statistics = broker.listQueues()[0]
      #expect(statistics.ready == maxLength)
      #expect(statistics.totals.rejected == UInt64(3000 - maxLength))
      var taken = 0
      for box in consumers { taken += box.session.poll(limit: 2000) }
      #expect(taken == maxLength)
    }
  }

  func expectAllIsWell(of world: LaneStressWorld) {
    #expect(world.marks.withLock { marks in marks.allSatisfy { $0 == 1 } })
    let statistics = world.last.withLock { $0 }
    #expect(statistics?.messages == 0)
    #expect(statistics?.totals.published == UInt64(world.count))
    #expect(statistics?.totals.acknowledged == UInt64(world.count))
    #expect(world.broker.statistics().bodyByteCount == 0)
  }
}
