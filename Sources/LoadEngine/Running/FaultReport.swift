import DriverInterface
import ResultModel
import WorkloadLoops

/// Compares what was broken on purpose in a phase with what the verification found: message by message, by number.
struct FaultReport {
  let totals: WorkerTotals
  let violations: PhaseViolations
  /// How many messages the verification found in each way, of which `violations` names the first.
  let counts: VerificationCounts

  /// Undetected messages that a result names.
  private static let exampleLimit = 8

  /// One entry per kind that happened or was to happen, in the order of the kinds.
  var summaries: [FaultSummary] {
    let counts = totals.injectionCounts
    let plannedCounts = totals.plannedInjectionCounts
    return FaultKind.allCases.compactMap { kind in
      guard let injected = counts[kind] ?? plannedCounts[kind].map({ _ in 0 }) else { return nil }
      return kind.hitsMessages
        ? detection(of: kind, injected: injected)
        : FaultSummary(kind: kind.rawValue, injected: injected, planned: plannedCounts[kind])
    }
  }

  private func detection(of kind: FaultKind, injected: Int) -> FaultSummary {
    let found = evidence(of: kind)
    let noted = totals.injections.filter { $0.injection.kind == kind }.compactMap(\.injection.number)
    let missed = noted.filter { !found.contains($0.word) }
    // Beyond what the logs keep, numbers cannot be compared, only counted.
    let detected =
      noted.count == injected ? injected - missed.count : min(injected, evidenceCount(of: kind))
    return FaultSummary(
      kind: kind.rawValue, injected: injected, detected: detected,
      undetected: noted.count == injected ? missed.prefix(Self.exampleLimit).map(violations.name) : [])
  }

  /// The messages that the verification found to be as this fault leaves them. A damaged message may no longer carry its own
  /// number: then it is the one that never arrived.
  private func evidence(of kind: FaultKind) -> Set<UInt64> {
    switch kind {
    case .duplicate: violations.numbers(.duplicated)
    case .reorder: violations.numbers(.reordered)
    case .corrupt: violations.numbers(.corrupted).union(violations.numbers(.lost))
    default: violations.numbers(.lost)
    }
  }

  /// How many messages the verification found to be so.
  private func evidenceCount(of kind: FaultKind) -> Int {
    switch kind {
    case .duplicate: counts.duplicated
    case .reorder: counts.reordered
    case .corrupt: max(counts.corrupted, counts.lost)
    default: counts.lost
    }
  }

  /// The faults as events of the trial, in order of time.
  static func events(
    _ injections: [(worker: String, injection: Injection)], streamNames: [String], since start: Int64
  ) -> [TrialEvent] {
    injections.sorted { $0.injection.nanoseconds < $1.injection.nanoseconds }.map { worker, injection in
      let kind: TrialEvent.Kind =
        switch injection.moment {
        case .instant: .fault
        case .start: .faultStart
        case .end: .faultEnd
        }
      let words = [
        injection.kind.rawValue, injection.number?.text(streamNames: streamNames) ?? "", injection.detail,
      ].filter { !$0.isEmpty }
      return TrialEvent(
        offsetNanoseconds: injection.nanoseconds - start, kind: kind, subject: worker,
        detail: words.joined(separator: " "))
    }
  }
}
