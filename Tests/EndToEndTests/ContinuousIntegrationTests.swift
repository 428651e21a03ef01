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

  // MARK: - The revision of a build

  private static let generated = "Sources/ringside/BuildInformation.generated.swift"

  /// A folder with the script that finds the revision, and nothing for it to find yet.
  private func checkout() throws -> Workspace {
    let workspace = try Workspace()
    let copy =
      "mkdir -p .ci Sources/ringside && cp \"$0\" .ci && touch Package.swift && echo '*.generated.swift' >.gitignore"
    let copied = try workspace.run("sh", "-c", copy, scripts.appending(path: "generate-build-information").path)
    #expect(copied.exitCode == 0, "\(copied.errors)")
    return workspace
  }

  private func commit(in workspace: Workspace) throws {
    let line = "git init -q . && git add -A && git -c user.name=a -c user.email=a@b commit -qm first"
    let committed = try workspace.run("sh", "-c", line)
    #expect(committed.exitCode == 0, "\(committed.errors)")
  }

  private func findRevision(in workspace: Workspace, environment: [String: String] = [:]) throws -> Outcome {
    try workspace.run(".ci/generate-build-information", environment: environment)
  }

  /// A container whose user does not own the checkout used to yield builds without a revision, and no word about it.
  @Test func revisionThatGitRefusesToSayIsUnknownAloud() throws {
    let workspace = try checkout()
    try commit(in: workspace)
    #expect(try findRevision(in: workspace).errors.isEmpty)
    #expect(try workspace.read(Self.generated).contains("isDirty: Bool? = false"))
    let refused = try findRevision(in: workspace, environment: ["GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"])
    #expect(refused.exitCode == 0)
    #expect(refused.errors.contains("dubious ownership") && refused.errors.contains("cannot become baselines"))
    #expect(throws: (any Error).self, "no revision is better than a stale one") { try workspace.read(Self.generated) }
  }

  @Test func foldersWithoutRevisionsAreNothingToTalkAbout() throws {
    let workspace = try checkout()
    for line in ["true", "git init -q ."] {
      #expect(try workspace.run("sh", "-c", line).exitCode == 0)
      let outcome = try findRevision(in: workspace)
      #expect(outcome.exitCode == 0 && outcome.errors.isEmpty, "after \(line): \(outcome.errors)")
    }
  }

  @Test func onlyChangesOfWhatIsCompiledMakeABuildDirty() throws {
    let workspace = try checkout()
    try commit(in: workspace)
    try workspace.write("x", to: "notes.txt")
    #expect(try findRevision(in: workspace).exitCode == 0)
    #expect(try workspace.read(Self.generated).contains("isDirty: Bool? = false"))
    try workspace.write("x", to: "Sources/ringside/New.swift")
    #expect(try findRevision(in: workspace).exitCode == 0)
    #expect(try workspace.read(Self.generated).contains("isDirty: Bool? = true"))
  }
}
