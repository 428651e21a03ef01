import Distributions
import MessageBroker
import Testing

@Suite struct PushDispatchTests {
  /// How often each lane is chosen in `rounds` decisions for random keys.
  func shares(_ policy: DispatchPolicy, of lanes: TestLanes, rounds: Int, seed: UInt64 = 1) throws -> [Int] {
    var dispatcher = try #require(LaneDispatcher(policy, seed: seed))
    dispatcher.lanesChanged(lanes)
    var random = SplitMix64(seed: seed)
    var counts = [Int](repeating: 0, count: lanes.laneCount)
    for _ in 0..<rounds { counts[dispatcher.choose(among: lanes, key: random.next())] += 1 }
    return counts
  }

  @Test func roundRobinGoesRoundFromEveryStart() {
    for count in 1...5 {
      let lanes = TestLanes(outstanding: [Int](repeating: 0, count: count))
      for start in 0..<(2 * count) {
        var policy = RoundRobinDispatch(startingAt: start)
        policy.lanesChanged(lanes)
        for turn in 0..<(3 * count) {
          let lane = policy.choose(among: lanes, key: 0)
          #expect(lane == (start + turn) % count, "\(count) lanes from \(start), turn \(turn)")
        }
      }
    }
  }

  @Test func roundRobinGoesOnInTurnWhenALaneGoes() {
    var policy = RoundRobinDispatch()
    for _ in 0..<3 { _ = policy.choose(among: TestLanes(outstanding: [0, 0, 0]), key: 0) }
    #expect(policy.choose(among: TestLanes(outstanding: [0, 0]), key: 0) == 0)
    #expect(policy.choose(among: TestLanes(outstanding: [0, 0]), key: 0) == 1)
  }

  /// The chi-square statistic of n lanes has mean n - 1; 4 n + 20 is beyond any doubt.
  @Test(arguments: [2, 3, 7, 16])
  func randomAndTwoChoicesUseIdleLanesEvenly(count: Int) throws {
    let lanes = TestLanes(outstanding: [Int](repeating: 0, count: count))
    for policy in [DispatchPolicy.random, .powerOfTwoChoices] {
      let shares = try shares(policy, of: lanes, rounds: 1000 * count)
      let chiSquare = shares.reduce(0.0) { $0 + Double(($1 - 1000) * ($1 - 1000)) / 1000 }
      #expect(chiSquare < Double(4 * count + 20), "\(policy.name): \(shares)")
    }
  }

  /// Two different lanes are drawn, and the shorter wins: the longest of all is never chosen, the shortest in 2 of n draws.
  @Test func twoChoicesTakesTheShorterOfTwoDifferentLanes() throws {
    for count in 2...6 {
      let lanes = TestLanes(outstanding: Array(0..<count))
      let shares = try shares(.powerOfTwoChoices, of: lanes, rounds: 30_000)
      #expect(shares[count - 1] == 0, "\(shares)")
      #expect(shares == shares.sorted(by: >), "\(shares)")
      let expected = 30_000 * 2 / count
      #expect(abs(shares[0] - expected) < 600, "\(shares)")
    }
  }

  @Test func leastOutstandingTakesAShortestLaneAndRotatesAmongEqualOnes() {
    var policy = LeastOutstandingDispatch()
    for layout in 0..<81 {
      let outstanding = [layout % 3, layout / 3 % 3, layout / 9 % 3, layout / 27]
      let lane = policy.choose(among: TestLanes(outstanding: outstanding), key: 0)
      #expect(outstanding[lane] == outstanding.min(), "\(outstanding)")
    }
    var turns = LeastOutstandingDispatch()
    let lanes = TestLanes(outstanding: [5, 2, 2, 2])
    #expect((0..<6).map { _ in turns.choose(among: lanes, key: 0) } == [1, 2, 3, 1, 2, 3])
  }

  /// Throwing balls into lanes, each policy is as even as it should be: the order that theory knows.
  @Test func loadAwarePoliciesLevelTheLanes() throws {
    var spread: [DispatchPolicy: Int] = [:]
    for policy in [DispatchPolicy.random, .powerOfTwoChoices, .leastOutstanding, .roundRobin] {
      var dispatcher = try #require(LaneDispatcher(policy, seed: 5))
      var lanes = TestLanes(outstanding: [Int](repeating: 0, count: 16))
      for _ in 0..<16_000 { lanes.outstanding[dispatcher.choose(among: lanes, key: 0)] += 1 }
      spread[policy] = lanes.outstanding.max()! - lanes.outstanding.min()!
    }
    #expect(spread[.leastOutstanding] == 0)
    #expect(spread[.roundRobin] == 0)
    #expect(spread[.powerOfTwoChoices]! <= 10)
    #expect(spread[.random]! > 40)
  }

  @Test func theSameSeedGivesTheSameChoices() throws {
    let lanes = TestLanes(outstanding: [0, 0, 0, 0])
    for policy in [DispatchPolicy.random, .powerOfTwoChoices] {
      var (first, second) = try (#require(LaneDispatcher(policy, seed: 3)), #require(LaneDispatcher(policy, seed: 3)))
      for _ in 0..<100 { #expect(first.choose(among: lanes, key: 0) == second.choose(among: lanes, key: 0)) }
    }
  }
}
