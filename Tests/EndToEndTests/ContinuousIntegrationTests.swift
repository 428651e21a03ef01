import Foundation
import Testing

/// The scripts in `.ci`, which decide whether a change may land.
@Suite struct ContinuousIntegrationTests {
  private let scripts = BuiltBinary.repository.appending(path: ".ci")

  /// Runs `.ci/stage` for a command and returns the columns that it logs.
  private func stage(_ name: String, budget: Int, _ command: String..., in workspace: Workspace) throws -> [String] {
    let stage = scripts.appending(path: "stage").path
    let line = ([stage, "'\(name)'", "\(budget)"] + command).joined(separator: " ")
    _ = try workspace.run("bash", "-c", line, environment: ["RINGSIDE_STAGE_LOG": "stages"])
    let lines = try workspace.read("stages").split(separator: "\n")
    return try #require(lines.last).split(separator: "\t").map(String.init)
  }

  /// Passed and failed checks, as `.ci/count-checks` prints them.
  private func counts(in workspace: Workspace, output: String) throws -> String {
    try workspace.write(output, to: "output")
    return try workspace.run(scripts.appending(path: "count-checks").path, "output", "stages").output
  }

  @Test func stageOverItsBudgetCountsAsPassed() throws {
    let workspace = try Workspace()
    try workspace.write("debug tests\t593\t660\tpassed\nscenarios\t568\t560\tpassed, over its budget\n", to: "stages")
    #expect(try counts(in: workspace, output: "nothing to count\n") == "2 0\n")
  }

  @Test func stagesThatFailOrHangCountAsFailed() throws {
    let workspace = try Workspace()
    #expect(try stage("quick", budget: 60, "true", in: workspace).last == "passed")
    #expect(try stage("two words", budget: 60, "false", in: workspace).last == "failed with exit 1")
    #expect(try stage("hangs", budget: 1, "sleep", "60", in: workspace).last == "stopped at twice its budget")
    #expect(try counts(in: workspace, output: "nothing to count\n") == "1 2\n")
  }

  @Test func testsAndScenariosAreCountedAsTheyPrintThemselves() throws {
    let workspace = try Workspace()
    try workspace.write("make test\t5\t60\tpassed\n", to: "stages")
    let output = """
      ✘ Test brokenClaim() failed after 0.003 seconds with 1 issue.
      ✘ Test run with 12 tests in 3 suites failed after 0.1 seconds with 1 issue.
      scenario Scenarios/quickstart.yaml: passed in 2 s
      scenario Scenarios/spike.yaml: FAILED, exit 5
      gate Scenarios/ci/work-queue.yaml: passed, report in Results/ci/work-queue

      """
    #expect(try counts(in: workspace, output: output) == "14 2\n")
  }
}
