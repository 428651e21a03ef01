import Distributions
import Testing

@testable import MessageBroker

/// Sessions keep the routing as it was when they looked: old copies of every table stay as they were while it changes.
@Suite struct RoutingSnapshotTests {
  @Test(arguments: 1...10 as ClosedRange<UInt64>)
  func copiesOfADictionaryKeepWhatTheyHad(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var table = ShardedDictionary<Int, Int>()
    var model: [Int: Int] = [:]
    var copies: [(ShardedDictionary<Int, Int>, [Int: Int])] = []
    for step in 0..<4000 {
      let key = random.below(1500)
      let value = random.below(4) == 0 ? nil : step
      table.set(key, to: value)
      model[key] = value
      #expect(table.count == model.count, "seed \(seed), step \(step)")
      if random.below(400) == 0 { copies.append((table, model)) }
    }
    for (table, model) in copies + [(table, model)] {
      #expect(table.count == model.count && table.isEmpty == model.isEmpty, "seed \(seed)")
      #expect(table.values.sorted() == model.values.sorted(), "seed \(seed)")
      for key in 0..<1500 where table[key] != model[key] { Issue.record("key \(key), seed \(seed)") }
    }
  }

  @Test(arguments: 1...10 as ClosedRange<UInt64>)
  func copiesOfATrieKeepTheirPatterns(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let alphabet = ["*", "#"] + (0..<12).map { "w\($0)" }
    func text() -> String { (0..<random.below(4)).map { _ in alphabet[random.below(14)] }.joined(separator: ".") }
    var trie = TopicTrie()
    var bound: [String] = []
    var copies: [(TopicTrie, [String])] = []
    for step in 0..<600 {
      if bound.isEmpty || random.below(3) > 0 {
        let pattern = text()
        // The destination says which pattern it was.
        trie.update(pattern: pattern) { $0.insert(.exchange(pattern)) }
        bound.append(pattern)
      } else {
        let pattern = bound.remove(at: random.below(bound.count))
        trie.update(pattern: pattern) { $0.remove(.exchange(pattern)) }
      }
      if step % 60 == 0 { copies.append((trie, bound)) }
    }
    for (trie, bound) in copies + [(trie, bound)] {
      for _ in 0..<100 {
        let key = text()
        var matches = RouteMatches()
        trie.match(key: key, into: &matches)
        let expected = Set(bound).filter { TopicTests.matches($0, key) }
        #expect(matches.exchanges.sorted() == expected.sorted(), "seed \(seed), key '\(key)'")
      }
    }
  }
}
