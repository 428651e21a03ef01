import ResultModel
import ScenarioModel

/// Turns what was measured into verdicts, a status and exit codes.
struct RunJudge {
  struct Judgement {
    var verdicts: [Verdict] = []
    var status = RunStatus.passed
    var exitCodes: [ExitCode] = []
  }

  /// What each variant asks for, in their order.
  let limits: [Scenario.Verification]
  /// The limits on what is measured, of each variant.
  var objectives: [[Scenario.Objective]] = []
  /// What the run asks of its trials.
  let trials: Scenario.Trials
  let stop: StopFlag.Reason
  /// Whether too much noise to decide ends the run with exit 7, rather than with a warning.
  let isStrict: Bool
  /// By variant, the trials of a search that the result does not show; their messages are verified like all others.
  var unshownTrials: [[TrialResult]] = []

  /// - Parameters:
  ///   - host: Whether the machine was quiet enough; nil when that was not looked at.
  ///   - capacities: What is to be said about how well capacities are known.
  func judge(_ variants: [VariantResult], host: Verdict? = nil, capacities: [Verdict] = []) -> Judgement {
    var judgement = Judgement()
    for (index, (variant, verification)) in zip(variants, limits).enumerated() {
      let unshown = index < unshownTrials.count ? unshownTrials[index] : []
      judgement.verdicts += guarantees(of: variant, and: unshown, verification, among: variants.count)
      judgement.verdicts += delivery(of: variant, among: variants.count)
    }
    let isPartial = stop != .none || variants.flatMap(\.trials).contains { $0.status == .aborted }
    for (variant, objectives) in zip(variants, objectives) {
      judgement.verdicts += ObjectiveJudge(
        variant: variant, place: variants.count > 1 ? " \(variant.slug)" : "", isPartial: isPartial, isStrict: isStrict
      ).verdicts(on: objectives)
    }
    let tooFew = !isPartial ? tooFewTrials(of: variants) : []
    let noise = (tooFew + [host].compactMap { $0 } + capacities).map(weighed)
    judgement.verdicts += noise
    let broken = judgement.verdicts.filter { $0.kind == .slo && !$0.ok }
    let failsObjective = broken.contains { $0.severity == .error && $0.isInconclusive != true }
    let isUndecided =
      !tooFew.isEmpty || noise.contains { !$0.ok && $0.severity == .error }
      || broken.contains { $0.isInconclusive == true && (!isStrict || $0.severity == .error) }
    let failsVerification = judgement.verdicts.contains { $0.kind == .verify && !$0.ok }
    let isInvalid = judgement.verdicts.contains { ($0.kind == .load || $0.kind == .trial) && !$0.ok }
    if failsVerification { judgement.exitCodes.append(.verificationFailed) }
    if isInvalid { judgement.exitCodes.append(.invalidRun) }
    if failsObjective { judgement.exitCodes.append(.sloFailed) }
    if isUndecided, isStrict { judgement.exitCodes.append(.inconclusive) }
    switch stop {
    // The objective has a verdict of its own.
    case .none, .objective: break
    case .interrupted: judgement.exitCodes.append(.interrupted)
    case .terminated: judgement.exitCodes.append(.terminated)
    }
    let isStopped = stop == .interrupted || stop == .terminated
    judgement.status =
      failsVerification
      ? .failed
      : isStopped
        ? .aborted : isInvalid ? .invalid : failsObjective ? .failed : isUndecided ? .inconclusive : .passed
    return judgement
  }

  /// A verdict on noise is a warning, unless the run is strict. A stopped run has its end by then.
  private func weighed(_ verdict: Verdict) -> Verdict {
    var verdict = verdict
    verdict.severity = isStrict && stop == .none ? .error : .warn
    return verdict
  }

