import ResultModel

/// `comparisons.csv`: candidates against baselines. The metric `latency.p99@steady` is metric `latency`, stat `p99`, phase `steady`; one
/// without a dot is a mean, and one without a phase is of a run that has only one.
enum ComparisonsCSV {
  static let header = [
    "run_id", "metric", "stat", "baseline", "candidate", "n_baseline", "n_candidate", "median_baseline",
    "median_candidate", "ratio", "ratio_ci95_low", "ratio_ci95_high", "p", "p_adjusted", "mde_pct", "verdict", "batch",
    "confirmed", "phase", "marks",
  ]

  static func text(of result: RunResult) -> [UInt8] {
    let marks = result.markText
    var text = CSVText(header: header)
    for comparison in result.comparisons {
      let place = comparison.metric.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
      let parts = place[0].split(separator: ".", maxSplits: 1).map(String.init)
      text.append(result.runID)
      text.append(parts.first ?? "")
      text.append(parts.count > 1 ? parts[1] : "mean")
      text.append(comparison.baseline)
      text.append(comparison.candidate)
      text.append(comparison.baselineCount)
      text.append(comparison.candidateCount)
      text.append(comparison.baselineMedian)
      text.append(comparison.candidateMedian)
      text.append(comparison.ratio)
      text.append(comparison.ratioCI95?.low)
      text.append(comparison.ratioCI95?.high)
      text.append(comparison.p)
      text.append(comparison.pAdjusted)
      text.append(comparison.minimalDetectableEffectPercent)
      text.append(comparison.verdict.rawValue)
      text.append(comparison.batch.map(Int64.init))
      if let isConfirmed = comparison.isConfirmed { text.append(isConfirmed) } else { text.appendEmpty() }
      text.append(place.count > 1 ? String(place[1]) : "")
      text.append(marks)
      text.endRow()
    }
    return text.bytes
  }
}
