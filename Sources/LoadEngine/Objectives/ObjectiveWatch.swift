import ScenarioModel

/// Follows the objectives of a running phase that may end the run, and asks it to stop at the first window that breaks one.
///
/// Owned by the engine's thread, which calls it once per interval.
final class ObjectiveWatch {
  private var judges: [WindowJudge]
  private let stop: StopFlag
  /// When the window ended that ended the run, from the start of the phase; nil when none did.
  private(set) var endNanoseconds: Int64?

  /// A watch over a phase of `sendingNanoseconds`, if that is known, whose intervals hold times of `series`.
  init(
    _ objectives: [Scenario.Objective], phase: String, series: String, interval: Int64, sendingNanoseconds: Int64?,
    stop: StopFlag
  ) {
    self.stop = stop
    judges = objectives.enumerated()
      .filter { $0.element.endsRun && $0.element.phases.contains(phase) }
      .map {
        WindowJudge(
          $0.element, index: $0.offset, series: series, interval: interval, sendingNanoseconds: sendingNanoseconds)
      }
  }

  /// Takes notice of one more interval.
  func note(_ row: IntervalSampler.Row) {
    for index in judges.indices {
      guard let moment = judges[index].add(row), moment.judgement.outcome == .broken else { continue }
      endNanoseconds = endNanoseconds ?? moment.endNanoseconds
      stop.request(.objective)
    }
  }
}
