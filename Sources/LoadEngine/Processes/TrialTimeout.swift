import ScenarioModel
import WorkloadLoops

/// When a trial counts as hung.
enum TrialTimeout {
  /// The scenario's own limit; else twice the time of the phases and drains and half a minute, and an hour for each phase
  /// that is a number of messages (one that stands still ends by itself long before).
  static func nanoseconds(for scenario: Scenario) -> Int64 {
    if let timeout = scenario.trials.timeoutNanoseconds { return timeout }
    let perPhase = 3 * scenario.load.drainNanoseconds + SendingSchedule.overrunNanoseconds
    let phases = scenario.load.phases.reduce(Int64(0)) { sum, phase in
      sum + perPhase + (phase.durationNanoseconds ?? 3_600_000_000_000)
    }
    return 2 * phases + 30_000_000_000
  }
}