  /// One verdict per phase and guarantee, over all trials, whatever became of them; a warm-up's messages are verified
  /// like all others.
  private func guarantees(
    of variant: VariantResult, and unshown: [TrialResult], _ verification: Scenario.Verification,
    among variantCount: Int
  ) -> [Verdict] {
    var verdicts: [Verdict] = []
    var seen: Set<String> = []
    let phases = (variant.trials + unshown).flatMap(\.phases)
    for phase in phases where seen.insert(phase.name).inserted {
      let counts = phases.filter { $0.name == phase.name }.compactMap(\.verification)
      guard !counts.isEmpty else { continue }
      let place = variantCount > 1 ? "\(phase.name) \(variant.slug)" : phase.name
      verdicts += [
        verdict("lost", counts, \.lost, limit: verification.lossLimit, place),
        verdict("duplicated", counts, \.duplicated, limit: verification.duplicateLimit, place),
        verdict("reordered", counts, \.reordered, limit: 0, place),
        verdict("corrupted", counts, \.corrupted, limit: 0, place),
      ]
      verdicts += timeouts(
        variant.trials.flatMap(\.phases).filter { $0.name == phase.name }, limit: verification.lossLimit, place)
      verdicts += detections(phases.filter { $0.name == phase.name }, place)
    }
    return verdicts
  }

  /// The limits are each trial's: what is observed is the trial with the most.
  private func verdict(
    _ name: String, _ counts: [VerificationCounts], _ path: KeyPath<VerificationCounts, Int>, limit: Int64,
    _ place: String
  ) -> Verdict {
    let observed = counts.map { $0[keyPath: path] }.max() ?? 0
    let ok = observed <= limit
    let examples: [String] = Array(counts.flatMap { $0.examples }.filter { $0.contains("\(name):") }.prefix(10))
    return Verdict(
      kind: .verify, id: "\(name)@\(place)", ok: ok, observed: Double(observed), limit: Double(limit),
      unit: "messages", detail: ok ? nil : examples.joined(separator: "; "))
  }

  /// A request that was answered after its time-out is not lost, but its caller had gone: it counts against the same limit,
  /// because the latencies are those of the others only. None when every request was answered in time.
  private func timeouts(_ phases: [PhaseResult], limit: Int64, _ place: String) -> [Verdict] {
    let observed = phases.map(\.counts.errors).max() ?? 0
    guard observed > 0 else { return [] }
    let ok = observed <= limit
    return [
      Verdict(
        kind: .verify, id: "timed out@\(place)", ok: ok, observed: Double(observed), limit: Double(limit),
        unit: "requests", detail: ok ? nil : "the latencies are those of the other requests only")
    ]
  }

  /// One verdict per kind of message that was broken on purpose: whether each was caught.
  private func detections(_ phases: [PhaseResult], _ place: String) -> [Verdict] {
    let faults = phases.flatMap { $0.faults ?? [] }.filter { $0.detected != nil }
    var seen: Set<String> = []
    return faults.filter { seen.insert($0.kind).inserted }.map { fault in
      let alike = faults.filter { $0.kind == fault.kind }
      let injected = alike.reduce(0) { $0 + $1.injected }
      let detected = alike.reduce(0) { $0 + ($1.detected ?? 0) }
      let missed: [String] = alike.flatMap(\.undetected)
      return Verdict(
        kind: .verify, id: "\(fault.kind) detected@\(place)", ok: detected == injected, observed: Double(detected),
        limit: Double(injected), unit: "messages",
        detail: detected == injected ? nil : "not detected: \(missed.joined(separator: "; "))")
    }
  }

  /// One verdict per reason that a trial is invalid for, or one that there is none. A trial that died, hung or could not be
  /// started says nothing about the load. A part of a load that the user
  /// stopped is neither delivered nor not.
  private func delivery(of variant: VariantResult, among variantCount: Int) -> [Verdict] {
    let place = variantCount > 1 ? " \(variant.slug)" : ""
    var verdicts: [Verdict] = []
    for trial in variant.trials {
      let number = variant.trials.count > 1 ? " trial \(trial.index)" : ""
      let (kind, claim) = trial.cameToItsEnd ? (Verdict.Kind.load, "load delivered") : (.trial, "trial completed")
      verdicts += trial.invalidReasons.map {
        Verdict(kind: kind, id: "\(claim)\(place)\(number)", ok: false, detail: $0)
      }
    }
    if verdicts.isEmpty, !variant.trials.isEmpty, variant.trials.allSatisfy({ $0.status != .aborted }) {
      verdicts.append(Verdict(kind: .load, id: "load delivered\(place)", ok: true))
    }
    return verdicts
  }
}

extension TrialResult {
  fileprivate var cameToItsEnd: Bool {
    switch status {
    case .crashed, .timedOut: false
    case .invalid: !phases.isEmpty
    case .ok, .disturbed, .aborted: true
    }
  }
}
