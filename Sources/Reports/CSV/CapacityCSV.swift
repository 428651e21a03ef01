import ResultModel

/// `capacity.csv`: every trial of every step of a search, one per row, beside what follows from the step.
enum CapacityCSV {
  static let header = [
    "run_id", "variant", "metric", "limit_ns", "step", "rate_per_s", "confirmation", "verdict", "step_observed_ns",
    "step_ci95_low_ns", "step_ci95_high_ns", "order", "status", "observed_ns", "ratio", "sent_per_s", "received_per_s",
  ]

  static func text(of result: RunResult) -> [UInt8] {
    var text = CSVText(header: header)
    for variant in result.variants {
      guard let capacity = variant.capacity else { continue }
      for (index, step) in capacity.steps.enumerated() {
        var prefix = CSVText.prefix([result.runID, variant.id, capacity.metric ?? ""])
        prefix.append(capacity.limit)
        prefix.append(index)
        prefix.append(step.ratePerSecond)
        prefix.append(step.confirmation == true)
        prefix.append(step.verdict?.rawValue ?? "")
        for time in [step.observed, step.observedCI95?.low, step.observedCI95?.high] { prefix.append(time?.rounded()) }
        for trial in step.trials ?? [] {
          text.append(prefix)
          text.append(trial.order)
          text.append(trial.status.rawValue)
          text.append(trial.observed?.rounded())
          text.append(trial.ratio)
          text.append(trial.sentPerSecond)
          text.append(trial.receivedPerSecond)
          text.endRow()
        }
      }
    }
    return text.bytes
  }
}
