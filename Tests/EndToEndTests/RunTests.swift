import Foundation
import Testing

/// What a run leaves behind, and what it says.
@Suite(.serialized) struct RunTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  static let expectedFiles = [
    "events.csv", "intervals.csv", "metrics.csv", "percentiles.csv", "result.json", "run.hlog", "variants.csv",
  ]

  /// Items of 8 bytes carry no times, so that the ring has no percentiles.
  @Test(
    arguments: [(ShortScenario.workQueue, true), (ShortScenario.requestReply, true), (ShortScenario.ring, false)])
  func writesEveryResultFile(scenario: String, hasTimes: Bool) throws {
    try workspace.write(scenario, to: "short.yaml")
    let outcome = try workspace.ringside("run", "short.yaml", "--output", "results")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("PASSED"), "the summary goes to standard output")
    #expect(outcome.output.contains("p99") == hasTimes)
    let files = try workspace.files(in: "results")
    for file in Self.expectedFiles { #expect(files.contains(file)) }
    #expect(files.contains { $0.hasSuffix(".hgrm") } == hasTimes)
    #expect(files.allSatisfy { !$0.hasPrefix(".") && !$0.hasSuffix(".tmp") }, "no temporary file stays")

    let result = try ResultFile(workspace.folder.appending(path: "results/result.json"))
    #expect(result.status == "passed")
    #expect(result.exitCode == 0)
    for phase in result.phases {
      #expect(phase.violations == ["lost": 0, "duplicated": 0, "reordered": 0, "corrupted": 0], "\(phase.name)")
      #expect(phase.received > 0, "\(phase.name)")
      // The engine looks while they run, and for the last time when they have ended.
      let allocated = phase.allocatedByInterval.compactMap(\.self)
      #expect(allocated.count == phase.allocatedByInterval.count && !allocated.isEmpty, "\(phase.name)")
      #expect(allocated.reduce(0, +) == phase.allocated, "\(phase.name): \(allocated)")
    }
  }

  @Test func resultsSatisfyTheirSchemaAndLoadInPython() throws {
    try workspace.write(ShortScenario.workQueue, to: "short.yaml")
    #expect(try workspace.ringside("run", "short.yaml", "--quiet", "--output", "results").exitCode == 0)
    guard try workspace.run("python3", "--version").exitCode == 0 else {
      print("skipped: there is no python3 to read the results with")
      return
    }
    let tests = BuiltBinary.repository.appending(path: "Tests").path
    let schema = try workspace.write(try workspace.ringside("schema", "result").output, to: "result.schema.json")
    if try workspace.run("python3", "-c", "import jsonschema").exitCode == 0 {
      let validation = try workspace.run(
        "python3", "\(tests)/ResultModelTests/validate_result.py", "--strict", schema, "results/result.json")
      #expect(validation.exitCode == 0, "\(validation.output)\(validation.errors)")
    } else {
      print("skipped: there is no python3-jsonschema to validate result.json with")
    }
    let tables = try workspace.run("python3", "\(tests)/ReportsTests/check_csv.py", "results")
    #expect(tables.exitCode == 0, "\(tables.output)\(tables.errors)")
  }

  @Test func brokenMessagesFailTheRunAndAreNamed() throws {
    try workspace.write(
      """
      name: self-test
      workload: { pattern: work_queue }
      load: { saturate: 20k }
      faults: [ { kind: lose, one_in: 10k }, { kind: duplicate, one_in: 10k } ]
      """, to: "self-test.yaml")
    let outcome = try workspace.ringside("run", "self-test.yaml", "--output", "results")
    #expect(outcome.exitCode == 5)
    #expect(outcome.output.contains("2 lose (2 detected), 2 duplicate (2 detected)"), "\(outcome.output)")
    let events = try workspace.read("results/events.csv").split(separator: "\n").filter { $0.contains(",fault,") }
    #expect(events.count == 4)
    for event in events {
      let number = try #require(event.split(separator: " ").first { $0.hasPrefix("#") })
      #expect(outcome.output.contains(number), "\(event)")
    }
  }

  @Test func theNoiseProbeCanBeSwitchedOff() throws {
    try workspace.write(ShortScenario.ring, to: "short.yaml")
    #expect(try workspace.ringside("run", "short.yaml", "--quiet", "--output", "probed").exitCode == 0)
    #expect(try workspace.read("probed/result.json").contains("\"aa_cpu_cv_after\""))
    let outcome = try workspace.ringside("run", "short.yaml", "--quiet", "--no-noise-probe", "--output", "unprobed")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(!(try workspace.read("unprobed/result.json").contains("\"aa_cpu_cv\"")))
  }

  @Test func strictnessIsAskedForByOptionOrVariable() throws {
    try workspace.write("time: virtual\n" + ShortScenario.requestReply, to: "short.yaml")
    let overrides = ["--set", "workload.service_time=1ms"]
    let outcome = try workspace.start(["run", "short.yaml", "--quiet", "--strict", "--output", "r"] + overrides)
      .finish()
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let wrong = try workspace.ringside("run", "short.yaml", environment: ["RINGSIDE_STRICT": "perhaps"])
    #expect(wrong.exitCode == 64)
    #expect(wrong.errors.contains("RINGSIDE_STRICT is `perhaps`"))
  }

  @Test func createsTheDirectoryThatTheScenarioNames() throws {
    try workspace.write(ShortScenario.ring, to: "short.yaml")
    #expect(try workspace.ringside("run", "short.yaml", "--quiet").exitCode == 0)
    let runs = try workspace.files(in: "Results/short-ring")
    #expect(runs.count == 1)
    #expect(try workspace.files(in: "Results/short-ring/\(runs[0])").contains("result.json"))
  }

  @Test func neverMixesTwoRunsInOneDirectory() throws {
    try workspace.write(ShortScenario.ring, to: "short.yaml")
    #expect(try workspace.ringside("run", "short.yaml", "--quiet", "--output", "results").exitCode == 0)
    let first = try workspace.read("results/result.json")
    let second = try workspace.ringside("run", "short.yaml", "--quiet", "--output", "results")
    #expect(second.exitCode == 73)
    #expect(second.errors.contains("results"))
    #expect(try workspace.read("results/result.json") == first)
  }

  @Test func takesAnEmptyDirectory() throws {
    try workspace.write(ShortScenario.ring, to: "short.yaml")
    try FileManager.default.createDirectory(
      at: workspace.folder.appending(path: "results"), withIntermediateDirectories: false)
    let outcome = try workspace.ringside("run", "short.yaml", "--quiet", "--output", "results")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(try workspace.files(in: "results").contains("result.json"))
  }

  /// Simulated: nothing is said about a machine, and nothing takes the time of the load.
  @Test func aSimulationSaysSoAndNamesNoMachine() throws {
    let scenario = BuiltBinary.repository.appending(path: "Scenarios/virtual-time.yaml").path
    let outcome = try workspace.ringside("run", scenario, "--output", "results", "--set", "load.for=2s")
    #expect(outcome.exitCode == 0, "\(outcome.errors)\(outcome.output)")
    #expect(outcome.output.contains("simulated: 5 workers on one thread"), "\(outcome.output)")
    for word in ["quiet enough", "cache line", "cores"] { #expect(!outcome.output.contains(word), "\(word)") }
    #expect(!(try workspace.read("results/result.json").contains("\"aa_cpu_cv\"")))
    let plan = try workspace.ringside("plan", scenario)
    #expect(plan.output.contains("simulated, so it does not take the time of its phases"))
    #expect(plan.output.contains("simulated one after the other on one thread"))
  }

  /// A key with a comma used to be written so that it could not be read again.
  @Test func aRecordedTraceCanBeReplayedWhateverItsKeys() throws {
    try workspace.write(
      """
      name: keys
      topology:
        exchanges: { e: direct }
        queues: { q: {} }
        bindings: [ { from: e, to: q, key: 'a,"b"' }, { from: e, to: q, key: ' c ' } ]
      workload: { producers: { p: { to: e, keys: ['a,"b"', ' c '] } } }
      load: { constant: 20/s, for: 500ms, pacing: { max_lag: 10s } }
      output: { trace: trace.csv }
      """, to: "record.yaml")
    let recorded = try workspace.ringside("run", "record.yaml", "--output", "results")
    #expect(recorded.exitCode == 0, "\(recorded.errors)\(recorded.output)")
    #expect(try workspace.read("results/trace.csv").contains(",\"a,\"\"b\"\"\",0"))
    let replayed = try workspace.ringside(
      "run", "record.yaml", "--output", "again", "--set", "load={ trace: results/trace.csv, pacing: { max_lag: 10s } }")
    #expect(replayed.exitCode == 0, "\(replayed.errors)\(replayed.output)")
  }

  @Test func quietSaysNothingAndJSONIsTheWholeOutput() throws {
    try workspace.write(ShortScenario.ring, to: "short.yaml")
    let quiet = try workspace.ringside("run", "short.yaml", "--quiet", "--output", "results")
    #expect(quiet.exitCode == 0)
    #expect(quiet.output.isEmpty)
    #expect(quiet.errors.isEmpty)

    let json = try workspace.ringside("run", "short.yaml", "--json", "--output", "more")
    #expect(json.exitCode == 0)
    #expect(json.output == (try workspace.read("more/result.json")))
  }

  /// The formats used to be read and then ignored.
  @Test(
    arguments: [
      ("[json]", ["result.json"]), ("[hlog]", ["run.hlog"]),
      ("[csv]", ["events.csv", "intervals.csv", "metrics.csv", "percentiles.csv", "variants.csv"]),
      ("[hgrm]", ["v01-default.service_time.hgrm"]),
    ])
  func writesOnlyTheFormatsThatTheScenarioNames(formats: String, files: [String]) throws {
    try workspace.write(ShortScenario.requestReply, to: "short.yaml")
    let outcome = try workspace.ringside(
      "run", "short.yaml", "--quiet", "--output", "results", "--set", "output.formats=\(formats)")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(try workspace.files(in: "results") == files)
  }

  @Test func saysInASentenceWhyAQuietRunFailed() throws {
    let overload = """
      name: overload
      workload: { pattern: work_queue, service_time: 50ms, consumers: { c: { busy: sleep } } }
      load: { saturate: 100, drain: 10ms }
      """
    try workspace.write(overload, to: "overload.yaml")
    let outcome = try workspace.ringside("run", "overload.yaml", "--quiet", "--output", "results")
    #expect(outcome.exitCode == 6)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains("load.drain"))
    let result = try ResultFile(workspace.folder.appending(path: "results/result.json"))
    #expect(result.status == "invalid")
    #expect(result.trialStatuses == ["invalid"])
  }

  @Test func environmentVariablesOverrideOptions() throws {
    try workspace.write(ShortScenario.ring, to: "short.yaml")
    let outcome = try workspace.ringside(
      "run", "short.yaml", "--output", "ignored",
      environment: [
        "RINGSIDE_OUTPUT": "chosen", "RINGSIDE_JSON": "1", "RINGSIDE_QUIET": "yes",
        "RINGSIDE_SET": "name=renamed; load.saturate=50k",
      ])
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.errors.isEmpty)
    #expect(try workspace.files(in: "chosen").contains("result.json"))
    #expect(!FileManager.default.fileExists(atPath: workspace.folder.appending(path: "ignored").path))
    let result = try ResultFile(workspace.folder.appending(path: "chosen/result.json"))
    #expect(result.scenarioName == "renamed")
    #expect(result.phases.map(\.received) == [50_000])
  }

  @Test func showsQueuesAfterTheRun() throws {
    try workspace.write(ShortScenario.workQueue, to: "short.yaml")
    let outcome = try workspace.ringside("run", "short.yaml", "--show", "queues", "--output", "results")
    #expect(outcome.exitCode == 0)
    let table = outcome.output.split(separator: "\n").drop { !$0.hasPrefix("name") }.map { line in
      line.split(separator: " ").map(String.init)
    }
    try #require(table.count == 2, "\(outcome.output)")
    #expect(
      table[0] == [
        "name", "messages", "messages_ready", "messages_unacknowledged", "consumers", "memory", "messages_delayed",
        "publish_rate", "deliver_rate", "redeliver_rate", "ack_rate",
      ])
    #expect(table[1].prefix(5) == ["work", "0", "0", "0", "1"], "everything was taken and acknowledged")
    #expect(table[1].count == 11 && table[1][9] == "0" && Int(table[1][7]) ?? 0 > 0, "\(table[1])")
    #expect(table[1][7] == table[1][8] && table[1][8] == table[1][10], "in the last phase all went through")
  }

  @Test func showsExchangesBindingsAndConsumersToo() throws {
    let topology =
      "topology: { exchanges: { logs: fanout }, queues: { work: {} }, bindings: [ { from: logs, to: work } ] }\n"
    try workspace.write(topology + ShortScenario.workQueue, to: "short.yaml")
    let outcome = try workspace.ringside(
      "run", "short.yaml", "--quiet", "--show", "exchanges,bindings,consumers", "--output", "results")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(lines.contains(["logs", "fanout", "false"]))
    #expect(lines.contains(["amq.topic", "topic", "false"]))
    #expect(lines.contains(["source_name", "destination_name", "destination_kind", "routing_key", "arguments"]))
    #expect(lines.contains(["logs", "work", "queue"]))
    #expect(lines.last?.prefix(1) == ["work"] && lines.last?.dropFirst(3) == ["true", "256", "0", "true", "0"])
  }

  @Test func theTableOfQueuesDoesNotSpoilTheJSON() throws {
    try workspace.write(ShortScenario.requestReply, to: "short.yaml")
    let outcome = try workspace.ringside("run", "short.yaml", "--json", "--show", "queues", "--output", "results")
    #expect(outcome.exitCode == 0)
    #expect(outcome.output == (try workspace.read("results/result.json")))
    #expect(outcome.errors.contains("messages_unacknowledged"))
  }

  @Test(arguments: [[:], ["NO_COLOR": "1"]])
  func writesNoEscapeSequencesIntoAFile(environment: [String: String]) throws {
    try workspace.write(ShortScenario.ring, to: "short.yaml")
    let outcome = try workspace.ringside("run", "short.yaml", "--output", "results", environment: environment)
    #expect(!outcome.output.contains("\u{1B}"))
    #expect(!outcome.errors.contains("\u{1B}"))
  }

  /// `script` gives the process a terminal.
  @Test func colorsATerminalUnlessNoColorIsSet() throws {
    guard try workspace.run("script", "--version").exitCode == 0 else {
      print("skipped: there is no `script` to make a terminal with")
      return
    }
    try workspace.write(ShortScenario.ring, to: "short.yaml")
    let command = "\(BuiltBinary.url.path) run short.yaml 2>/dev/null --output"
    let colored = try workspace.run("script", "-qec", "\(command) colored", "/dev/null")
    #expect(colored.output.contains("\u{1B}["))
    let plain = try workspace.run("script", "-qec", "\(command) plain", "/dev/null", environment: ["NO_COLOR": "1"])
    #expect(plain.exitCode == 0)
    #expect(!plain.output.contains("\u{1B}["))
  }
}
