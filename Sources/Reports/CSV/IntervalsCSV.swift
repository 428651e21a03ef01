import ResultModel

/// `intervals.csv`: the phases in slices, each of its own messages only. An interval without recorded times has no rows
/// for them.
enum IntervalsCSV {
  static let header = [
    "run_id", "variant", "trial", "phase", "sample_type", "interval_start_ns", "interval_length_ns", "metric", "stat",
    "value", "unit",
  ]

  static func text(of result: RunResult) -> [UInt8] {
    var text = CSVText(header: header)
    for (variant, trial, phase) in result.placedPhases {
      let prefix = CSVText.prefix([
        result.runID, variant.id, String(trial.index), phase.name, phase.sampleType.rawValue,
      ])
      for interval in phase.intervals { append(interval, series: phase.intervalSeries, prefix, to: &text) }
    }
    return text.bytes
  }

  private static func append(
    _ interval: IntervalSample, series: String?, _ prefix: CSVText, to text: inout CSVText
  ) {
    var prefix = prefix
    prefix.append(interval.startNanoseconds)
    prefix.append(interval.lengthNanoseconds)
    func row(_ metric: String, _ statistic: String, _ unit: String, value: (inout CSVText) -> Void) {
      text.append(prefix)
      text.append(metric)
      text.append(statistic)
      value(&text)
      text.append(unit)
      text.endRow()
    }
    let perSecond = interval.lengthNanoseconds > 0 ? 1e9 / Double(interval.lengthNanoseconds) : 0
    for (metric, count) in [("offered", interval.offered), ("sent", interval.sent), ("throughput", interval.received)] {
      if let count { row(metric, "mean", "per_s") { $0.append(Double(count) * perSecond) } }
    }
    guard let series else { return }
    for (statistic, value) in [("p50", interval.p50), ("p99", interval.p99), ("max", interval.max)] {
      if let value { row(series, statistic, "ns") { $0.append(value) } }
    }
  }
}
