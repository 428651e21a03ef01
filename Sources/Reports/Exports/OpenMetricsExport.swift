import ResultModel

/// OpenMetrics text (openmetrics.io, version 1.0): base units, one family after another, `# EOF` at the end. Every trial that counts is
/// a sample of its own, told by its labels.
enum OpenMetricsExport {
  /// A family of samples; the order of the families is fixed.
  private struct Family {
    var name: String
    var type: String
    var unit: String?
    var help: String
    var samples: [String] = []
  }

  static func text(of result: RunResult) -> String {
    var text = ""
    for family in families(of: result) where !family.samples.isEmpty {
      text += "# TYPE \(family.name) \(family.type)\n"
      if let unit = family.unit { text += "# UNIT \(family.name) \(unit)\n" }
      text += "# HELP \(family.name) \(family.help)\n" + family.samples.joined()
    }
    return text + "# EOF\n"
  }

  private static func families(of result: RunResult) -> [Family] {
    var info = Family(name: "ringside_run", type: "info", help: "The run that the other samples are of.")
    info.samples = [
      "ringside_run_info"
        + labels(
          [
            ("run_id", result.runID), ("scenario", result.scenario.name), ("status", result.status.rawValue),
            ("version", result.tool.version), ("revision", result.tool.gitSHA),
            ("machine", result.environment.machineKey),
          ] + (result.marks.isEmpty ? [] : [("marks", result.markText)])) + " 1\n"
    ]
    let placed = result.variants.flatMap { variant in
      variant.countedTrials.flatMap { trial in
        trial.phases.filter { $0.sampleType == .normal }.map { phase in
          (
            labels: [
              ("scenario", result.scenario.name), ("variant", variant.id), ("phase", phase.name),
              ("trial", String(trial.index)), ("status", trial.status.rawValue),
            ], phase: phase
          )
        }
      }
    }
    var families = [info]
    for (metric, name, unit, help) in gauges {
      var family = Family(name: name, type: "gauge", unit: unit, help: help)
      for (names, phase) in placed {
        guard let value = phase.value(ofMetric: metric) else { continue }
        let scaled = unit == "seconds" ? value / 1e9 : value
        family.samples.append("\(name)\(labels(names)) \(JSONValue.number(scaled).text)\n")
      }
      families.append(family)
    }
    for series in PhaseResult.seriesNames {
      let name = "ringside_\(series)_seconds"
      var family = Family(name: name, type: "summary", unit: "seconds", help: "Percentiles of \(series).")
      for (names, phase) in placed {
        if let summary = phase[series: series] { family.samples += samples(of: summary, name, names) }
      }
      families.append(family)
    }
    return families
  }

  /// The metric in a scenario, the family, its unit, what it says.
  private static let gauges: [(String, String, String?, String)] = [
    ("offered", "ringside_offered", nil, "Messages scheduled per second."),
    ("throughput", "ringside_throughput", nil, "Messages received per second."),
    ("cpu_per_message", "ringside_cpu_per_message_seconds", "seconds", "Processor time per message."),
    (
      "allocated_bytes_per_message", "ringside_allocated_per_message_bytes", "bytes",
      "Bytes allocated by data-path threads per message."
    ),
  ]

  /// Quantiles that enough values support, then the count and the sum.
  private static func samples(of summary: LatencySummary, _ name: String, _ names: [(String, String)]) -> [String] {
    let quantiles = LatencySummary.reportedPercentiles.compactMap { percentile -> String? in
      guard summary.supported.contains(percentile.name), let value = summary.percentiles[percentile.name] else {
        return nil
      }
      let quantile = share(ofPercentile: percentile.name)
      return "\(name)\(labels(names + [("quantile", quantile)])) \(JSONValue.number(Double(value) / 1e9).text)\n"
    }
    return quantiles + [
      "\(name)_count\(labels(names)) \(summary.count)\n",
      "\(name)_sum\(labels(names)) \(JSONValue.number(summary.mean * Double(summary.count) / 1e9).text)\n",
    ]
  }

  /// A percentile divided by 100, `0.999` for `99.9`: by its digits, since a quotient of floating point may be another number, which no
  /// query for the share then finds.
  static func share(ofPercentile name: String) -> String {
    let parts = name.split(separator: ".", maxSplits: 1)
    let whole = String(repeating: "0", count: max(0, 3 - parts[0].count)) + parts[0]
    var decimals = whole.suffix(2) + (parts.count > 1 ? parts[1] : "")
    while decimals.count > 1, decimals.hasSuffix("0") { decimals.removeLast() }
    return "\(whole.dropLast(2)).\(decimals)"
  }

  private static func labels(_ pairs: [(String, String)]) -> String {
    "{" + pairs.map { "\($0.0)=\"\(escaped($0.1))\"" }.joined(separator: ",") + "}"
  }

  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { escaped, character in
      switch character {
      case "\\": escaped += #"\\"#
      case "\"": escaped += #"\""#
      case "\n": escaped += #"\n"#
      default: escaped.append(character)
      }
    }
  }
}
