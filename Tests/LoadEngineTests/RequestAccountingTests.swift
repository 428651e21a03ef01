import LoadEngine
import ResultModel
import Testing

/// Request and reply: the clients account for their own replies.
@Suite(.serialized) struct RequestAccountingTests {
  @Test func everyAnswerCounts() throws {
    let result = try ScenarioRun.result(
      ScenarioText.requestReply("{ in_flight: 1, for: 1s }"), FakeSubject(FakeBehaviour(duplicatedCount: 0)))
    #expect(result.status == .passed)
    #expect(result.phase.counts.received == 1000)
    #expect(result.phase.verification?.verified == 1000)
  }

  /// The accepted requests of the phase before used to be subtracted, so that a warm-up hid what the next phase lost.
  @Test func aWarmUpHidesNoMissingReply() throws {
    let text = ScenarioText.requestReply("{ warmup: 1s, phases: [ steady: { in_flight: 1, for: 1s } ] }")
    let subject = FakeSubject(["warmup": FakeBehaviour(), "steady": FakeBehaviour(lostCount: 4)])
    let result = try ScenarioRun.result(text, subject)
    #expect(result.trial.phases.map(\.verification?.lost) == [0, 4])
    #expect(result.exitCodes == [.verificationFailed])
  }

  /// It used to be reported as lost, although the servers may only have been slow.
  @Test func whatIsUnansweredWhenTheTimeIsOverIsNotLost() throws {
    let text = ScenarioText.requestReply("{ constant: 1k/s, for: 10ms, drain: 20ms }")
    let held = FakeBehaviour(lostCount: 4, ending: .whenReceivingIsOver)
    let result = try ScenarioRun.result(text, FakeSubject(held))
    #expect(result.phase.verification?.lost == 0)
    #expect(result.exitCodes == [.invalidRun])
    #expect(result.trial.invalidReasons.contains { $0.contains("4 messages were still on their way") })
  }
}
