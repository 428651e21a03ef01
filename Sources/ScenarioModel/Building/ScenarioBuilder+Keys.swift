extension ScenarioBuilder {
  /// The first keys that reach a queue, and by which law one of them is drawn.
  mutating func drawnKeys(from known: [String], in section: Section) -> ([String], Scenario.KeyChoice) {
    let node = section.given("keys")
    let inner = Section(
      node, keys: section.keys.key("keys")?.kind.objectKeys ?? [], path: "\(section.path).keys",
      jsonPath: section.jsonPath + [.key("keys")], position: section.position(of: "keys"))
    let laws = node?.entries ?? []
    guard let law = laws.first else {
      report(
        .missingKey, "`keys` says nothing about the routing keys", at: inner.position,
        "write a list, { uniform: 4 } or { zipf: { s: 1.1, n: 4 } }")
      return (known, .inTurn)
    }
    if laws.count > 1 {
      report(
        .conflict, "`keys` is one distribution, not `\(law.key)` and `\(laws[1].key)`", at: laws[1].keyPosition,
        "keep one of them")
      return (known, .inTurn)
    }
    if law.key == "uniform" {
      guard givenText("uniform", in: inner) != nil else { return (known, .inTurn) }
      let keys = first(Int(count("uniform", in: inner)), of: known, at: law.value.position)
      return (keys, .uniform)
    }
    return law.key == "zipf" ? zipfKeys(from: known, in: inner.section("zipf")) : (known, .inTurn)
  }

  private mutating func zipfKeys(from known: [String], in section: Section) -> ([String], Scenario.KeyChoice) {
    if section.given("n") == nil, case .map = section.node?.kind {
      report(.missingKey, "`zipf` needs `n`, how many keys there are", at: section.position, "write { s: 1.1, n: 4 }")
    }
    guard givenText("n", in: section) != nil else { return (known, .inTurn) }
    let keyCount = Int(count("n", in: section))
    let exponent = number("s", in: section)
    if exponent > 100 {
      report(.outOfRange, "`s` is \(Quantity.decimalText(exponent)); use 100 or less", at: section.position(of: "s"))
    }
    return (first(keyCount, of: known, at: section.position(of: "n")), .zipf(exponent: exponent))
  }

  private mutating func first(_ keyCount: Int, of known: [String], at position: SourcePosition) -> [String] {
    if keyCount > known.count {
      report(
        .unknownReference, "only \(known.count) routing keys reach a queue, not \(keyCount)", at: position,
        "declare more queues or bindings, or draw from fewer keys")
    }
    return Array(known.prefix(keyCount))
  }
}
