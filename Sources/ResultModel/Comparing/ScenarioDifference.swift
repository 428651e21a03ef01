/// In what two scenarios differ, so that a reader need not compare two hashes.
enum ScenarioDifference {
  /// Keys beyond these are only counted.
  private static let shownCount = 4
  /// What changes nothing of what is measured: it is in the resolved scenario, but not in its hash.
  private static let ignored = [
    "description", "seed", "output", "slo", "compare", "trials.count", "trials.stop_early", "trials.disturbed",
    "trials.timeout", "trials.cool_down", "trials.order",
  ]

  /// A sentence; nil when the two measure the same.
  static func text(_ baseline: ScenarioIdentity, _ candidate: ScenarioIdentity) -> String? {
    guard baseline.resolvedSHA256 != candidate.resolvedSHA256 || baseline.name != candidate.name else { return nil }
    let (one, other) = (members(of: baseline.resolved), members(of: candidate.resolved))
    let keys = Set(one.keys).union(other.keys).filter { one[$0] != other[$0] && !isIgnored($0) }.sorted()
    guard !keys.isEmpty else {
      return "scenario: the baseline has \(baseline.name) \(baseline.resolvedSHA256.prefix(12)), the candidate "
        + "\(candidate.name) \(candidate.resolvedSHA256.prefix(12))"
    }
    let shown = keys.prefix(shownCount).map { key in
      "`\(key)` is \(one[key] ?? "not there") in the baseline and \(other[key] ?? "not there") in the candidate"
    }
    let rest = keys.count > shownCount ? ", and \(keys.count - shownCount) more keys differ" : ""
    return "scenario: " + shown.joined(separator: ", ") + rest
  }

  private static func isIgnored(_ key: String) -> Bool {
    ignored.contains { key == $0 || key.hasPrefix($0 + ".") || key.hasPrefix($0 + "[") }
  }

  /// Every value that has no parts by its path.
  private static func members(of value: JSONValue, at path: String = "") -> [String: String] {
    var parts: [(path: String, value: JSONValue)] = []
    switch value {
    case .object(let members):
      parts = members.map { (path.isEmpty ? $0.key : "\(path).\($0.key)", $0.value) }
    case .array(let elements):
      parts = elements.enumerated().map { ("\(path)[\($0.offset)]", $0.element) }
    case .null, .boolean, .integer, .number, .string: break
    }
    guard !parts.isEmpty else { return path.isEmpty ? [:] : [path: value.text] }
    return parts.reduce(into: [:]) { found, part in found.merge(members(of: part.value, at: part.path)) { $1 } }
  }
}
