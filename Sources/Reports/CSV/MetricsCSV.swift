import ResultModel

/// `metrics.csv`: every figure of every phase, one per row.
enum MetricsCSV {
  static let header = [
    "run_id", "scenario", "variant", "trial", "phase", "sample_type", "metric", "stat", "value", "unit",
    "marks",
  ]

  static func text(of result: RunResult) -> [UInt8] {
    let marks = result.markText
    var text = CSVText(header: header)
    for (variant, trial, phase) in result.placedPhases {
      let prefix = CSVText.prefix([
        result.runID, result.scenario.name, variant.id, String(trial.index), phase.name, phase.sampleType.rawValue,
      ])
      for metric in PhaseMetric.all(of: phase) {
        text.append(prefix)
        text.append(metric.name)
        text.append(metric.statistic)
        text.append(metric.value)
        text.append(metric.unit)
        text.append(marks)
        text.endRow()
      }
    }
    return text.bytes
  }
}
