import ResultModel

extension RunResult {
  /// What its exit codes mean here, the most important first, so that the first line of one report and the last of another say the same;
  /// empty when everything asked passed.
  var phrases: [String] {
    let phrases = exitCodes.filter { $0 != .success }.map(phrase)
    // Without `--strict` noise has no exit code.
    return phrases.isEmpty && status == .inconclusive ? [ExitCode.inconclusive.phrase] : phrases
  }

  /// A run is invalid for several reasons.
  private func phrase(_ code: ExitCode) -> String {
    guard code == .invalidRun, let ends = failedTrials else { return code.phrase }
    let isLoadMissing = verdicts.contains { $0.kind == .load && !$0.ok }
    return (isLoadMissing ? [code.phrase, ends] : [ends]).joined(separator: ", ")
  }

  /// How trials ended that did not come to their end: `a trial crashed, 2 trials hung`; nil when none did.
  var failedTrials: String? {
    guard verdicts.contains(where: { $0.kind == .trial && !$0.ok }) else { return nil }
    let trials = variants.flatMap(\.trials)
    let ends = [(TrialResult.Status.crashed, "crashed"), (.timedOut, "hung")].compactMap { status, word -> String? in
      switch trials.count(where: { $0.status == status }) {
      case 0: nil
      case 1: "a trial \(word)"
      case let count: "\(QuantityText.count(count)) trials \(word)"
      }
    }
    return ends.isEmpty ? "a trial could not be run" : ends.joined(separator: ", ")
  }
}
