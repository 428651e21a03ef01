internal import LoadEngine
internal import ResultModel
internal import ScenarioModel

/// Two builds as the two variants of a run: A, which is the baseline, and B.
struct Duel {
  let binaries: [TrialBinary]

  init(_ a: TrialBinary, _ b: TrialBinary) { binaries = [a, b] }

  /// Why the figures of the two say nothing about each other; nil when they may.
  var difference: String? {
    let builds = binaries.map(\.tool.build)
    guard builds[0].configuration != builds[1].configuration || builds[0].flags != builds[1].flags else { return nil }
    let texts = builds.map { ([$0.configuration] + ($0.flags.isEmpty ? [] : [$0.flags])).joined(separator: " ") }
    return "the two cannot be compared: A is a \(texts[0]) build, B a \(texts[1]) build"
  }

  /// The one variant of `run`, once for each build. Comparisons decide, by the defaults where the scenario does not say.
  func variants(of run: ScenarioVariants) -> ScenarioVariants {
    var scenario = run.first
    var comparison = scenario.comparison ?? Scenario.Comparison()
    comparison.against = nil
    scenario.comparison = comparison
    var duel = run
    duel.variants = zip(["A", "B"], binaries).enumerated().map { index, side in
      let (name, binary) = side
      let build = Self.text(of: binary.tool)
      return ScenarioVariant(
        id: "side=\(name),build=\(build)", slug: "v0\(index + 1)-\(name.lowercased())",
        parameters: [
          .init(axis: "side", value: name), .init(axis: "build", value: build),
          .init(axis: "binary", value: binary.path),
        ], isBaseline: index == 0, scenario: scenario)
    }
    return duel
  }

  /// Version and revision, without a space or comma: `0.1.0-5468f3c1d2e3-dirty`.
  private static func text(of tool: ToolInformation) -> String {
    [tool.version, tool.gitSHA.isEmpty ? "unknown" : String(tool.gitSHA.prefix(12)), tool.dirty ? "dirty" : ""]
      .filter { !$0.isEmpty }.joined(separator: "-")
  }
}
