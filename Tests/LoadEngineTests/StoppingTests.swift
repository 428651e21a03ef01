import LoadEngine
import Platform
import ResultModel
import Testing

/// A run that is asked to stop early keeps what it measured and says so.
@Suite(.serialized) struct StoppingTests {
  static let anHour = ScenarioText.workQueue(
    "{ phases: [ first: { constant: 1k/s, for: 1h }, second: { constant: 1k/s, for: 1h } ] }",
    "measure: { interval: 10ms }")

  /// Stops a run when its first interval has been measured.
  static func stopped(_ reason: StopFlag.Reason, _ text: String, _ subject: FakeSubject) throws -> RunResult {
    let stop = StopFlag()
    return try ScenarioRun.outcome(text, subject, stop: stop) { _ in stop.request(reason) }.recording.result
  }

  @Test(
    arguments: [(StopFlag.Reason.interrupted, ExitCode.interrupted), (.terminated, .terminated)])
  func keepsWhatWasMeasuredAndIsAborted(reason: StopFlag.Reason, exitCode: ExitCode) throws {
    let endless = FakeBehaviour(scheduledCount: 0, ending: .whenAskedToStop)
    let result = try Self.stopped(reason, Self.anHour, FakeSubject(["first": endless]))
    #expect(result.status == .aborted)
    #expect(result.exitCode == exitCode)
    #expect(result.exitCodes == [exitCode])
    #expect(result.trial.status == .aborted)
    #expect(result.trial.invalidReasons.isEmpty)
    #expect(result.trial.phases.map(\.name) == ["first"], "the second phase never began")
    #expect(result.phase.counts.received > 0)
    #expect(result.phase.counts.received == result.phase.counts.sent, "what was under way was drained")
    #expect(result.failures.isEmpty)
    #expect(!result.verdicts.contains { $0.kind == .load }, "a part of a load is neither delivered nor not")
    #expect(result.trial.events.map(\.kind) == ["phase_start", "phase_end", "interrupted"])
  }

  /// The duration used to be the planned hour, and every rate next to nothing.
  @Test func ratesAreThoseOfTheTimeThatWasMeasured() throws {
    let endless = FakeBehaviour(
      scheduledCount: 4000, lastSendNanoseconds: 2_000_000_000, lastReceptionNanoseconds: 2_000_000_000,
      ending: .whenAskedToStop)
    let result = try Self.stopped(.interrupted, Self.anHour, FakeSubject(["first": endless]))
    #expect(result.phase.durationNanoseconds == 2_000_000_000)
    #expect(result.phase.rates.receivedPerSecond == Double(result.phase.counts.received) / 2)
    #expect(result.phase.rates.offeredPerSecond == Double(result.phase.counts.scheduled) / 2)
  }

  @Test func failedVerificationIsReportedAlthoughTheRunWasStopped() throws {
    let broken = FakeBehaviour(corruptedCount: 1, ending: .whenAskedToStop)
    let result = try Self.stopped(.interrupted, Self.anHour, FakeSubject(["first": broken]))
    #expect(result.status == .failed)
    #expect(result.exitCodes == [.interrupted, .verificationFailed])
  }

  @Test func nothingRunsWhenStoppedBeforeTheStart() throws {
    let stop = StopFlag()
    stop.request(.interrupted)
    let result = try ScenarioRun.result(Self.anHour, FakeSubject([:]), stop: stop)
    #expect(result.status == .aborted)
    #expect(result.trial.phases.isEmpty)
    #expect(result.exitCode == .interrupted)
    #expect(!(try result.jsonData()).isEmpty)
  }

  /// A producer that a subject holds up for good does not look whether it should stop, and used to be waited for forever.
  @Test func endsAlthoughAProducerIsHeldUp() throws {
    let text = ScenarioText.workQueue("{ saturate: 1000, drain: 20ms }", "measure: { interval: 10ms }")
    let held = FakeBehaviour(ending: .whenReceivingIsOver)
    let result = try Self.stopped(.interrupted, text, FakeSubject(["main": held]))
    #expect(result.status == .aborted)
    #expect(result.phase.counts.received == 1000)
  }

  /// A load that is a number of messages has no time to be over: a lost item of a round trip used to keep it going forever.
  @Test func endsANumberOfMessagesThatStandsStill() throws {
    let text = ScenarioText.workQueue("{ saturate: 1000, drain: 20ms }")
    let held = FakeBehaviour(lostCount: 1, ending: .whenReceivingIsOver)
    let result = try ScenarioRun.result(text, FakeSubject(["main": held]))
    #expect(result.exitCode == .verificationFailed)
    #expect(result.phase.verification?.lost == 1)
  }

  @Test func theFirstReasonStays() {
    let stop = StopFlag()
    #expect(stop.requested == .none)
    #expect(!stop.isRequested)
    stop.request(.terminated)
    stop.request(.interrupted)
    #expect(stop.requested == .terminated)
    #expect(stop.isRequested)
  }
}
