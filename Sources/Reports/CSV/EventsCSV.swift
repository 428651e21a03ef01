import ResultModel

/// `events.csv`: what happened when; the kinds are those of `TrialEvent.Kind`.
enum EventsCSV {
  static let header = ["run_id", "variant", "trial", "offset_ns", "kind", "subject", "detail"]

  static func text(of result: RunResult) -> [UInt8] {
    var text = CSVText(header: header)
    for variant in result.variants {
      for trial in variant.trials {
        let prefix = CSVText.prefix([result.runID, variant.id, String(trial.index)])
        for event in trial.events {
          text.append(prefix)
          text.append(event.offsetNanoseconds)
          text.append(event.kind)
          text.append(event.subject)
          text.append(event.detail)
          text.endRow()
        }
      }
    }
    return text.bytes
  }
}
