import Foundation
import Testing

/// A matrix with repeated trials in processes of their own, and everything that can go wrong on the way.
@Suite(.serialized) struct MatrixRunTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private static let quick = """
    name: quick
    workload: { pattern: ring, ring: { kind: spsc, capacity: 1024 }, payload: 8B, wait: park }
    load: { saturate: 10k }
    matrix: { batch: [1, 16], wait: [park, yield] }
    baseline: { batch: 1, wait: park }
    trials: { count: 2, order: paired }
    """

  /// Each trial runs for an hour unless something happens to it.
  private static let endless = """
    name: endless
    workload: { pattern: work_queue, payload: 128B, wait: park }
    load: { constant: 100/s, for: 1h, pacing: { max_lag: 10s } }
    matrix: { batch: [1, 2] }
    trials: { count: 2, order: sequential }
    """

  private func start(_ scenario: String, _ arguments: String..., environment: [String: String] = [:]) throws
    -> RunningProcess
  {
    try workspace.write(scenario, to: "s.yaml")
    return try workspace.start(["run", "s.yaml", "--output", "results"] + arguments, environment: environment)
  }

  private func result() throws -> ResultFile {
    try ResultFile(workspace.folder.appending(path: "results/result.json"))
  }

  @Test func runsEveryTrialOfEveryVariantInTheOrderOfThePlan() throws {
    let outcome = try start(Self.quick).finish()
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let result = try result()
    #expect(result.slugs == ["v01-1-park", "v02-1-yield", "v03-16-park", "v04-16-yield"])
    #expect(result.trialStatuses == Array(repeating: "ok", count: 8))
    #expect(result.orders == [3, 4, 2, 5, 1, 6, 0, 7], "back and forth, by the lot of the default seed")
    #expect(result.phases.allSatisfy { $0.received == 10_000 && $0.violations.values.allSatisfy { $0 == 0 } })
    let variants = try workspace.read("results/variants.csv").split(separator: "\n")
    #expect(variants[0] == "run_id,variant,slug,baseline,param_batch,param_wait,marks")
    #expect(variants[1].contains(",v01-1-park,true,1,park,"))
    let metrics = try workspace.read("results/metrics.csv")
    for variant in ["batch=1,wait=park", "batch=16,wait=yield"] {
      #expect(metrics.contains("\"\(variant)\",0,main,normal,throughput"))
      #expect(metrics.contains("\"\(variant)\",1,main,normal,throughput"))
    }
    #expect(outcome.output.contains("v04-16-yield"))
    #expect(try !workspace.files(in: "results").contains("trials"), "what was kept aside is not needed any more")
  }

  @Test func aTrialInThisProcessIsMeasuredLikeOneInItsOwn() throws {
    let outcome = try start(Self.quick, "--set", "trials.process=shared").finish()
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(
      try result().trialStatuses.sorted() == ["disturbed"] + Array(repeating: "ok", count: 8), "the first is rehearsed")
  }

  @Test func aCrashedTrialIsReportedAndTheOthersGoOn() throws {
    let process = try start(Self.endless, "--set", "load.for=400ms")
    let first = try #require(process.child(withThread: "producer.0"))
    kill(first, SIGSEGV)
    let outcome = try process.finish()
    #expect(outcome.exitCode == 6, "\(outcome.errors)")
    let result = try result()
    #expect(result.trialStatuses == ["crashed", "ok", "ok", "ok"])
    #expect(result.status == "invalid")
    #expect(outcome.output.contains("signal 11"))
    #expect(outcome.output.contains("trial completed v01-1 trial 0"))
    #expect(outcome.output.contains("INVALID (exit 6): a trial crashed"), "\(outcome.output)")
    #expect(!outcome.output.contains("load was not delivered"))
  }

  @Test func aHungTrialIsEndedAndTheOthersGoOn() throws {
    let process = try start(Self.endless, "--set", "load.for=400ms", "--set", "trials.timeout=3s")
    let first = try #require(process.child(withThread: "producer.0"))
    kill(first, SIGSTOP)
    let outcome = try process.finish()
    #expect(outcome.exitCode == 6, "\(outcome.errors)")
    #expect(try result().trialStatuses == ["timed_out", "ok", "ok", "ok"])
    #expect(outcome.output.contains("trials.timeout"))
    #expect(outcome.output.contains("INVALID (exit 6): a trial hung"), "\(outcome.output)")
  }

  @Test func ctrlCInTheMiddleKeepsWhatWasMeasured() throws {
    let process = try start(Self.endless, "--set", "load.for=1s")
    let first = try #require(process.child(withThread: "producer.0"))
    let second = try #require(process.child(withThread: "producer.0", otherThan: [first]))
    process.signal(SIGINT)
    let outcome = try process.finish()
    #expect(outcome.exitCode == 130, "\(outcome.errors)")
    let result = try result()
    #expect(result.status == "aborted")
    #expect(result.trialStatuses == ["ok", "aborted"])
    #expect(result.phases.count == 2, "of the second trial what was measured until then")
    #expect(kill(second, 0) != 0, "no process is left behind")
  }

  @Test func theProcessOfATrialDiesWithItsParent() throws {
    let process = try start(Self.endless)
    let child = try #require(process.child(withThread: "producer.0"))
    process.signal(SIGKILL)
    _ = try process.finish()
    #expect(RunningProcess.ends(child))
  }

  /// A killed run leaves every trial that was over.
  @Test func aKilledRunLosesAtMostTheCurrentTrial() throws {
    let process = try start(Self.endless, "--set", "load.for=300ms")
    let first = try #require(process.child(withThread: "producer.0"))
    let second = try #require(process.child(withThread: "producer.0", otherThan: [first]))
    process.signal(SIGKILL)
    _ = try process.finish()
    _ = second
    let kept = try workspace.files(in: "results/trials")
    #expect(kept.contains("v01-1.t0.json"))
    let trial = try JSONSerialization.jsonObject(with: Data(workspace.read("results/trials/v01-1.t0.json").utf8))
    #expect(((trial as? [String: Any])?["trial"] as? [String: Any])?["status"] as? String == "ok")
  }

  @Test func aRemovedResultsDirectoryIsMadeAgain() throws {
    let process = try start(Self.endless, "--set", "load.for=300ms")
    _ = try #require(process.child(withThread: "producer.0"))
    try FileManager.default.removeItem(at: workspace.folder.appending(path: "results"))
    let outcome = try process.finish()
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(try result().trialStatuses == ["ok", "ok", "ok", "ok"])
  }

  /// With a limit on the size of files standing for a full disk: the trials fit, the whole result does not.
  @Test func aFullDiskLeavesTheTrialsAndShowsWhatWasMeasured() throws {
    try workspace.write(Self.quick, to: "s.yaml")
    let outcome = try workspace.run(
      "bash", "-c", "ulimit -f 12; exec \"$0\" run s.yaml --output results --set trials=6", BuiltBinary.url.path)
    #expect(outcome.exitCode == 74, "\(outcome.errors)")
    #expect(outcome.errors.contains("full"))
    #expect(outcome.errors.contains("all 24 trials are kept in results/trials"))
    #expect(outcome.output.contains("FAILED (exit 74): reading or writing failed"), "\(outcome.output)")
    #expect(outcome.output.contains("v04-16-yield"), "the summary is shown at least")
    #expect(try workspace.files(in: "results/trials").count == 24)
  }

  @Test func thePlanShowsVariantsOrderAndWhatTooFewTrialsCannotShow() throws {
    try workspace.write(Self.quick, to: "s.yaml")
    let plan = try workspace.ringside("plan", "s.yaml")
    #expect(plan.exitCode == 0)
    for text in ["v04-16-yield", "2 of each, 8 in all", "Order of the trials", "seed 2", "cannot show a difference"] {
      #expect(plan.output.contains(text), "\(text)")
    }
    // Each phase is a comparison, too: that used to be left out of the correction.
    let phases = try workspace.ringside(
      "plan", "s.yaml", "--set", "load={phases: [{a: {saturate: 1k}}, {b: {saturate: 1k}}]}", "--profile", "quick")
    #expect(phases.output.contains("10 trials cannot show a difference at alpha 0.01 in 6 comparisons"))
    let check = try workspace.ringside("check", "s.yaml")
    #expect(check.output.contains("4 variants"))
    let wrong = try workspace.ringside("check", "s.yaml", "--set", "matrix.wait=[park, parc]")
    #expect(wrong.exitCode == 65)
    #expect(wrong.errors.contains("did you mean `park`?"))
  }

  @Test func theSubcommandOfATrialIsNotForHands() throws {
    let outcome = try workspace.ringside("trial")
    #expect(outcome.exitCode == 64)
    #expect(outcome.errors.contains("ringside run"))
  }
}
