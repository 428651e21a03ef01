import LoadEngine
import ResultModel
import ScenarioModel

/// An executor that measures nothing: each trial is whatever a test makes of it.
final class FakeTrials: TrialExecutor {
  /// Slug and index of every trial that was run, in order.
  private(set) var executed: [String] = []
  private let outcome: (PlannedTrial, ScenarioVariant) throws -> TrialResult

  init(_ outcome: @escaping (PlannedTrial, ScenarioVariant) throws -> TrialResult) { self.outcome = outcome }

  func execute(
    _ trial: PlannedTrial, of variant: ScenarioVariant, progress: (ProgressSnapshot) -> Void
  ) throws -> TrialOutcome {
    executed.append("\(variant.slug) \(trial.index)")
    return TrialOutcome(result: try outcome(trial, variant), threadCount: 2)
  }

  /// A trial whose only phase received so many messages a second.
  static func trial(_ planned: PlannedTrial, throughput: Double, lost: Int = 0) -> TrialResult {
    var rates = Rates(scheduled: nil, sent: 1, received: 1, bytes: 1, durationNanoseconds: 1_000_000_000)
    rates.receivedPerSecond = throughput
    var phase = PhaseResult(
      name: "main", startOffsetNanoseconds: 0, durationNanoseconds: 1_000_000_000, counts: MessageCounts(), rates: rates
    )
    var verification = VerificationCounts()
    verification.lost = lost
    phase.verification = verification
    return TrialResult(index: planned.index, order: planned.order, seed: planned.seed, phases: [phase])
  }
}
