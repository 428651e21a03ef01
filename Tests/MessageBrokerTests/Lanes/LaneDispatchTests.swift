import MessageBroker
import Testing

/// Push-time policies at work: who gets what.
@Suite struct LaneDispatchTests {
  @Test(arguments: [1, 4, 64])
  func roundRobinDealsInTurn(batch: Int) throws {
    var world = try LaneWorld(.roundRobin, batch: batch)
    let consumers = try (0..<3).map { _ in try world.consumer() }
    world.publish(12)
    let shares = consumers.map { world.poll($0) }
    for share in shares { #expect(share == (0..<4).map { share[0] + 3 * $0 }) }
    #expect(Set(shares.flatMap { $0 }) == Set(0..<12))
    #expect(world.isConserved)
  }

  /// That is what pushing means: only its own consumer takes a message.
  @Test func whatIsInALaneStaysThere() throws {
    var world = try LaneWorld(.roundRobin)
    let (busy, idle) = (try world.consumer(prefetch: 1), try world.consumer())
    world.publish(10)
    #expect(world.poll(busy).count == 1)
    #expect(world.poll(idle).count == 5)
    #expect(world.poll(idle).isEmpty)
    #expect(try idle.session.get(queue: "q")?.correlation == nil)
    #expect(world.statistics.ready == 4 && world.statistics.unacknowledged == 6)
  }

  @Test(arguments: [1, 16])
  func leastOutstandingAvoidsTheBusyConsumer(batch: Int) throws {
    var world = try LaneWorld(.leastOutstanding, batch: batch)
    let busy = try world.consumer()
    world.publish(10)
    #expect(world.poll(busy, limit: 4).count == 4)
    // Ten outstanding with the one, in its hands and in its lane; none with the other.
    let idle = try world.consumer()
    world.publish(10)
    #expect(world.poll(idle).count == 10)
    world.publish(10)
    #expect(world.poll(busy).count == 6 + 5)
    #expect(world.poll(idle).count == 5)
    try busy.session.acknowledge(0, multiple: true)
    world.publish(10)
    #expect(world.poll(busy).count == 10)
  }

  /// With two consumers both are always drawn.
  @Test func powerOfTwoChoicesTakesTheLessLoaded() throws {
    var world = try LaneWorld(.powerOfTwoChoices)
    let busy = try world.consumer()
    world.publish(20)
    let idle = try world.consumer()
    world.publish(20)
    #expect(world.poll(idle).count == 20)
    #expect(world.poll(busy).count == 20)
  }

  @Test func randomUsesEveryLane() throws {
    var world = try LaneWorld(.random, batch: 8)
    let consumers = try (0..<4).map { _ in try world.consumer() }
    world.publish(400)
    let shares = consumers.map { world.poll($0) }
    for share in shares { #expect(share.count > 60 && share == share.sorted()) }
    #expect(shares.map(\.count).reduce(0, +) == 400)
  }

  @Test func consistentHashKeepsEachKeyWithItsConsumer() throws {
    let world = try LaneWorld(.consistentHash)
    let keys = (0..<40).map { "key \($0)" }
    for key in keys { try world.broker.bind(queue: "q", to: "amq.direct", key: key) }
    let publishers = try (0..<2).map { _ in SessionBox(try world.broker.openSession()) }
    var consumers = try (0..<3).map { _ in try world.consumer() }
    // Who got which key: every publisher chooses alike.
    let deal = { () throws -> [String: Set<Int>] in
      for publisher in publishers {
        for key in keys {
          let route = try publisher.session.route(exchange: "amq.direct", key: key)
          let outcome = publisher.session.publish([1], route: route, now: 0)
          #expect(outcome == .accepted)
        }
      }
      var owners: [String: Set<Int>] = [:]
      for (place, consumer) in consumers.enumerated() {
        for index in 0..<consumer.session.poll(limit: 1000) {
          owners[world.broker.routingKey(consumer.session.delivery(at: index).routingKey), default: []].insert(place)
        }
        try consumer.session.acknowledge(0, multiple: true)
      }
      return owners
    }
    let before = try deal()
    #expect(before.count == keys.count && before.values.allSatisfy { $0.count == 1 })
    #expect(Set(before.values.flatMap { $0 }) == [0, 1, 2])
    consumers.removeLast()
    let after = try deal()
    for key in keys where before[key] != [2] { #expect(after[key] == before[key], "\(key)") }
    #expect(Set(after.values.flatMap { $0 }) == [0, 1])
  }

  @Test func idleConsumersStealHalfOfTheLongestLane() throws {
    var world = try LaneWorld(.workStealing)
    let owner = try world.consumer()
    world.publish(10)
    let thief = try world.consumer()
    #expect(world.poll(thief, limit: 3) == [0, 1, 2])
    #expect(world.poll(thief) == [3, 4, 5, 6])
    #expect(world.poll(owner, limit: 1) == [7])
    #expect(world.poll(thief) == [8])
    #expect(world.statistics.ready == 1 && world.isConserved)
  }

  /// The longest lane that nobody can be told to avoid: a rule of the user's own.
  struct LongestLane: PushDispatch {
    var changes = 0

    mutating func lanesChanged(_ lanes: some LaneView) { changes += 1 }

    mutating func choose(among lanes: some LaneView, key: UInt64) -> Int {
      precondition(changes > 0)
      return (0..<lanes.laneCount).max { lanes.outstandingCount(of: $0) < lanes.outstandingCount(of: $1) }!
    }
  }

  @Test(arguments: [1, 8])
  func aUsersOwnPolicyDecides(batch: Int) throws {
    let policy = CustomDispatch(name: "longest") { _ in LongestLane() }
    var world = try LaneWorld(.custom(policy), batch: batch)
    let consumers = try (0..<3).map { _ in try world.consumer() }
    world.publish(20)
    #expect(consumers.map { world.poll($0).count }.sorted() == [0, 0, 20])
    world.publish(20)
    #expect(consumers.map { world.poll($0).count }.sorted() == [0, 0, 20])
  }

  @Test func aPrefetchBelowOneIsRefused() {
    var options = QueueOptions()
    options.dispatch = .prefetch(0)
    #expect(throws: BrokerError.self) { try Broker().declareQueue("q", options: options) }
  }
}
