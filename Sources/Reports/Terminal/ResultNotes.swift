import ResultModel

/// What must be said beside the figures of a run: its own notes, and those that follow from what is in it.
enum ResultNotes {
  /// Said before everything else: with these, figures are not to be quoted.
  static func banners(of result: RunResult) -> [String] {
    result.marks.filter(\.isGrave).map(\.sentence)
  }

  /// No more notes about damaged histograms than these: where many are, the file is wrong as a whole.
  private static let defectLimit = 8

  static func notes(of result: RunResult, _ merged: [MergedVariant]) -> [String] {
    var notes = result.notes
    let defects = merged.flatMap(\.defects)
    notes += defects.prefix(defectLimit)
    if defects.count > defectLimit { notes.append("and \(defects.count - defectLimit) more histograms are left out") }
    if result.time == .wall, let transfer = result.environment.lineTransfer, !transfer.isNear {
      notes.append(
        "far cores: a cache line takes \(QuantityText.duration(nanoseconds: transfer.p50)) from one to the other; "
          + "on near cores (under 80 ns) throughput and latency are better")
    }
    return notes + result.marks.filter { !$0.isGrave }.map(\.sentence)
  }

  /// What a phase's labels mean, in a sentence each.
  static func sentences(for labels: [PhaseLabel]) -> [String] {
    labels.map { label in
      switch label {
      case .generatorBound:
        "generator-bound: send_delay p99 is over 10 % of latency p99, so latency shows the load generator too"
      case .closedLoop:
        "closed loop: only service_time exists, and it hides what waiting callers would have felt"
      case .platformBound:
        "platform-bound: the machine's own hiccups are longer than the high percentiles"
      case .oversubscribed:
        "more threads than cores: the figures show the scheduler"
      case .autocorrelated:
        "autocorrelated: the level wandered or drifted during the phase; intervals of latency and service_time are "
          + "widened for it"
      case .sampled:
        "sampled: times come from some of the messages only, since reading the clock costs more than a message"
      case .resultIgnored:
        "result-ignored: the latency of tasks without a result ends when their handler does"
      default: label.rawValue
      }
    }
  }
}
