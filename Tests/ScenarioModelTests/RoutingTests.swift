import Testing

@testable import ScenarioModel

/// Where messages go, worked out from the file alone.
@Suite struct RoutingTests {
  /// By recursion on the words, as the rule is told: `*` takes one, `#` none or one more of them.
  static func matches(_ pattern: ArraySlice<Substring>, _ key: ArraySlice<Substring>) -> Bool {
    guard let word = pattern.first else { return key.isEmpty }
    if word == "#" {
      return matches(pattern.dropFirst(), key) || (!key.isEmpty && matches(pattern, key.dropFirst()))
    }
    guard let first = key.first else { return false }
    return (word == "*" || word == first) && matches(pattern.dropFirst(), key.dropFirst())
  }

  static func words(_ text: String) -> ArraySlice<Substring> {
    text.isEmpty ? [] : ArraySlice(text.split(separator: ".", omittingEmptySubsequences: false))
  }

  /// All texts of up to `count` words out of `alphabet`.
  static func texts(of alphabet: [String], upTo count: Int) -> [String] {
    var all = [""]
    var longest = alphabet
    for _ in 0..<count {
      all += longest
      longest = longest.flatMap { text in alphabet.map { "\(text).\($0)" } }
    }
    return all
  }

  @Test func aPatternTakesWhatTheRuleSays() {
    let keys = Self.texts(of: ["a", "b", ""], upTo: 4)
    for pattern in Self.texts(of: ["a", "*", "#"], upTo: 4) {
      let compiled = TopicPattern(pattern)
      for key in keys {
        #expect(
          compiled.matches(key) == Self.matches(Self.words(pattern), Self.words(key)), "\(pattern) and \(key)")
      }
    }
  }

  static let animals = """
    topology:
      exchanges:
        animals: { type: topic, alternate: rest }
        papers: headers
        all: fanout
        rest: fanout
        inner: { type: direct, internal: true }
      queues: { orange: {}, rabbits: {}, pdf: {}, any: {}, other: {} }
      bindings:
        - { from: animals, to: orange, key: "*.orange.*" }
        - { from: animals, to: rabbits, key: "*.*.rabbit" }
        - { from: animals, to: rabbits, key: "lazy.#" }
        - { from: papers, to: pdf, arguments: { format: pdf, type: report, x-who: me } }
        - { from: papers, to: any, arguments: { x-match: any-with-x, format: pdf, x-who: me } }
        - { from: all, to: animals }
        - { from: all, to: inner, key: unused }
        - { from: inner, to: other, key: lazy.fox }
        - { from: inner, to: all, key: lazy.fox }
        - { from: rest, to: other }
    workload:
      producers:
        zoo: { to: animals, keys: [quick.orange.rabbit] }
      consumers:
        a: { from: orange }
        b: { from: rabbits }
        c: { from: pdf }
        d: { from: any }
        e: { from: other }
    """

  @Test(arguments: [
    ("animals", "quick.orange.rabbit", ["orange", "rabbits"]), ("animals", "lazy.pink.rabbit", ["rabbits"]),
    ("animals", "lazy", ["rabbits"]), ("animals", "quick.brown.fox", ["other"]),
    ("all", "lazy.fox", ["rabbits", "other"]), ("all", "", ["other"]), ("", "pdf", ["pdf"]), ("", "nothing", []),
    ("rest", "x", ["other"]), ("inner", "x", []), ("gone", "x", []),
  ])
  func aKeyLeadsToQueuesOverExchangesAndAlternates(exchange: String, key: String, queues: [String]) throws {
    let topology = try TestFiles(Self.animals).load().topology
    #expect(topology.queues(reachedBy: key, through: exchange) == queues)
  }

  @Test(arguments: [
    (["format": "pdf", "type": "report"], ["pdf", "any"]), (["format": "pdf"], ["any"]), (["x-who": "me"], ["any"]),
    (["type": "report"], []), ([:], []), (["format": "pdf", "type": "report", "more": "1"], ["pdf", "any"]),
  ])
  func headersAreComparedAsXMatchSays(headers: [String: String], queues: [String]) throws {
    let topology = try TestFiles(Self.animals).load().topology
    #expect(topology.queues(reachedBy: "", headers: headers, through: "papers") == queues)
  }

  @Test func everySubscriberGetsAQueueOfItsOwn() throws {
    let scenario = try TestFiles(
      """
      workload:
        pattern: publish_subscribe
        consumers: { reader: { count: 2 }, log: { from: kept } }
      topology: { exchanges: { news: fanout }, queues: { kept: {} }, bindings: [ { from: news, to: kept } ] }
      """
    ).load()
    #expect(scenario.topology.queues.map(\.name) == ["kept", "reader.0", "reader.1"])
    #expect(scenario.workload.producerGroups[0].exchange == "news")
    #expect(scenario.workload.producerGroups[0].keys == [""])
    #expect(scenario.topology.queues(reachedBy: "", through: "news") == ["kept", "reader.0", "reader.1"])
    #expect(scenario.workload.consumerGroups.map(\.queues) == [["reader.0", "reader.1"], ["kept"]])
  }

  @Test func publishSubscribeNeedsNoTopology() throws {
    let scenario = try TestFiles("workload: { pattern: publish_subscribe, consumers: { c: { count: 3 } } }").load()
    #expect(scenario.topology.exchanges.map(\.kind) == [.fanout])
    #expect(scenario.topology.queues.map(\.name) == ["c.0", "c.1", "c.2"])
    let again = try TestFiles(files: ["s.yaml": scenario.resolvedJSON]).load()
    #expect(again.topology == scenario.topology, "what was made is the same when it is written down")
  }

  @Test func thePatternsExchangeIsTakenWhenItIsTheOnlyOne() throws {
    let scenario = try TestFiles(
      """
      workload: { pattern: routing }
      topology: { exchanges: { logs: direct }, queues: { all: {} }, bindings: [ { from: logs, to: all, key: error } ] }
      """
    ).load()
    #expect(scenario.workload.producerGroups[0].exchange == "logs")
    #expect(scenario.workload.producerGroups[0].keys == ["error"])
  }
}
