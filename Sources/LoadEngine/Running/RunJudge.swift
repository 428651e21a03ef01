import ResultModel
import ScenarioModel

/// Turns what was measured into verdicts, a status and exit codes.
struct RunJudge {
  struct Judgement {
    var verdicts: [Verdict] = []
    var status = RunStatus.passed
    var exitCodes: [ExitCode] = []
  }

  let scenario: Scenario
  let stop: StopFlag.Reason

  func judge(_ trial: TrialResult) -> Judgement {
    var judgement = Judgement()
    for phase in trial.phases {
      guard let counts = phase.verification else { continue }
      judgement.verdicts += verdicts(counts, phase: phase.name)
    }
    judgement.verdicts += trial.invalidReasons.map {
      Verdict(kind: .load, id: "load delivered", ok: false, detail: $0)
    }
    if trial.invalidReasons.isEmpty, trial.status == .ok {
      judgement.verdicts.append(Verdict(kind: .load, id: "load delivered", ok: true))
    }
    let failsVerification = judgement.verdicts.contains { $0.kind == .verify && !$0.ok }
    let isInvalid = !trial.invalidReasons.isEmpty
    if failsVerification { judgement.exitCodes.append(.verificationFailed) }
    if isInvalid { judgement.exitCodes.append(.invalidRun) }
    switch stop {
    case .none: break
    case .interrupted: judgement.exitCodes.append(.interrupted)
    case .terminated: judgement.exitCodes.append(.terminated)
    }
    judgement.status =
      failsVerification ? .failed : stop != .none ? .aborted : isInvalid ? .invalid : .passed
    return judgement
  }

  /// One verdict per guarantee of the phase; a warm-up's messages are verified like all others.
  private func verdicts(_ counts: VerificationCounts, phase: String) -> [Verdict] {
    let limits = scenario.verification
    let guarantees: [(String, Int, Int64)] = [
      ("lost", counts.lost, limits.lossLimit), ("duplicated", counts.duplicated, limits.duplicateLimit),
      ("reordered", counts.reordered, 0), ("corrupted", counts.corrupted, 0),
    ]
    return guarantees.map { name, observed, limit in
      let ok = observed <= limit
      let examples = counts.examples.filter { $0.contains("\(name):") }
      return Verdict(
        kind: .verify, id: "\(name)@\(phase)", ok: ok, observed: Double(observed), limit: Double(limit),
        unit: "messages", detail: ok ? nil : examples.joined(separator: "; "))
    }
  }
}
