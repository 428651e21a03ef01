import LoadEngine
import ResultModel
import ScenarioModel

/// Runs scenarios of text against a fake subject.
enum ScenarioRun {
  static let tool = ToolInformation(
    version: "0", gitSHA: "abc", dirty: false,
    build: .init(configuration: "release", swift: "6.3", allocator: "system malloc"))

  /// The whole outcome of a run.
  static func outcome(
    _ text: String, _ subject: FakeSubject, stop: StopFlag = StopFlag(),
    progress: (ProgressSnapshot) -> Void = { _ in }
  ) throws -> RunOrchestrator.Outcome {
    let variants = try ScenarioText.loadVariants(text)
    let executor = SharedProcessTrials(stop: stop) { subject }
    return try RunOrchestrator(variants, executor: executor, tool: tool, stop: stop)
      .run { progress($0.phase) }
  }

  /// The result of a run.
  static func result(
    _ text: String, _ subject: FakeSubject, stop: StopFlag = StopFlag()
  ) throws -> RunResult {
    try outcome(text, subject, stop: stop).recording.result
  }

  /// The result of one open-loop phase: 1000 messages in a second.
  static func openLoop(_ behaviour: FakeBehaviour, _ rest: String = "") throws -> RunResult {
    try result(ScenarioText.workQueue("{ constant: 1k/s, for: 1s, drain: 100ms }", rest), FakeSubject(behaviour))
  }
}

extension RunResult {
  /// The only trial.
  var trial: TrialResult { variants[0].trials[0] }

  /// The only phase, or the last.
  var phase: PhaseResult { trial.phases[trial.phases.count - 1] }

  /// What did not hold.
  var failures: [String] { verdicts.filter { !$0.ok }.map(\.id) }
}
