import MessageBroker
import Testing

@Suite struct ConsistentHashTests {
  /// Which consumer each of `keys` belongs to when those of `identities` are there, in this order.
  func owners(_ identities: [UInt64], keys: Int = 20_000) -> [UInt64] {
    var policy = ConsistentHashDispatch()
    let lanes = TestLanes(identities: identities)
    policy.lanesChanged(lanes)
    return (0..<keys).map { identities[policy.choose(among: lanes, key: RoutingKeyHash.of("user.\($0)"))] }
  }

  @Test(arguments: [1, 2, 3, 4, 8, 16, 32])
  func sharesAreBalanced(count: Int) {
    let owners = owners((0..<UInt64(count)).map { $0 }, keys: 100_000)
    let expected = 100_000.0 / Double(count)
    // Of 4096 slots a consumer has n on average, give or take the root of n; five of these are no accident.
    let tolerance = 5 / (4096 / Double(count)).squareRoot() + 0.05
    for consumer in 0..<UInt64(count) {
      let share = Double(owners.lazy.filter { $0 == consumer }.count) / expected
      #expect(abs(share - 1) < tolerance, "consumer \(consumer) of \(count) has \(share) of its share")
    }
  }

  /// Whoever goes, nobody else's key moves, and its keys go to all others.
  @Test func onlyTheKeysOfALeavingConsumerMove() {
    for count in [2, 3, 5, 16] {
      let all = (0..<UInt64(count)).map { 100 + 7 * $0 }
      let before = owners(all)
      for leaving in all {
        let after = owners(all.filter { $0 != leaving })
        let moved = zip(before, after).filter { $0 != $1 }
        #expect(moved.allSatisfy { $0.0 == leaving }, "\(leaving) leaves \(count)")
        #expect(Set(moved.map(\.1)).count == count - 1, "\(leaving) leaves \(count)")
      }
    }
  }

  @Test func keysMoveOnlyToANewConsumer() {
    for count in [1, 2, 4, 15] {
      let before = owners((0..<UInt64(count)).map { $0 })
      let after = owners((0...UInt64(count)).map { $0 })
      let moved = zip(before, after).filter { $0 != $1 }
      #expect(moved.allSatisfy { $0.1 == UInt64(count) })
      let expected = 20_000 / (count + 1)
      #expect(moved.count < expected + expected / 2 && moved.count > expected / 2, "\(moved.count) of \(expected)")
    }
  }

  /// Sessions need not see the consumers in one order, and a consumer's place does not matter.
  @Test func theOrderOfTheLanesDoesNotMatter() {
    let forwards = owners([1, 2, 3, 4, 5])
    #expect(owners([5, 4, 3, 2, 1]) == forwards)
    #expect(owners([3, 1, 5, 2, 4]) == forwards)
  }

  @Test func aKeySticksToItsLane() {
    var policy = ConsistentHashDispatch()
    let lanes = TestLanes(identities: [10, 20, 30])
    policy.lanesChanged(lanes)
    for name in ["", "a", "b", "orders.eu", "orders.us"] {
      let first = policy.choose(among: lanes, key: RoutingKeyHash.of(name))
      for _ in 0..<10 { #expect(policy.choose(among: lanes, key: RoutingKeyHash.of(name)) == first) }
    }
  }

  /// The known value of FNV-1a for "a" is af63dc4c8601ec8c; then comes the mixing, a bijection.
  @Test func keysAreHashedAlikeInEveryProcess() {
    #expect(RoutingKeyHash.of("a") == 0x02C0_BDBF_4814_20F8)
    #expect(Set((0..<10_000).map { RoutingKeyHash.of("\($0)") >> 52 }).count > 3500)
  }
}
