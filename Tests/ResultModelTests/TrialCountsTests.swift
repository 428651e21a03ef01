import ResultModel
import Testing

/// How often a run measured, in words.
@Suite struct TrialCountsTests {
  private func trial(_ index: Int, repeats: Int? = nil, batch: Int? = nil, isRehearsal: Bool = false) -> TrialResult {
    var trial = TrialResult(index: index, order: index, seed: 1, phases: [])
    (trial.repeats, trial.batch) = (repeats, batch)
    if isRehearsal { trial.events = [TrialEvent(offsetNanoseconds: 0, kind: .rehearsal, subject: "process")] }
    return trial
  }

  /// All of them used to be called trials, so that 6 planned ones became 7.
  @Test func onlyPlannedTrialsAreCalledTrials() {
    let plain = VariantResult(id: "a", slug: "a", trials: [trial(0), trial(1), trial(2)])
    #expect(TrialCounts(of: [plain]).text == "1 variant × 3 trials")
    var other = plain
    other.trials += [
      trial(3, isRehearsal: true), trial(4, repeats: 1), trial(5, batch: 1), trial(6, repeats: 5, batch: 1),
    ]
    let counts = TrialCounts(of: [plain, other])
    #expect(counts.text == "2 variants × 3 trials (and 1 rehearsal, 1 repeat, 2 confirming trials)")
    #expect(counts.plannedCount == 3 && counts.confirmationCount == 2)
    #expect(TrialCounts(of: []).text == "0 variants × 0 trials")
  }
}
