import Foundation
import Testing

/// Objectives as a user meets them: exit codes, the line that they are written in, reports for CI.
@Suite(.serialized) struct ObjectiveTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private func scenario(_ slo: String) -> String {
    """
    name: judged
    workload: { pattern: work_queue, payload: 128B }
    load: { saturate: 2k }
    slo:
      - \(slo)
      - { expect: "verify.lost == 0" }
    """
  }

  @Test func aBrokenObjectiveExitsWith3AndIsNamedWithItsLine() throws {
    try workspace.write(scenario("{ expect: \"throughput > 900G/s\", phase: main }"), to: "judged.yaml")
    let outcome = try workspace.ringside("run", "judged.yaml", "--output", "results")
    #expect(outcome.exitCode == 3, "\(outcome.errors)")
    #expect(outcome.output.contains("slo throughput>900G/s@main"), "\(outcome.output)")
    #expect(outcome.output.contains("(judged.yaml:5:15)"), "\(outcome.output)")
    #expect(outcome.output.contains("FAILED (exit 3): an SLO failed"), "\(outcome.output)")
    #expect(try ResultFile(workspace.folder.appending(path: "results/result.json")).status == "failed")
    let annotations = try workspace.ringside("report", "results", "--format", "annotations").output
    #expect(annotations.hasPrefix("::error file=judged.yaml,line=5,col=15,title=SLO::slo throughput>900G/s@main"))
    let junit = try workspace.read("results/junit.xml")
    #expect(junit.contains("name=\"slo throughput&gt;900G/s@main\" file=\"judged.yaml\" line=\"5\""), "\(junit)")
    #expect(junit.contains("name=\"slo verify.lost==0@main\" file=\"judged.yaml\" line=\"6\"/>"), "\(junit)")
    for report in ["results/report.html", "results/summary.md"] {
      #expect(try workspace.read(report).contains("judged.yaml:5"), "\(report)")
    }
  }

  @Test func aWarningExitsWith0() throws {
    try workspace.write(scenario("{ expect: throughput > 900G/s, severity: warn }"), to: "judged.yaml")
    let outcome = try workspace.ringside("run", "judged.yaml", "--output", "results")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("warning"))
    let annotations = try workspace.ringside("report", "results", "--format", "annotations").output
    #expect(annotations.hasPrefix("::warning file=judged.yaml,line=5,col=15,title=SLO::"))
  }

  /// A trial runs in a process of its own: it ends itself, and the run with it.
  @Test func aBreachMayEndTheRunLongBeforeItsTime() throws {
    try workspace.write(
      """
      name: endless
      workload: { pattern: work_queue, payload: 128B }
      load: { constant: 100/s, for: 1h, pacing: { max_lag: 10s } }
      measure: { interval: 50ms }
      trials: 3
      slo: [ { expect: throughput > 1M/s, window: 100ms, abort: true } ]
      """, to: "endless.yaml")
    let outcome = try workspace.ringside("run", "endless.yaml", "--output", "results")
    #expect(outcome.exitCode == 3, "\(outcome.errors)")
    let result = try ResultFile(workspace.folder.appending(path: "results/result.json"))
    #expect(result.status == "failed")
    #expect(result.trialStatuses == ["aborted"])
    let events = try workspace.read("results/events.csv")
    for kind in [",slo_breach,", ",slo_abort,"] { #expect(events.contains(kind), "\(events)") }
  }

  @Test func thePlanShowsWhatIsJudged() throws {
    try workspace.write(scenario("{ expect: throughput > 900/s, severity: warn }"), to: "judged.yaml")
    let outcome = try workspace.ringside("plan", "judged.yaml")
    #expect(outcome.exitCode == 0)
    #expect(outcome.output.contains("Objectives\n  throughput>900/s  main  as a whole  warning"), "\(outcome.output)")
  }
}
