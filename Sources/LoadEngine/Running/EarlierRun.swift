public import ResultModel

/// A run of another day that this one is compared with, by the name that the scenario gives it.
public struct EarlierRun: Sendable {
  /// Its name.
  public var name: String
  /// What it measured; nil when there is no run of that name.
  public var result: RunResult?

  /// A run of that name, or that there is none.
  public init(name: String, result: RunResult?) {
    self.name = name
    self.result = result
  }

  /// What keeps `run` from being compared with it, as a verdict of it; nil when nothing does.
  func obstacle(to run: RunResult) -> Verdict? {
    guard let result else {
      return Verdict(
        kind: .comparison, id: "baseline \(name)", ok: false, severity: .warn,
        detail: "there is no baseline of that name; keep one with ringside baseline save \(name) RESULT")
    }
    // As `compare` has it: against what lost messages, or was not measured to its end, anything may look slower or faster.
    let obstacles = Comparability.obstacles(result, run) + Comparability.unsoundness(result)
    guard !obstacles.isEmpty else { return nil }
    return Verdict(
      kind: .comparison, id: "baseline \(name)", ok: false,
      detail: "cannot be compared with: " + obstacles.joined(separator: "; "))
  }
}
