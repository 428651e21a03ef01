import Foundation
import Testing

/// Every kind of bad input gets a message that says what to do, and the exit code of the contract.
@Suite struct BadInputTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  @Test(arguments: BadScenario.all)
  func refusesABadScenarioBeforeAnythingRuns(scenario: BadScenario) throws {
    try workspace.write(scenario.text, to: "bad.yaml")
    let checked = try workspace.ringside("check", "bad.yaml")
    #expect(checked.exitCode == 65)
    #expect(checked.output.isEmpty, "messages go to standard error")
    for fragment in scenario.message {
      #expect(checked.errors.contains(fragment), "missing '\(fragment)' in:\n\(checked.errors)")
    }
    let ran = try workspace.ringside("run", "bad.yaml", "--output", "results")
    #expect(ran.exitCode == 65)
    #expect(ran.errors == checked.errors)
    #expect(!FileManager.default.fileExists(atPath: workspace.folder.appending(path: "results").path))
  }

  @Test func showsAllProblemsAtOnce() throws {
    try workspace.write(
      """
      name: bad
      workload: { pattern: work_queue, paylod: 128B, bach: 2 }
      load: { constant: 1k/s, for: 5 }
      """, to: "bad.yaml")
    let outcome = try workspace.ringside("check", "bad.yaml")
    for fragment in ["paylod", "bach", "bad.yaml:3:30"] { #expect(outcome.errors.contains(fragment)) }
  }

  @Test(arguments: ["run", "check", "plan"])
  func saysThatTheFileIsMissing(command: String) throws {
    let outcome = try workspace.ringside(command, "missing.yaml")
    #expect(outcome.exitCode == 66)
    #expect(outcome.errors.contains("missing.yaml"))
  }

  @Test(arguments: ["run", "check", "plan"])
  func saysThatADirectoryIsNoScenario(command: String) throws {
    let outcome = try workspace.ringside(command, ".")
    #expect(outcome.exitCode == 66)
    #expect(outcome.errors.contains("directory"))
  }

  @Test func saysThatTheFileIsNotText() throws {
    try Data([0x6e, 0x61, 0xff, 0xfe]).write(to: workspace.folder.appending(path: "bad.yaml"))
    let outcome = try workspace.ringside("check", "bad.yaml")
    #expect(outcome.exitCode == 65)
    #expect(outcome.errors.contains("byte 2"))
  }

  @Test func endsOnAnEndlessFile() throws {
    let outcome = try workspace.ringside("check", "/dev/zero")
    #expect(outcome.exitCode == 65)
    #expect(outcome.errors.contains("MiB"))
  }

  @Test func saysThatAnOverrideLeadsNowhere() throws {
    let scenario = try workspace.write(ShortScenario.workQueue, to: "good.yaml")
    let outcome = try workspace.ringside("check", scenario, "--set", "load.constnat=5/s")
    #expect(outcome.exitCode == 64 || outcome.exitCode == 65)
    #expect(outcome.errors.contains("constnat"))
    #expect(outcome.errors.contains("constant"))
    let malformed = try workspace.ringside("check", scenario, "--set", "load.constant")
    #expect(malformed.exitCode == 64)
    #expect(malformed.errors.contains("load.constant"))
  }

  @Test(
    arguments: [
      ["frobnicate"], ["run"], ["run", "--frobnicate"], ["check"], ["schema"], ["schema", "frobnicate"],
      ["run", "x.yaml", "--show", "frobnicate"], ["list", "a", "b"],
    ])
  func explainsAWrongCommandLine(arguments: [String]) throws {
    let outcome = try workspace.start(arguments).finish()
    #expect(outcome.exitCode == 64)
    #expect(outcome.errors.contains("Usage:"))
    #expect(outcome.output.isEmpty)
  }

  /// An empty path used to be the root directory.
  @Test(arguments: ["", "/", "//", "r/{nmae}"])
  func refusesAResultsDirectoryThatCannotBeMeant(folder: String) throws {
    let scenario = try workspace.write(ShortScenario.ring, to: "good.yaml")
    let outcome = try workspace.ringside("run", scenario, "--output", folder)
    #expect(outcome.exitCode == 64)
    #expect(outcome.errors.contains("--output"))
    let key = try workspace.ringside("check", scenario, "--set", "output.dir=\"\(folder)\"")
    #expect(key.exitCode == 65)
    #expect(key.errors.contains("{name}"))
  }

  @Test(arguments: ["RINGSIDE_QUIET", "RINGSIDE_JSON", "RINGSIDE_SHOW"])
  func explainsAWrongEnvironmentVariable(name: String) throws {
    let scenario = try workspace.write(ShortScenario.workQueue, to: "good.yaml")
    let outcome = try workspace.ringside("run", scenario, environment: [name: "frobnicate"])
    #expect(outcome.exitCode == 64)
    #expect(outcome.errors.contains(name))
  }

  /// Each of them is refused by the system even to root.
  @Test(arguments: ["/proc/ringside", "good.yaml/results", "/dev/full"])
  func saysThatTheResultsDirectoryCannotBeWritten(folder: String) throws {
    let scenario = try workspace.write(ShortScenario.workQueue, to: "good.yaml")
    let outcome = try workspace.ringside("run", scenario, "--output", folder)
    #expect(outcome.exitCode == 73)
    #expect(outcome.errors.contains(folder))
  }

  /// A limit on the size of files stands in for a full disk: the files start well and cannot be completed.
  @Test func leavesNoHalfFileOnAFullDisk() throws {
    let scenario = try workspace.write(ShortScenario.workQueue, to: "good.yaml")
    let outcome = try workspace.run(
      "sh", "-c", "ulimit -f 1; exec \"$0\" run \(scenario) --quiet --output results", BuiltBinary.url.path)
    #expect(outcome.exitCode == 73 || outcome.exitCode == 74)
    #expect(outcome.errors.contains("results"))
    for file in try workspace.files(in: "results") {
      #expect(!file.hasPrefix(".") && !file.hasSuffix(".tmp"), "left behind: \(file)")
    }
    #expect(
      !(try workspace.files(in: "results")).contains("result.json"), "larger than the limit, so it cannot be whole")
  }

  @Test func saysThatStandardOutputIsFull() throws {
    let outcome = try workspace.run("sh", "-c", "exec \"$0\" schema result > /dev/full", BuiltBinary.url.path)
    #expect(outcome.exitCode == 74)
    #expect(outcome.errors.contains("standard output"))
  }

  @Test func initNeverOverwrites() throws {
    #expect(try workspace.ringside("init", "mine.yaml").exitCode == 0)
    let first = try workspace.read("mine.yaml")
    let second = try workspace.ringside("init", "mine.yaml")
    #expect(second.exitCode == 73)
    #expect(second.errors.contains("mine.yaml"))
    #expect(try workspace.read("mine.yaml") == first)
    #expect(try workspace.ringside("check", "mine.yaml").exitCode == 0, "the starter scenario is valid")
  }
}
