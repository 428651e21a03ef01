import Foundation
import Testing

/// Ctrl-C is an orderly end: what was measured is written first.
@Suite(.serialized) struct InterruptTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
  func writesPartialResultsMarkedAborted(signal: Int32, exitCode: Int32) throws {
    try workspace.write(ShortScenario.endless, to: "endless.yaml")
    let process = try workspace.start(["run", "endless.yaml", "--output", "results"])
    try #require(process.waits(forThread: "producer.0"), "the load has begun")
    process.signal(signal)
    let outcome = try process.finish()
    #expect(outcome.exitCode == exitCode, "\(outcome.errors)")
    let result = try ResultFile(workspace.folder.appending(path: "results/result.json"))
    #expect(result.status == "aborted")
    #expect(result.exitCode == Int(exitCode))
    #expect(result.trialStatuses == ["aborted"])
    for phase in result.phases { #expect(phase.violations.values.allSatisfy { $0 == 0 }) }
    let files = try workspace.files(in: "results")
    for file in RunTests.expectedFiles { #expect(files.contains(file)) }
    #expect(files.allSatisfy { !$0.hasPrefix(".") }, "every file is whole")
    for file in files where file.hasSuffix(".csv") {
      #expect(try workspace.read("results/\(file)").hasSuffix("\n"))
    }
    #expect(outcome.output.contains("STOPPED EARLY"))
  }

  /// A run that has not sent anything yet has nothing to write but that.
  @Test func aSignalBeforeTheLoadBeginsIsAResultToo() throws {
    try workspace.write(ShortScenario.endless, to: "endless.yaml")
    let process = try workspace.start(["run", "endless.yaml", "--output", "results"])
    try #require(process.waits(forErrorText: "Running endless"))
    process.signal(SIGINT)
    #expect(try process.finish().exitCode == 130)
    #expect(try ResultFile(workspace.folder.appending(path: "results/result.json")).status == "aborted")
  }

  @Test func aQuietRunSaysNothingAboutIt() throws {
    try workspace.write(ShortScenario.endless, to: "endless.yaml")
    let process = try workspace.start(["run", "endless.yaml", "--quiet", "--output", "results"])
    try #require(process.waits(forThread: "producer.0"), "the load has begun")
    process.signal(SIGINT)
    let outcome = try process.finish()
    #expect(outcome.exitCode == 130)
    #expect(outcome.errors.isEmpty, "\(outcome.errors)")
  }

  @Test func aSecondSignalQuitsAtOnce() throws {
    try workspace.write(ShortScenario.undrainable, to: "undrainable.yaml")
    let process = try workspace.start(["run", "undrainable.yaml", "--output", "results"])
    try #require(process.waits(forThread: "c.0"), "it sleeps on the message")
    process.signal(SIGINT)
    try #require(process.waits(forErrorText: "Once more to quit at once"))
    process.signal(SIGINT)
    #expect(try process.finish().exitCode == 130)
    #expect(try workspace.files(in: "results").isEmpty, "nothing was complete")
  }
}
