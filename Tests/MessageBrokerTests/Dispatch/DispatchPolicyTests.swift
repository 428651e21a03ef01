import Distributions
import MessageBroker
import Testing

@Suite struct DispatchPolicyTests {
  @Test func namesAreThoseOfTheScenarioFileAndReadBack() {
    let names = [
      "shared", "fair", "consumer_priority", "single_active", "round_robin", "random", "consistent_hash",
      "power_of_two_choices", "least_outstanding", "work_stealing",
    ]
    #expect(DispatchPolicy.builtIn.map(\.name) == names)
    for policy in DispatchPolicy.builtIn { #expect(DispatchPolicy(name: policy.name) == policy) }
    #expect(DispatchPolicy(name: "prefetch(20)") == .prefetch(20))
    #expect(DispatchPolicy.prefetch(20).name == "prefetch(20)")
    for wrong in ["", "lifo", "prefetch", "prefetch()", "prefetch(0)", "prefetch(-1)", "prefetch(1", "Shared"] {
      #expect(DispatchPolicy(name: wrong) == nil, "\(wrong)")
    }
  }

  @Test func onlyPushTimePoliciesHaveADispatcher() {
    for policy in DispatchPolicy.builtIn + [.prefetch(3)] {
      let dispatcher = LaneDispatcher(policy, seed: 1)
      #expect((dispatcher != nil) == (policy.moment == .push), "\(policy)")
    }
  }

  @Test func fairPrescribesAPrefetchOfOne() {
    #expect(DispatchPolicy.fair.prescribedPrefetch == 1)
    #expect(DispatchPolicy.prefetch(7).prescribedPrefetch == 7)
    #expect(DispatchPolicy.shared.prescribedPrefetch == nil)
  }

  @Test func onlyWorkStealingGivesUpTheOrderOfAProducer() {
    #expect(DispatchPolicy.builtIn.filter { !$0.keepsOrderPerProducer } == [.workStealing])
    #expect(DispatchPolicy.builtIn.filter(\.allowsStealing) == [.workStealing])
    #expect(DispatchPolicy.builtIn.filter(\.keepsOrderPerKey) == [.singleActive, .consistentHash])
  }

  /// A user's own policy: the consumer that came last.
  struct NewestConsumerDispatch: PushDispatch {
    var newest = 0

    mutating func lanesChanged(_ lanes: some LaneView) {
      newest = (0..<lanes.laneCount).max { lanes.identity(of: $0) < lanes.identity(of: $1) }!
    }

    mutating func choose(among lanes: some LaneView, key: UInt64) -> Int { newest }
  }

  @Test func aUsersOwnPolicyDecides() throws {
    let own = CustomDispatch(name: "newest") { _ in NewestConsumerDispatch() }
    #expect(DispatchPolicy.custom(own) == .custom(CustomDispatch(name: "newest") { _ in NewestConsumerDispatch() }))
    #expect(DispatchPolicy.custom(own).moment == .push)
    #expect(DispatchPolicy.custom(own).name == "newest")
    var dispatcher = try #require(LaneDispatcher(.custom(own), seed: 1))
    let lanes = TestLanes(identities: [4, 9, 2])
    dispatcher.lanesChanged(lanes)
    #expect(dispatcher.choose(among: lanes, key: 0) == 1)
  }

  /// Whatever comes and goes, every policy chooses a lane that exists, and a single one when there is one.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func everyPolicyChoosesAnExistingLane(seed: UInt64) throws {
    for policy in DispatchPolicy.builtIn where policy.moment == .push {
      var random = SplitMix64(seed: seed)
      var dispatcher = try #require(LaneDispatcher(policy, seed: seed))
      for _ in 0..<50 {
        let count = 1 + random.below(9)
        let lanes = TestLanes(outstanding: (0..<count).map { _ in random.below(4) })
        dispatcher.lanesChanged(lanes)
        for _ in 0..<100 {
          let lane = dispatcher.choose(among: lanes, key: random.next())
          #expect(lane >= 0 && lane < count, "seed \(seed), \(policy.name), \(count) lanes")
        }
      }
    }
  }
}
