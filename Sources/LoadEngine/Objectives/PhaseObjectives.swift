import ResultModel
import ScenarioModel

/// What the objectives with a window made of one phase, from its intervals: how each fared, what happened when, and how long
/// the phase took to recover from its faults.
struct PhaseObjectives {
  private let judges: [WindowJudge]
  private let interval: Int64

  /// The objectives of the phase `result`, which has its start and its length already.
  /// - Parameters:
  ///   - rows: The intervals, their times from the start of the phase.
  ///   - interval: How long each was to be.
  ///   - sendingNanoseconds: How long the phase sent, or should have: what comes later is the drain.
  init(
    _ objectives: [Scenario.Objective], result: PhaseResult, rows: [IntervalSampler.Row], interval: Int64,
    sendingNanoseconds: Int64
  ) {
    self.interval = interval
    judges = objectives.enumerated()
      .filter { $0.element.windowNanoseconds != nil && $0.element.phases.contains(result.name) }
      .map { index, objective in
        var judge = WindowJudge(
          objective, index: index, series: result.intervalSeries ?? "latency", interval: interval,
          sendingNanoseconds: sendingNanoseconds)
        for row in rows { judge.add(row) }
        return judge
      }
  }

  /// Notes in `result` how the objectives fared, and how long it took until they held after each of the faults that ended at
  /// `faultEnds`, from the start of the trial.
  func note(in result: inout PhaseResult, faultEnds: [Int64]) {
    guard !judges.isEmpty else { return }
    let start = result.startOffsetNanoseconds
    result.objectives = judges.map { judge in
      var summary = judge.summary
      summary.worstStartNanoseconds? += start
      return summary
    }
    let recoveries = faultEnds.map { recovery(fromFaultAt: $0 - start) }
    result.recoveryTimeNanoseconds = recoveries.compactMap { if case .recovered(let time) = $0 { time } else { nil } }
      .max()
    let unrecovered = recoveries.count { $0 == .never }
    result.unrecoveredFaults = unrecovered > 0 ? unrecovered : nil
  }

  /// When objectives broke and held again, in the phase that began at `start` of the trial.
  func events(phase: String, start: Int64) -> [TrialEvent] {
    judges.flatMap { judge in
      judge.moments.filter(\.isTurn).map { moment in
        let isBroken = moment.judgement.outcome == .broken
        let observed = Self.text(moment.judgement.observed, judge.objective.expression.unit)
        return TrialEvent(
          offsetNanoseconds: start + moment.endNanoseconds, kind: isBroken ? .objectiveBroken : .objectiveHolds,
          subject: phase,
          detail:
            "\(judge.objective.expression.text) \(isBroken ? "is broken" : "holds again"): observed \(observed) in the "
            + "\(QuantityText.duration(nanoseconds: moment.endNanoseconds - moment.startNanoseconds)) before")
      }
    }
  }

  /// A figure in the words of a unit of verdicts.
  private static func text(_ value: Double, _ unit: String?) -> String {
    switch unit {
    case "ns": QuantityText.duration(nanoseconds: value)
    case "per_s": QuantityText.rate(perSecond: value)
    case "share": "\(QuantityText.significant(value * 100)) %"
    default: QuantityText.significant(value)
    }
  }

  // MARK: - Recovery

  enum Recovery: Equatable {
    /// So long after the end of the fault began a window in which all objectives held.
    case recovered(Int64)
    /// They were broken, and did not hold again.
    case never
    /// Too little was measured behind the fault.
    case unknown
  }

  /// The first window that begins no earlier than the interval in which the fault ended, and in which every objective holds.
  func recovery(fromFaultAt end: Int64) -> Recovery {
    let later = judges.map { $0.moments.filter { $0.startNanoseconds > end - interval } }
    for moment in later.first ?? [] where moment.judgement.outcome == .holds {
      let allHold = later.dropFirst().allSatisfy { moments in
        moments.contains { $0.startNanoseconds == moment.startNanoseconds && $0.judgement.outcome == .holds }
      }
      if allHold { return .recovered(max(0, moment.startNanoseconds - end)) }
    }
    return later.joined().contains { $0.judgement.outcome == .broken } ? .never : .unknown
  }
}
