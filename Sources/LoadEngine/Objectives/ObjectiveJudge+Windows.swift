import ResultModel
import ScenarioModel

/// The windows of one objective in one phase of all trials.
private struct WindowsOfTrials {
  /// By the index of the trial.
  let trials: [(trial: Int, windows: ObjectiveWindows)]

  func sum(_ count: KeyPath<ObjectiveWindows, Int>) -> Int { trials.reduce(0) { $0 + $1.windows[keyPath: count] } }

  /// The trial with the worst window.
  func worst(by comparison: ObjectiveExpression.Comparison) -> (trial: Int, windows: ObjectiveWindows)? {
    func excess(_ windows: ObjectiveWindows) -> Double {
      comparison.excess(windows.worstObserved ?? 0, over: windows.worstLimit ?? 0)
    }
    return trials.filter { $0.windows.worstObserved != nil }.max { excess($0.windows) < excess($1.windows) }
  }
}

extension ObjectiveJudge {
  /// The verdict on the windows of a phase: broken when one of them is, in whichever trial.
  func windows(of objective: Scenario.Objective, _ index: Int, _ name: String) -> Verdict? {
    // A trial that an objective or the user ended counts as far as it came; a confirmation is about something else.
    let usable = variant.trials.filter { $0.status == .aborted || ($0.status == .ok && $0.batch == nil) }
    let found = WindowsOfTrials(
      trials: (usable.isEmpty ? variant.countedTrials : usable).compactMap { trial in
        trial.phases.first { $0.name == name && $0.sampleType == .normal }?.objectives?.first { $0.index == index }
          .map { (trial: trial.index, windows: $0) }
      })
    guard found.sum(\.windowCount) > 0 else {
      let undecidedCount = found.sum(\.undecidedCount)
      return inconclusive(
        objective, name,
        undecidedCount > 0
          ? "too few messages in each of \(QuantityText.count(undecidedCount)) windows" : "no whole window was measured"
      )
    }
    var verdict = verdict(objective, name, ok: found.sum(\.brokenCount) == 0)
    let worst = found.worst(by: objective.expression.comparison)
    verdict.observed = worst?.windows.worstObserved
    verdict.limit = worst?.windows.worstLimit
    verdict.detail = remarks(objective, found, worst)
    return verdict
  }

  private func remarks(
    _ objective: Scenario.Objective, _ found: WindowsOfTrials, _ worst: (trial: Int, windows: ObjectiveWindows)?
  ) -> String {
    let brokenCount = found.sum(\.brokenCount)
    let windowCount = QuantityText.count(found.sum(\.windowCount))
    var remarks: [String] = []
    if brokenCount > 0 {
      let breachCount = found.sum(\.breachCount)
      remarks.append(
        "\(QuantityText.count(brokenCount)) of \(windowCount) windows are broken, in \(QuantityText.count(breachCount)) "
          + (breachCount == 1 ? "breach" : "breaches"))
    } else {
      remarks.append("the worst of \(windowCount) windows")
    }
    if let worst, let start = worst.windows.worstStartNanoseconds {
      let trial = variant.trials.count > 1 ? " of trial \(worst.trial)" : ""
      let when = "\(QuantityText.duration(nanoseconds: start)) after the start\(trial)"
      remarks.append(brokenCount > 0 ? "the worst begins \(when)" : "it begins \(when)")
    }
    let undecidedCount = found.sum(\.undecidedCount)
    if undecidedCount > 0 { remarks.append("\(QuantityText.count(undecidedCount)) more have too few messages") }
    if objective.endsRun, brokenCount > 0 { remarks.append("the run was ended early") }
    return remarks.joined(separator: "; ")
  }
}
