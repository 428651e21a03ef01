import Distributions
import MessageBroker
import Testing

/// Topic exchanges against a matcher that is plainly right: a recursion over words, as the protocol's text says it.
@Suite struct TopicTests {
  static func matches(_ pattern: ArraySlice<Substring>, _ key: ArraySlice<Substring>) -> Bool {
    guard let first = pattern.first else { return key.isEmpty }
    let rest = pattern.dropFirst()
    if first == "#" { return matches(rest, key) || (!key.isEmpty && matches(pattern, key.dropFirst())) }
    guard let word = key.first else { return false }
    return (first == "*" || first == word) && matches(rest, key.dropFirst())
  }

  static func matches(_ pattern: String, _ key: String) -> Bool { matches(words(pattern)[...], words(key)[...]) }

  static func words(_ text: String) -> [Substring] {
    text.isEmpty ? [] : text.split(separator: ".", omittingEmptySubsequences: false)
  }

  /// All texts of up to `length` words over `alphabet`.
  static func texts(upTo length: Int, over alphabet: [String]) -> [String] {
    var all = [""]
    var longest = alphabet
    for _ in 0..<length {
      all += longest
      longest = longest.flatMap { text in alphabet.map { "\(text).\($0)" } }
    }
    return all
  }

  /// One queue per pattern, named like it.
  static func broker(_ patterns: [String]) throws -> Broker {
    let broker = Broker()
    for pattern in patterns {
      try broker.declareQueue("q:" + pattern, options: QueueOptions(maxLength: 1))
      try broker.bind(queue: "q:" + pattern, to: "amq.topic", key: pattern)
    }
    return broker
  }

  static func check(_ broker: Broker, _ patterns: some Sequence<String>, _ keys: [String], _ place: Comment) throws {
    for key in keys {
      let expected = patterns.filter { matches($0, key) }.map { "q:" + $0 }.sorted()
      let found = try broker.queues(reachedFrom: "amq.topic", key: key)
      #expect(found == expected, "key '\(key)', \(place)")
    }
  }

  @Test func everyShortPatternMeetsEveryShortKeyAsTheProtocolSays() throws {
    let patterns = Self.texts(upTo: 3, over: ["a", "b", "*", "#"])
    let keys = Self.texts(upTo: 4, over: ["a", "b"])
    let broker = try Self.broker(patterns)
    try Self.check(broker, patterns, keys, "all bound")
    let (gone, left) = (patterns.indices.filter { $0 % 2 == 0 }, patterns.indices.filter { $0 % 2 == 1 })
    for index in gone { try broker.unbind(queue: "q:" + patterns[index], from: "amq.topic", key: patterns[index]) }
    try Self.check(broker, left.map { patterns[$0] }, keys, "half unbound")
    for index in left { try broker.unbind(queue: "q:" + patterns[index], from: "amq.topic", key: patterns[index]) }
    try Self.check(broker, [], keys, "none bound")
  }

  /// Odd words: empty ones, wildcards inside words and in keys, long ones, other scripts.
  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func randomPatternsMeetRandomKeysAsTheProtocolSays(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let alphabet = ["", "a", "b", "*", "#", "a*", "größe", "a-word-that-is-longer-than-fifteen-bytes"]
    func text() -> String {
      (0..<random.below(9)).map { _ in alphabet[random.below(alphabet.count)] }.joined(separator: ".")
    }
    let patterns = Array(Set((0..<60).map { _ in text() }))
    let broker = try Self.broker(patterns)
    var bound = Set(patterns)
    for step in 0..<20 {
      let pattern = patterns[random.below(patterns.count)]
      if bound.remove(pattern) != nil {
        try broker.unbind(queue: "q:" + pattern, from: "amq.topic", key: pattern)
      } else {
        try broker.bind(queue: "q:" + pattern, to: "amq.topic", key: pattern)
        bound.insert(pattern)
      }
      try Self.check(broker, bound, (0..<10).map { _ in text() }, "seed \(seed), step \(step)")
    }
  }

  @Test func patternsFullOfHashesCostNoBacktracking() throws {
    let pattern = (0..<40).map { _ in "#.a" }.joined(separator: ".")
    let broker = try Self.broker([pattern, pattern + ".#", pattern + ".b"])
    let key = (0..<100).map { _ in "a" }.joined(separator: ".")
    #expect(try broker.queues(reachedFrom: "amq.topic", key: key) == ["q:" + pattern, "q:" + pattern + ".#"])
  }

  @Test func aQueueWithSeveralMatchingPatternsGetsAMessageOnce() throws {
    let broker = try Self.broker(["#"])
    for pattern in ["a.*", "*.b", "a.b", "#.b", "a.#"] { try broker.bind(queue: "q:#", to: "amq.topic", key: pattern) }
    #expect(try broker.queues(reachedFrom: "amq.topic", key: "a.b") == ["q:#"])
    var session = try broker.openSession()
    let route = try session.route(exchange: "amq.topic", key: "a.b")
    #expect(session.publish([1], route: route, now: 0) == .accepted)
    #expect(broker.listQueues().map(\.ready) == [1])
    session.close()
  }
}
