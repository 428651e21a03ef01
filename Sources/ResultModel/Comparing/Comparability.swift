/// Whether the figures of two runs may be compared at all, and whether a run is fit to be a baseline.
public enum Comparability {
  /// Why the runs cannot be compared, in sentences; empty when they can.
  public static func obstacles(_ baseline: RunResult, _ candidate: RunResult) -> [String] {
    var obstacles: [String] = []
    func note(_ what: String, _ one: String, _ other: String) {
      if one != other { obstacles.append("\(what): the baseline has \(one), the candidate \(other)") }
    }
    note("machine", baseline.environment.machineKey, candidate.environment.machineKey)
    if let difference = ScenarioDifference.text(baseline.scenario, candidate.scenario) { obstacles.append(difference) }
    note("build", baseline.tool.build.configuration, candidate.tool.build.configuration)
    note("flags of the build", quoted(baseline.tool.build.flags), quoted(candidate.tool.build.flags))
    // How many bytes an allocation takes depends on it, and how long.
    note("allocator", baseline.tool.build.allocatorVersion, candidate.tool.build.allocatorVersion)
    note("time", baseline.time.rawValue, candidate.time.rawValue)
    let shared = candidate.variants.filter { variant in baseline.variants.contains { $0.id == variant.id } }
    if shared.isEmpty { obstacles.append("variants: the two have none in common") }
    return obstacles
  }

  /// What is said instead of a comparison where a run searched for a capacity; nil where none did. Its trials are at rates that the search
  /// chose, so that neither their times nor their throughput stand beside each other.
  public static func searches(_ baseline: RunResult, _ candidate: RunResult) -> String? {
    guard (baseline.variants + candidate.variants).contains(where: { $0.capacity != nil }) else { return nil }
    func found(_ result: RunResult) -> String {
      result.variants.map { variant in
        let name = result.variants.count > 1 ? "\(variant.slug) " : ""
        guard let capacity = variant.capacity else { return "\(name)no search" }
        let low = QuantityText.rate(perSecond: capacity.low)
        return name + (capacity.high.map { "\(low) to \(QuantityText.rate(perSecond: $0))" } ?? "\(low) or more")
      }.joined(separator: ", ")
    }
    return "searches for a capacity are not compared by their trials, which are at other rates; the baseline found "
      + "\(found(baseline)), the candidate \(found(candidate)): intervals that do not overlap are a difference"
  }

  /// Why a run says nothing about its subject, so that nothing may be measured against it; empty when it is fit.
  public static func unfitness(_ result: RunResult) -> [String] {
    var reasons: [String] = []
    if result.variants.contains(where: { $0.tool != nil }) { reasons.append("it compares builds") }
    if result.tool.build.configuration != "release" {
      reasons.append("it was measured by a \(result.tool.build.configuration) build")
    }
    if result.tool.build.flags.contains("sanitize") { reasons.append("it was measured under a sanitizer") }
    if result.tool.gitSHA.isEmpty {
      reasons.append("the revision of its build is unknown: use `make build`, which says so where git refuses")
    }
    if result.tool.dirty { reasons.append("it was measured by a build with uncommitted changes") }
    return reasons + unsoundness(result)
  }

  /// Why the figures of a run say nothing, whatever build measured them; empty for a sound run.
  public static func unsoundness(_ result: RunResult) -> [String] {
    if result.exitCodes.contains(.verificationFailed) { return ["its verification failed"] }
    switch result.status {
    case .invalid: return ["its load was not delivered"]
    case .aborted: return ["it was stopped before its end"]
    case .failed where result.wasStopped: return ["an objective stopped it before its end"]
    case .passed, .failed, .inconclusive: return []
    }
  }

  private static func quoted(_ text: String) -> String { text.isEmpty ? "none" : "`\(text)`" }
}
