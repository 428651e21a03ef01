import Distributions
import MessageBroker
import Testing

@Suite struct HeadersExchangeTests {
  static func isReached(by headers: FieldTable, binding arguments: FieldTable) throws -> Bool {
    let broker = Broker()
    try broker.declareQueue("q", options: QueueOptions(maxLength: 1))
    try broker.bind(queue: "q", to: "amq.headers", arguments: arguments)
    return try !broker.queues(reachedFrom: "amq.headers", key: "", headers: headers).isEmpty
  }

  static let table: [(arguments: FieldTable, headers: FieldTable, isReached: Bool)] = [
    ([:], [:], true),
    ([:], ["a": 1], true),
    (["x-match": "any"], ["a": 1], false),
    (["a": 1], [:], false),
    (["a": 1], ["a": 1], true),
    (["a": 1], ["a": 2], false),
    (["a": 1], ["a": 1.0], false),
    (["a": 1], ["a": "1"], false),
    (["a": "1"], ["a": .binary([0x31])], false),
    (["a": 1], ["a": .timestamp(secondsSince1970: 1)], false),
    (["a": .void], ["a": 7], true),
    (["a": .void], ["b": 7], false),
    (["a": 7], ["a": .void], false),
    (["a": 1, "b": 2], ["a": 1, "b": 2, "c": 3], true),
    (["a": 1, "b": 2, "x-match": "all"], ["a": 1, "c": 2], false),
    (["a": 1, "b": 2, "x-match": "any"], ["a": 1, "c": 2], true),
    (["a": 1, "b": 2, "x-match": "any"], ["a": 2, "b": 2], true),
    (["a": 1, "b": 2, "x-match": "any"], ["a": 2, "b": 1], false),
    // Names that begin with x- count only where the mode says so, and x-match itself never.
    (["x-a": 1, "x-match": "all"], [:], true),
    (["x-a": 1, "x-match": "any"], ["x-a": 1], false),
    (["x-a": 1, "x-match": "all-with-x"], [:], false),
    (["x-a": 1, "x-match": "all-with-x"], ["x-a": 1], true),
    (["x-a": 1, "b": 2, "x-match": "any-with-x"], ["x-a": 1], true),
    (["x-a": 1, "b": 2, "x-match": "any-with-x"], ["x-match": "any-with-x"], false),
    (["a": [1, "two", ["three": 3]]], ["a": [1, "two", ["three": 3]]], true),
    (["a": [1, "two", ["three": 3]]], ["a": [1, "two", ["three": 4]]], false),
    (["a": true], ["a": true], true),
  ]

  @Test func matchesAsTheFieldDoes() throws {
    for row in Self.table {
      let found = try Self.isReached(by: row.headers, binding: row.arguments)
      #expect(found == row.isReached, "binding \(row.arguments), headers \(row.headers)")
    }
  }

  /// Random tables over few names and values against the definition, said with sets.
  @Test(arguments: 1...10 as ClosedRange<UInt64>)
  func randomTablesMatchByTheDefinition(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let values: [FieldValue] = [1, 2, "1", true, .void, 1.5]
    let names = ["a", "b", "c", "x-d"]
    func table(_ mode: String?) -> FieldTable {
      var made: FieldTable = mode.map { ["x-match": .string($0)] } ?? [:]
      for name in names where random.below(2) == 0 { made[name] = values[random.below(values.count)] }
      return made
    }
    for step in 0..<100 {
      let mode = ["all", "any", "all-with-x", "any-with-x"][random.below(4)]
      let (arguments, headers) = (table(mode), table(nil))
      let asked = arguments.filter { $0.name != "x-match" && ($0.name == "x-d" ? mode.hasSuffix("x") : true) }
      let found = asked.filter { field in
        headers[field.name] != nil && (field.value == .void || headers[field.name] == field.value)
      }
      let expected = mode.hasPrefix("all") ? found.count == asked.count : !found.isEmpty
      let reached = try Self.isReached(by: headers, binding: arguments)
      #expect(reached == expected, "seed \(seed), step \(step): \(arguments) and \(headers)")
    }
  }
}
