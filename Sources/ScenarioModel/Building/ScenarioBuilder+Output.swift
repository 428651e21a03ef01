extension ScenarioBuilder {
  mutating func output(in section: Section) -> Scenario.Output {
    let directory = text("dir", in: section)
    if let problem = ResultsDirectoryPattern.problem(with: directory) {
      report(.invalidValue, problem.message, at: section.position(of: "dir"), problem.suggestion)
    }
    let given = section.given("formats")?.items.compactMap(\.scalar)
    if let node = section.given("formats"), case .list(let items) = node.kind, items.isEmpty {
      report(.missingKey, "`formats` is empty", at: node.position, "name at least one, or leave `formats` out")
    }
    let formats = Scenario.Output.Format.allCases.filter { given?.contains($0.rawValue) ?? true }
    record(
      .array(formats.map { .string($0.rawValue) }), formats.map(\.rawValue).joined(separator: ", "), "formats",
      in: section, isDefault: given == nil)
    return .init(directoryTemplate: directory, formats: formats, tracePath: tracePath(in: section))
  }

  private mutating func tracePath(in section: Section) -> String? {
    guard let path = givenText("trace", in: section) else { return nil }
    record(.string(path), path, "trace", in: section, isDefault: false)
    let position = section.position(of: "trace")
    if path.isEmpty || path.utf8.count > 200 || path.hasPrefix(".") || path.contains(where: { "/{}\0".contains($0) }) {
      report(
        .invalidValue, "`trace` is the name of a file in the results directory", at: position,
        "write trace: trace.csv")
    } else if Scenario.Output.isReserved(path) {
      report(
        .conflict, "`\(path)` is the name of another file in the results directory", at: position,
        "write trace: trace.csv")
    }
    return path
  }

  /// A trace is of one trial; and a raw ring sends without looking at the clock unless its load says when.
  mutating func checkTraceOutput(
    _ output: Scenario.Output, _ trials: Scenario.Trials, _ load: Scenario.Load, of workload: Scenario.Workload?,
    in root: Section
  ) {
    guard output.tracePath != nil else { return }
    let section = root.section("output")
    if trials.countMax > 1 {
      report(
        .conflict, "`trace` records one trial, not \(trials.countMax)", at: section.position(of: "trace"),
        "use trials: 1")
    }
    if trials.process == .fresh {
      report(
        .conflict, "a trace stays in the process that writes it, and `process: fresh` makes another for the trial",
        at: self.root["trials"]?["process"]?.position ?? section.position(of: "trace"),
        "remove `process`, or use process: shared")
    }
    guard workload?.pattern == .ring, !load.phases.isEmpty,
      !load.phases.contains(where: { !$0.isWarmup && $0.isOpenLoop })
    else { return }
    report(
      .conflict, "a ring without a rate has no sending times that could be recorded",
      at: section.position(of: "trace"), "use a load such as constant: 10k/s, or remove `trace`")
  }
}
