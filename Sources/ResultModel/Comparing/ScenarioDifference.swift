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

  /// Every value that is no object by its path.
  private static func members(of value: JSONValue, at path: String = "") -> [String: String] {
    guard case .object(let members) = value, !members.isEmpty else { return path.isEmpty ? [:] : [path: value.text] }
    return members.reduce(into: [:]) { found, member in
      found.merge(self.members(of: member.value, at: path.isEmpty ? member.key : "\(path).\(member.key)")) { $1 }
    }
  }
}
