import ResultModel

/// JMH's JSON results: throughput (`thrpt`) and, where times were recorded, one entry in the mode `sample`. A trial is a fork of
/// one iteration, which is what it is: a fresh process that measures once. The score is the median of the trials, its confidence that
/// of the median at 95 %. The format has no place for remarks, so the marks of a run stand behind the version that measured it.
enum JMHExport {
  static func text(of result: RunResult) -> String {
    JSONValue.array(ExportedPhase.all(of: result).flatMap { entries(of: $0, in: result) }).text + "\n"
  }

  private static func entries(of phase: ExportedPhase, in result: RunResult) -> [JSONValue] {
    var entries: [JSONValue] = []
    if let rates = phase.values(of: "throughput") {
      entries.append(entry(mode: "thrpt", unit: "ops/s", values: rates, phase, in: result, percentiles: nil))
    }
    for series in ["latency", "service_time"] {
      let summaries = phase.parts.compactMap { $0[series: series] }
      guard summaries.count == phase.parts.count, let last = phase.parts.last?[series: series] else { continue }
      // Percentiles of several trials are not averaged: the merged histogram has them.
      let summary = MergedVariant.series(series, of: phase.parts).series?.summary ?? last
      entries.append(
        entry(
          mode: "sample", unit: "ns/op", values: summaries.map(\.mean), phase, in: result, percentiles: summary,
          suffix: ".\(series)"))
    }
    return entries
  }

  private static func entry(
    mode: String, unit: String, values: [Double], _ phase: ExportedPhase, in result: RunResult,
    percentiles: LatencySummary?, suffix: String = ""
  ) -> JSONValue {
    let seconds = phase.parts.map(\.durationNanoseconds).max().map { "\(Double($0) / 1e9) s" } ?? "0 s"
    let summary = MetricSummary(of: values)
    // As JMH says that it does not know.
    let error = summary?.ci95.map { JSONValue.number(($0.high - $0.low) / 2) } ?? "NaN"
    let confidence = summary?.ci95.map { [JSONValue.number($0.low), .number($0.high)] } ?? ["NaN", "NaN"]
    return .object([
      "jmhVersion": .string("ringside \(result.markedVersion)"),
      "benchmark": .string("ringside.\(result.scenario.name).\(phase.name)\(suffix)"),
      "mode": .string(mode), "threads": .integer(Int64(phase.variant.threads ?? 1)),
      "forks": .integer(Int64(phase.parts.count)), "jvm": "", "jvmArgs": [], "jdkVersion": "", "vmName": "",
      "vmVersion": "", "warmupIterations": 0, "warmupTime": "0 s", "warmupBatchSize": 1, "measurementIterations": 1,
      "measurementTime": .string(seconds), "measurementBatchSize": 1,
      "params": .object(parameters(of: phase.variant)),
      "primaryMetric": .object([
        "score": .number(summary?.median ?? 0), "scoreError": error, "scoreConfidence": .array(confidence),
        "scorePercentiles": .object(scorePercentiles(of: values, percentiles)), "scoreUnit": .string(unit),
        "rawData": .array(values.map { .array([.number($0)]) }),
      ]),
      "secondaryMetrics": [:],
    ])
  }

  /// Of the recorded times where there are some, else the ends of the trials' values.
  private static func scorePercentiles(of values: [Double], _ times: LatencySummary?) -> [String: JSONValue] {
    guard let times else { return ["0.0": .number(values.min() ?? 0), "100.0": .number(values.max() ?? 0)] }
    return Dictionary(
      // A high percentile is the end of its bucket, which may lie beyond the exact maximum.
      times.percentiles.map { ($0.key.contains(".") ? $0.key : "\($0.key).0", .integer(min($0.value, times.max))) },
      uniquingKeysWith: { $1 })
  }

  /// JMH's parameters are texts.
  private static func parameters(of variant: VariantResult) -> [String: JSONValue] {
    variant.parameters.mapValues { value in
      if case .string(let text) = value { .string(text) } else { .string(value.text) }
    }
  }
}
