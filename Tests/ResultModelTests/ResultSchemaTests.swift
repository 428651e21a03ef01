import Foundation
import ResultModel
import Testing

@Suite struct ResultSchemaTests {
  /// Every key that the code writes is in the schema, and every key of the schema has a description.
  @Test func fullSampleIsValid() throws {
    let output = try validate([SampleResult.full()])
    guard let output else { return }
    #expect(output == "1 valid\n")
  }

  /// Keys that came later, which older files lack.
  @Test func laterKeysAreValidAndSurviveTheFile() throws {
    var result = SampleResult.full()
    result.variants[0].trials[0].phases[1].faults = [
      FaultSummary(kind: "lose", injected: 3, detected: 2, undetected: ["producer.0 #7"]),
      FaultSummary(kind: "pause", injected: 1, planned: 2),
    ]
    result.variants[0].trials[0].phases[1].counts.failed = 2
    result.variants[0].trials[0].phases[1].counts.retried = 3
    result.variants[0].trials[0].phases[1].counts.revoked = 4
    result.variants[0].trials[0].phases[1].encodeTime = result.variants[0].trials[0].phases[1].latency
    result.variants[0].trials[0].phases[1].decodeTime = result.variants[0].trials[0].phases[1].latency
    result.variants[0].trials[0].phases[1].encodedBytesPerMessage = 312.5
    result.variants[0].trials[0].phases[1].resources?.allocatedBytesOnce = 65_536
    result.variants[0].trials[0].phases[1].intervals[0].allocatedBytes = 65_536
    result.variants[1].tool = result.tool
    result.variants[1].trials[1].batch = 1
    result.scenario.overrides = ["load.for=1s"]
    result.scenario.variables = ["RATE": "7k/s"]
    result.comparisons[0].batch = 1
    result.comparisons[0].isConfirmed = false
    result.comparisons[0].baselineRange = Interval(820, 832)
    result.comparisons[0].candidateRange = Interval(790, 840)
    result.comparisons[0].reason = "the trials do not agree"
    result.comparisonRules = ComparisonRules(metric: "throughput", confirmationCount: 1)
    var environment = result.environment
    environment.lineTransferAfter = LineTransfer(p50: 200, p99: 250)
    environment.noise?.aaCPUVariationAfter = 0.02
    environment.noise?.aaMemoryVariationAfter = 0.2
    environment.noise?.pressureCPURunPercent = 30
    environment.noise?.pressureMemoryRunPercent = 0.5
    environment.noise?.loadAverage = 1.5
    result.environment = environment
    #expect(try RunResult.load(data: try result.jsonData()) == result)
    let output = try validate([result])
    guard let output else { return }
    #expect(output == "1 valid\n")
  }

  @Test func whatSomeLoadsAddIsValid() throws {
    var result = SampleResult.full()
    result.variants[0].trials[0].phases[1].arrivals = ArrivalCheck(
      process: .poisson, statistic: 0.0125, p: 0.92, count: 2_000)
    result.variants[0].trials[0].phases[1].backlog = BacklogSummary(
      messageCount: 1_000, buildNanoseconds: 1_000_000, drainNanoseconds: 500_000)
    let output = try validate([result])
    guard let output else { return }
    #expect(output == "1 valid\n")
    result.variants[0].trials[0].phases[1].arrivals?.p = 2
    #expect(try validate([result])?.contains("arrivals/ks_p") == true)
  }

  @Test func minimalResultIsValid() throws {
    let empty = RunResult(
      runID: "r", status: .aborted, exitCodes: [.interrupted],
      tool: ToolInformation(
        version: "0", gitSHA: "", dirty: false,
        build: ToolInformation.Build(configuration: "debug", swift: "6.3", allocator: "system")),
      scenario: ScenarioIdentity(name: "s", path: "s.yaml", resolvedSHA256: "", seed: 1),
      environment: EnvironmentInformation(
        machineKey: "k", cores: 1,
        clock: TimeSourceInformation(name: nil, quantumNanoseconds: 1, readCostNanoseconds: 20)),
      started: WallClockTime(millisecondsSinceEpoch: 0), durationNanoseconds: 0, variants: [])
    let output = try validate([empty])
    guard let output else { return }
    #expect(output == "1 valid\n")
  }

  @Test func wrongValuesAreFound() throws {
    var result = SampleResult.full()
    result.variants[0].slug = "with space"
    result.variants[0].trials[0].phases[0].counts.sent = -1
    let output = try validate([result])
    guard let output else { return }
    #expect(output.contains("variants/0/slug"))
    #expect(output.contains("variants/0/trials/0/phases/0/counts/sent"))
  }

  /// What the validator printed; `nil` where there is no Python with jsonschema.
  private func validate(_ results: [RunResult]) throws -> String? {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let schema = directory.appendingPathComponent("schema.json")
    try Data(ResultSchema.json.utf8).write(to: schema)
    var paths: [String] = []
    for (index, result) in results.enumerated() {
      let file = directory.appendingPathComponent("\(index).json")
      try result.jsonData().write(to: file)
      paths.append(file.path)
    }
    guard try python(["-c", "import jsonschema"]).status == 0 else { return nil }
    let script = Fixtures.testDirectory + "/validate_result.py"
    return try python([script, "--strict", schema.path] + paths).output
  }

  private func python(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
