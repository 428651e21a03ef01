import ResultModel

/// The input of github-action-benchmark's tools `customSmallerIsBetter` and `customBiggerIsBetter`: an array of entries with
/// `name`, `unit`, `value`, and optionally `range` and `extra`.
enum GitHubActionBenchmark {
  static func text(of result: RunResult, biggerIsBetter: Bool) -> String {
    let entries = ExportedPhase.all(of: result).flatMap { phase in
      phase.metrics.filter { $0.biggerIsBetter == biggerIsBetter }.compactMap { entry($0, of: phase, in: result) }
    }
    return JSONValue.array(entries).text + "\n"
  }

  private static func entry(
    _ metric: ExportedPhase.Metric, of phase: ExportedPhase, in result: RunResult
  ) -> JSONValue? {
    guard let summary = MetricSummary(of: metric.values) else { return nil }
    var entry: [String: JSONValue] = [
      "name": .string("\(result.scenario.name)/\(phase.variant.id)/\(phase.name) \(metric.name)"),
      "unit": .string(metric.unit), "value": .number(summary.median),
      "extra": .string(
        (["median of \(Words.plural(metric.values.count, "trial"))", "seed \(result.scenario.seed)"]
          + result.marks.map(\.rawValue)).joined(separator: ", ")),
    ]
    if let interval = summary.ci95 {
      entry["range"] = .string("\(JSONValue.number(interval.low).text)..\(JSONValue.number(interval.high).text)")
    }
    return .object(entry)
  }
}
