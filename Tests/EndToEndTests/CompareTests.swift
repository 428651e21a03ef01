import Foundation
import Testing

/// Runs compared with each other from the command line.
@Suite(.serialized) struct CompareTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private static let quick = """
    name: quick
    workload: { pattern: ring, ring: { kind: spsc, capacity: 1024 }, payload: 8B, wait: park }
    load: { saturate: 10k }
    matrix: { batch: [16, 1] }
    baseline: { batch: 16 }
    trials: { count: 2, process: shared }
    """

  private func measure(_ scenario: String = quick, into folder: String) throws -> Outcome {
    try workspace.write(scenario, to: "s.yaml")
    return try workspace.ringside("run", "s.yaml", "--no-noise-probe", "--output", folder)
  }

  @Test func theVariantsOfARunAreComparedWithItsBaseline() throws {
    let outcome = try measure(into: "a")
    #expect(outcome.exitCode == 0, "without `compare` nothing is decided: \(outcome.errors)")
    // It used to be marked as what decides.
    #expect(outcome.output.contains("Only reported") && !outcome.output.contains("throughput*"))
    let table = try workspace.read("a/comparisons.csv").split(separator: "\n")
    #expect(table[0].hasPrefix("run_id,metric,stat,baseline,candidate,n_baseline"))
    #expect(table.dropFirst().contains { $0.contains(",throughput,mean,v01-16,v02-1,2,2,") })
  }

  @Test func aRunIsComparedWithAnEarlierOneAndWithItself() throws {
    #expect(try measure(into: "a").exitCode == 0)
    let same = try workspace.ringside("compare", "a", "a/result.json", "--json")
    #expect(same.exitCode == 0, "\(same.errors)")
    let tree = try JSONSerialization.jsonObject(with: Data(same.output.utf8)) as? [String: Any]
    let comparisons = try #require(tree?["comparisons"] as? [[String: Any]])
    #expect(comparisons.contains { $0["metric"] as? String == "throughput" && $0["gating"] as? Bool == true })
    #expect(comparisons.allSatisfy { $0["ratio"] as? Double == 1 })
    #expect(tree?["verdict"] as? String == "inconclusive" && tree?["exit_code"] as? Int == 0)
    #expect(tree?["rules"] as? NSDictionary == ["max_regression": 0.05, "alpha": 0.01])
    #expect(tree?["obstacles"] as? [String] == [])
    let marks = try #require(tree?["marks"] as? [String: [String]])
    let isDebug = try workspace.read("a/result.json").contains("\"configuration\":\"debug\"")
    for side in ["baseline", "candidate"] { #expect(marks[side]?.contains("debug-build") == isDebug) }
    let table = try workspace.ringside("compare", "a", "a", "--strict")
    #expect(table.exitCode == 7, "two trials cannot tell")
    #expect(table.output.contains("INCONCLUSIVE"))
  }

  /// Only some metrics have summaries of their own accord; another used to decide nothing.
  @Test func anyMetricOfTheScenarioCanDecide() throws {
    let closed = """
      workload: { pattern: ring, ring: { kind: spsc, capacity: 1024, round_trip: true }, payload: 8B }
      load: { in_flight: 1, for: 300ms }
      matrix: { wait: [park, yield] }
      baseline: { wait: park }
      trials: { count: 2, process: shared }
      compare: { metric: service_time.p75 }
      """
    let outcome = try measure(closed, into: "a")
    #expect(outcome.output.contains("service_time.p75*"), "\(outcome.errors)")
  }

  /// Allocated bytes decide beside any metric: they used to answer for one that is misspelt.
  @Test func aMetricThatNoRunHasIsRefused() throws {
    #expect(try measure(into: "a").exitCode == 0)
    let outcome = try workspace.ringside("compare", "a", "a", "--metric", "latency.p99")
    #expect(outcome.exitCode == 8)
    #expect(outcome.errors.contains("throughput"), "\(outcome.errors)")
  }

  @Test func anotherScenarioIsRefusedUnlessForced() throws {
    #expect(try measure(into: "a").exitCode == 0)
    #expect(try measure(Self.quick.replacing("10k", with: "20k"), into: "b").exitCode == 0)
    let refused = try workspace.ringside("compare", "a", "b")
    #expect(refused.exitCode == 8)
    let key = "scenario: `load.phases[0].main.saturate` is 10000 in the baseline and 20000 in the candidate"
    #expect(refused.errors.contains(key), "\(refused.errors)")
    #expect(try workspace.ringside("compare", "a", "b", "--force").exitCode == 0)
    let forced = try workspace.ringside("compare", "a", "b", "--force", "--json")
    #expect(forced.exitCode == 0 && forced.output.contains("is 10000 in the baseline and 20000 in the candidate"))
  }

  /// It used to judge by its own defaults, and a candidate that had lost messages was the same.
  @Test func theRulesOfTheScenarioDecideAndBrokenPromisesOutrankSpeed() throws {
    let rules = "\ncompare: { metric: throughput, max_regression: 1%, alpha: 0.05, confirm: 0 }"
    #expect(try measure(Self.quick + rules, into: "a").exitCode != 1)
    let text = try workspace.read("a/result.json")
    #expect(text.contains("\"compare\":{"))
    // As if nothing had decided within the run.
    func result(_ code: Int) -> String {
      text.replacing(#/"exit_codes":\[[0-9,]*\]/#, with: "\"exit_codes\":[\(code)]")
        .replacing(#/"status":"(failed|invalid|inconclusive)"/#, with: "\"status\":\"passed\"", maxReplacements: 1)
    }
    try workspace.write(result(0), to: "sound.json")
    try workspace.write(result(5), to: "lossy.json")
    let table = try workspace.ringside("compare", "sound.json", "sound.json")
    #expect(table.exitCode == 0 && table.output.contains("more than 1 % at alpha 0.05"), "\(table.errors)")
    let overridden = try workspace.ringside("compare", "sound.json", "sound.json", "--max-regression", "3%")
    #expect(overridden.output.contains("more than 3 %"))
    #expect(overridden.errors.contains("where the scenario declares throughput, at most 1 % worse"))
    let lossy = try workspace.ringside("compare", "sound.json", "lossy.json", "--json")
    #expect(lossy.exitCode == 5 && lossy.output.contains("\"verification_failed\""), "\(lossy.errors)")
    let unfit = try workspace.ringside("compare", "lossy.json", "sound.json")
    #expect(unfit.exitCode == 8 && unfit.errors.contains("the baseline lossy.json: its verification failed"))
  }

  @Test func aDebugBuildCannotBecomeABaseline() throws {
    #expect(try measure(into: "a").exitCode == 0)
    let outcome = try workspace.ringside("baseline", "save", "main", "a")
    let isDebug = try workspace.read("a/result.json").contains("\"configuration\":\"debug\"")
    guard isDebug else { return }
    #expect(outcome.exitCode == 8)
    #expect(outcome.errors.contains("debug build"))
    #expect(try workspace.ringside("baseline", "list").output.isEmpty)
  }

  @Test func whatIsNotThereIsNamed() throws {
    let missing = try workspace.ringside("compare", "nothing", "there")
    #expect(missing.exitCode == 66)
    #expect(missing.errors.contains("no file, directory or baseline `nothing`"))
    try workspace.write("{\"schema_version\":1", to: "cut.json")
    #expect(try workspace.ringside("compare", "cut.json", "cut.json").exitCode == 74)
    #expect(try workspace.ringside("baseline", "rm", "main").exitCode == 66)
    #expect(try workspace.ringside("baseline", "save", "a/b", "cut.json").exitCode == 64)
    #expect(try workspace.ringside("compare", "a", "b", "--max-regression", "5x").exitCode == 64)
  }

  // MARK: - Builds

  private static let open = """
    name: duel
    workload: { pattern: ring, ring: { kind: spsc, capacity: 1024 }, payload: 8B, wait: park }
    load: { saturate: 10k }
    """

  @Test func trialsOfTwoBuildsTakeTurnsAndAreComparedInPairs() throws {
    try workspace.write(Self.open, to: "s.yaml")
    let binary = BuiltBinary.url.path
    let outcome = try workspace.ringside(
      "duel", binary, binary, "s.yaml", "--trials", "2", "--no-noise-probe", "--output", "d", "--set",
      "load.saturate=20k")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let result = try ResultFile(workspace.folder.appending(path: "d/result.json"))
    #expect(result.variants.map { $0["slug"] as? String } == ["v01-a", "v02-b"])
    let orders = result.variants.map { ($0["trials"] as? [[String: Any]] ?? []).map { $0["order"] as? Int } }
    #expect(orders == [[1, 2], [0, 3]])
    let tool = result.tree["tool"] as? NSDictionary
    #expect(result.variants.allSatisfy { $0["tool"] as? NSDictionary == tool })
    #expect(result.variants.allSatisfy { ($0["params"] as? [String: Any])?["binary"] as? String == binary })
    let comparisons = result.tree["comparisons"] as? [[String: Any]] ?? []
    #expect(comparisons.contains { $0["metric"] as? String == "throughput" && $0["test"] as? String == "sign-flip" })
    let report = try workspace.read("d/summary.md")
    #expect(report.contains("ringside duel \(binary) \(binary) s.yaml") && report.contains("--set load.saturate=20k"))
  }

  @Test func whatCannotDuelIsRefusedInASentence() throws {
    try workspace.write(Self.open, to: "s.yaml")
    let binary = BuiltBinary.url.path
    let foreign = try workspace.ringside("duel", binary, "/bin/true", "s.yaml")
    #expect(foreign.exitCode == 69)
    #expect(foreign.errors.contains("/bin/true does not speak the trial protocol"))
    #expect(try workspace.ringside("duel", "nowhere", binary, "s.yaml").exitCode == 66)
    try workspace.write(Self.quick, to: "m.yaml")
    let several = try workspace.ringside("duel", binary, binary, "m.yaml")
    #expect(several.exitCode == 65)
    #expect(several.errors.contains("--set 'matrix={batch: [16]}'"), "\(several.errors)")
  }

  @Test func aBaselineOfTheScenarioIsAskedFor() throws {
    try workspace.write(Self.open + "\ntrials: 2\ncompare: { against: main }", to: "s.yaml")
    try workspace.write(Self.quick, to: "q.yaml")
    let none = try workspace.ringside("run", "q.yaml", "--require-baseline", "--output", "q")
    #expect(none.exitCode == 8, "it used to be ignored where none is named")
    #expect(none.errors.contains("add `compare: { against: NAME }`"), "\(none.errors)")
    let missing = try workspace.ringside("run", "s.yaml", "--no-noise-probe", "--require-baseline", "--output", "a")
    #expect(missing.exitCode == 8)
    #expect(missing.errors.contains("there is no baseline `main`"))
    let first = try workspace.ringside("run", "s.yaml", "--no-noise-probe", "--output", "a")
    #expect(first.exitCode == 0 && first.output.contains("keep one with ringside baseline save"), "\(first.output)")
    // What `baseline save` does, which refuses a debug build's.
    _ = try workspace.run("mkdir", "-p", "Results/baselines")
    _ = try workspace.run("cp", "a/result.json", "Results/baselines/main.json")
    let second = try workspace.ringside("run", "s.yaml", "--no-noise-probe", "--output", "b")
    #expect(second.output.contains("throughput*"), "\(second.output)")
    #expect(try workspace.ringside("report", "main", "--write").exitCode == 64)
    // A folder of the same name used to hide the baseline.
    _ = try workspace.run("mkdir", "main")
    let report = try workspace.ringside("report", "main", "--format", "markdown")
    #expect(report.exitCode == 0 && report.output.hasPrefix("# "), "\(report.errors)")
    #expect(try workspace.ringside("report", "Results", "--format", "html").exitCode == 66)
  }

  @Test func aReportIsWrittenInTheFormatThatIsAskedFor() throws {
    #expect(try measure(into: "a").exitCode == 0)
    _ = try workspace.run("rm", "-f", "a/report.html", "a/summary.md", "a/junit.xml")
    #expect(try workspace.ringside("report", "a", "--write", "--format", "junit").exitCode == 0)
    let reports = ["report.html", "summary.md", "junit.xml"]
    #expect(
      try workspace.files(in: "a").filter(reports.contains) == ["junit.xml"], "the others used to be written, too")
    #expect(try workspace.ringside("report", "a", "--write", "--format", "terminal").exitCode == 64)
    #expect(try workspace.ringside("report", "a", "--write").exitCode == 0)
    #expect(try workspace.files(in: "a").filter(reports.contains).count == 3)
  }

  @Test func aScenarioThatComparesNeedsABaseline() throws {
    try workspace.write("workload: { pattern: work_queue }\ncompare: { alpha: 0.05 }", to: "s.yaml")
    let outcome = try workspace.ringside("check", "s.yaml")
    #expect(outcome.exitCode == 65)
    #expect(outcome.errors.contains("s.yaml:2:10: error: nothing to compare with"))
  }
}
