import LoadEngine
import ResultModel
import Testing

/// What a run is worth: passed, failed, invalid or aborted, with the exit code that follows.
@Suite(.serialized) struct JudgementTests {
  @Test func passesWhenTheLoadWasDeliveredAndEveryMessageArrived() throws {
    let result = try ScenarioRun.openLoop(FakeBehaviour())
    #expect(result.status == .passed)
    #expect(result.exitCode == .success)
    #expect(result.exitCodes == [.success])
    #expect(result.trial.status == .ok)
    #expect(
      result.verdicts.map(\.id) == [
        "lost@main", "duplicated@main", "reordered@main", "corrupted@main", "load delivered",
      ])
    #expect(result.verdicts.allSatisfy { $0.ok && $0.detail == nil })
    #expect(result.verdicts.map(\.kind) == [.verify, .verify, .verify, .verify, .load])
  }

  /// 99.9 % is enough, less is not.
  @Test(arguments: [(1, RunStatus.passed, ExitCode.success), (2, .invalid, .invalidRun)])
  func isInvalidBelowThreeNinesOfTheLoad(unsent: Int, status: RunStatus, exitCode: ExitCode) throws {
    let result = try ScenarioRun.openLoop(FakeBehaviour(unsentCount: unsent))
    #expect(result.status == status)
    #expect(result.exitCode == exitCode)
    #expect(result.trial.invalidReasons.count == (unsent == 1 ? 0 : 1))
    guard unsent == 2 else { return }
    #expect(result.trial.status == .invalid)
    #expect(result.failures == ["load delivered"])
    #expect(result.trial.invalidReasons[0].contains("998 of 1,000"))
  }

  @Test(arguments: [(Int64(990_000), RunStatus.passed), (2_000_000, .invalid)])
  func isInvalidWhenTheGeneratorLags(delay: Int64, status: RunStatus) throws {
    let result = try ScenarioRun.openLoop(FakeBehaviour(sendDelayNanoseconds: delay))
    #expect(result.status == status)
    #expect(result.trial.invalidReasons.contains { $0.contains("max_lag") } == (status == .invalid))
  }

  @Test func theLimitOfTheLagIsTheScenarios() throws {
    let text = ScenarioText.workQueue("{ constant: 1k/s, for: 1s, pacing: { max_lag: 10ms } }")
    let result = try ScenarioRun.result(text, FakeSubject(FakeBehaviour(sendDelayNanoseconds: 2_000_000)))
    #expect(result.status == .passed)
  }

  /// Messages that are still coming are neither lost nor delivered.
  @Test func isInvalidWhenTheDrainTakesTooLong() throws {
    let result = try ScenarioRun.openLoop(FakeBehaviour(trickles: true))
    #expect(result.status == .invalid)
    #expect(result.exitCodes == [.invalidRun])
    #expect(result.trial.invalidReasons.contains { $0.contains("still on their way") && $0.contains("100 ms") })
    #expect(result.phase.verification?.lost == 0)
    #expect(result.phase.counts.received > 0)
  }

  @Test func failsWhenMessagesAreMissingAndNothingComesAnyMore() throws {
    let text = ScenarioText.workQueue("{ constant: 1k/s, for: 1s, drain: 30s }")
    let result = try ScenarioRun.result(text, FakeSubject(FakeBehaviour(lostCount: 3)))
    #expect(result.status == .failed)
    #expect(result.exitCodes == [.verificationFailed])
    #expect(result.failures == ["lost@main"])
    let verdict = try #require(result.verdicts.first)
    #expect(verdict.observed == 3)
    #expect(verdict.limit == 0)
    for sequence in 0..<3 {
      #expect(verdict.detail?.contains("#\(sequence) never arrived in work") == true)
    }
    #expect(result.phase.verification?.verified == 997)
  }

  @Test(
    arguments: [
      ("duplicated", FakeBehaviour(duplicatedCount: 2)), ("reordered", FakeBehaviour(reorderedCount: 2)),
      ("corrupted", FakeBehaviour(corruptedCount: 2)),
    ])
  func failsWhenMessagesAreWrong(word: String, behaviour: FakeBehaviour) throws {
    let result = try ScenarioRun.openLoop(behaviour)
    #expect(result.status == .failed)
    #expect(result.exitCodes == [.verificationFailed])
    #expect(result.failures == ["\(word)@main"])
    let verdict = try #require(result.verdicts.first { !$0.ok })
    #expect(verdict.observed == 2)
    #expect(verdict.detail?.contains("\(word): one of them") == true)
  }

  @Test func toleratesWhatTheScenarioAllows() throws {
    let behaviour = FakeBehaviour(duplicatedCount: 2)
    #expect(try ScenarioRun.openLoop(behaviour, "verify: { duplicates: 2 }").exitCode == .success)
    #expect(try ScenarioRun.openLoop(behaviour, "verify: { duplicates: 1 }").exitCode == .verificationFailed)
  }

  @Test func failedVerificationOutranksAnInvalidRun() throws {
    let result = try ScenarioRun.openLoop(FakeBehaviour(unsentCount: 100, corruptedCount: 1))
    #expect(result.status == .failed)
    #expect(result.exitCode == .verificationFailed)
    #expect(result.exitCodes == [.verificationFailed, .invalidRun])
    #expect(result.failures == ["corrupted@main", "load delivered"])
  }

  @Test func isInvalidWhenNothingArrivesAtAll() throws {
    let text = ScenarioText.workQueue("{ constant: 1k/s, for: 1s, drain: 30s }")
    let result = try ScenarioRun.result(text, FakeSubject(FakeBehaviour(lostCount: 1000)))
    #expect(result.exitCodes == [.verificationFailed, .invalidRun])
    #expect(result.trial.invalidReasons.contains { $0.contains("no message arrived") })
  }

  static let withWarmUp = ScenarioText.workQueue(
    "{ warmup: 1s, phases: [ steady: { constant: 1k/s, for: 1s } ], drain: 30s }")

  @Test func keepsTheWarmUpButDoesNotJudgeItsLoad() throws {
    let late = FakeBehaviour(unsentCount: 500, sendDelayNanoseconds: 5_000_000)
    let result = try ScenarioRun.result(Self.withWarmUp, FakeSubject(["warmup": late, "steady": FakeBehaviour()]))
    #expect(result.status == .passed)
    #expect(result.trial.phases.map(\.sampleType) == [.warmup, .normal])
    #expect(result.trial.phases.map(\.name) == ["warmup", "steady"])
    #expect(result.trial.phases.map(\.counts.sent) == [500, 1000])
  }

  @Test func verifiesTheMessagesOfTheWarmUp() throws {
    let lossy = FakeBehaviour(lostCount: 1)
    let result = try ScenarioRun.result(Self.withWarmUp, FakeSubject(["warmup": lossy, "steady": FakeBehaviour()]))
    #expect(result.failures == ["lost@warmup"])
    #expect(result.exitCode == .verificationFailed)
    #expect(result.phase.verification?.lost == 0)
  }
}
