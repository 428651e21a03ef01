import ResultModel

/// `percentiles.csv`: every percentile of every series, of each trial and, as trial `all`, of the merged histogram.
enum PercentilesCSV {
  static let header = [
    "run_id", "variant", "trial", "phase", "series", "percentile", "value_ns", "count_at_or_below", "total_count",
    "ci95_low_ns", "ci95_high_ns", "supported",
  ]

  static func text(of result: RunResult, merged: [MergedVariant]) -> [UInt8] {
    var text = CSVText(header: header)
    for (variant, merged) in zip(result.variants, merged) {
      for trial in variant.trials {
        for phase in trial.phases {
          let series = phase.series + (phase.platform?.hiccup.map { [("hiccup", $0)] } ?? [])
          for (name, summary) in series {
            append(
              summary, CSVText.prefix([result.runID, variant.id, String(trial.index), phase.name, name]), to: &text)
          }
        }
      }
      for phase in merged.phases {
        for series in phase.series {
          append(
            series.summary, CSVText.prefix([result.runID, variant.id, "all", phase.name, series.name]), to: &text)
        }
      }
    }
    return text.bytes
  }

  private static func append(_ summary: LatencySummary, _ prefix: CSVText, to text: inout CSVText) {
    for (name, _) in LatencySummary.reportedPercentiles {
      guard let value = summary.percentiles[name] else { continue }
      text.append(prefix)
      text.append(name)
      text.append(value)
      text.append(summary.countsAtOrBelow[name].map(Int64.init))
      text.append(summary.count)
      text.append(summary.percentileCI95[name]?.low)
      text.append(summary.percentileCI95[name]?.high)
      text.append(summary.supported.contains(name))
      text.endRow()
    }
  }
}
