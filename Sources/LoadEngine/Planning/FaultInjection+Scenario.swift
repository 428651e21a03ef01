import Distributions
import DriverInterface
import ScenarioModel

extension FaultInjection {
  /// What the scenario breaks at one worker, named `group.index`.
  init(_ scenario: Scenario, worker: String) {
    self.init()
    for (index, fault) in scenario.faults.enumerated() where fault.workers.contains(worker) {
      let kind = FaultKind(fault.kind)
      if let oneIn = fault.oneIn {
        // A seed of its own, so that two faults of one kind hit different messages.
        let seed = SplitMix64.mix(scenario.seed &+ SplitMix64.mix(UInt64(index)))
        messageFaults.append(MessageFault(kind: kind, oneIn: UInt64(oneIn), seed: seed))
      }
      guard let schedule = fault.schedule else { continue }
      workerFaults += schedule.startsNanoseconds.map { start in
        WorkerFault(
          kind: kind, phase: schedule.phase, startNanoseconds: start,
          durationNanoseconds: schedule.durationNanoseconds, factor: fault.factor)
      }
    }
  }
}

extension FaultKind {
  fileprivate init(_ kind: Scenario.Fault.Kind) {
    switch kind {
    case .slowConsumer: self = .slowConsumer
    case .killWorker: self = .killWorker
    case .pause: self = .pause
    case .lose: self = .lose
    case .duplicate: self = .duplicate
    case .reorder: self = .reorder
    case .corrupt: self = .corrupt
    }
  }
}
