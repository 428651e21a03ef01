import LoadEngine
import ResultModel
import Testing

/// A trial that has lost one of its workers is over at once.
@Suite struct WorkerFailureTests {
  /// Neither the hour of the phase nor that of the drain is waited for, whether the producer is done or held up for good.
  @Test(arguments: [FakeBehaviour.Ending.whenSent, .whenReceivingIsOver, .whenAskedToStop])
  func keepsThePhasesBeforeAndHasCrashed(ending: FakeBehaviour.Ending) throws {
    let text = ScenarioText.workQueue(
      """
      { drain: 1h, phases: [
        first: { constant: 1k/s, for: 1s }, second: { constant: 1k/s, for: 1h }, third: { constant: 1k/s, for: 1h } ] }
      """)
    let subject = FakeSubject(
      ["first": FakeBehaviour(), "second": FakeBehaviour(ending: ending)], failingPhase: "second")
    let result = try ScenarioRun.result(text, subject)
    #expect(result.trial.status == .crashed)
    #expect(result.trial.phases.map(\.name) == ["first"], "what the other measured says nothing")
    #expect(result.trial.invalidReasons == ["second: the consumer is gone"])
    #expect(result.exitCode == .invalidRun)
    #expect(result.status == .invalid)
  }
}
