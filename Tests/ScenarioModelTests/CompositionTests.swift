import ScenarioModel
import Testing

/// `extends`, variables and overrides.
@Suite struct CompositionTests {
  @Test func extendingMergesMapsAndReplacesLists() throws {
    let files = TestFiles(files: [
      "a/s.yaml":
        "extends: ../base.yaml\nworkload: { payload: 64B }\nload: { phases: [ { two: { constant: 2k/s } } ] }",
      "a/../base.yaml": """
      name: base
      workload: { payload: 1KiB, batch: 8 }
      load: { drain: 9s, phases: [ { one: { constant: 1k/s } } ] }
      """,
    ])
    let scenario = try files.load("a/s.yaml")
    #expect(scenario.name == "base")
    #expect(scenario.workload.producerGroups[0].payloadByteCount == 64)
    #expect(scenario.workload.producerGroups[0].batchCount == 8)
    #expect(scenario.load.phases.map(\.name) == ["two"])
    #expect(scenario.load.drainNanoseconds == 9_000_000_000)
  }

  @Test func nullRemovesWhatWasInherited() throws {
    let files = TestFiles(files: [
      "s.yaml": "extends: b.yaml\nload: { constant: null, poisson: 2k/s }",
      "b.yaml": "load: { constant: 1k/s, for: 9s }",
    ])
    let phase = try files.load().load.phases[0]
    #expect(phase.kind == .poisson(ratePerSecond: 2_000))
    #expect(phase.durationNanoseconds == 9_000_000_000)
  }

  @Test func problemsPointIntoTheFileTheyAreIn() {
    let files = TestFiles(files: [
      "d/s.yaml": "extends: b.yaml\nseed: -1\n", "d/b.yaml": "# base\nload: { constant: 5 }",
    ])
    let found = files.problems("d/s.yaml")
    #expect(found.map(\.file) == ["d/s.yaml", "d/b.yaml"])
    #expect(found.map(\.line) == [2, 2])
    #expect(found.map(\.column) == [7, 19])
  }

  @Test func twoLoadsFromTwoFilesAreExplained() {
    let files = TestFiles(files: [
      "s.yaml": "extends: b.yaml\nload: { poisson: 2k/s }", "b.yaml": "load: { constant: 1k/s }",
    ])
    let found = files.problems()
    #expect(found.map(\.code) == [.conflict])
    #expect(found.first?.suggestion == "write `constant: null` to drop the inherited one")
  }

  @Test func findsFilesThatExtendEachOther() {
    let files = TestFiles(files: [
      "s.yaml": "extends: ./b.yaml", "./b.yaml": "name: b\nextends: s.yaml", "./s.yaml": "extends: b.yaml",
    ])
    let found = files.problems()
    #expect(found.map(\.code) == [.cycle])
    #expect(found.first?.message == "the files extend each other: s.yaml → b.yaml → s.yaml")
    #expect(found.first?.position == SourcePosition(file: "./b.yaml", line: 2, column: 10))
  }

  @Test func findsThatTheExtendedFileIsMissing() {
    let found = TestFiles("name: x\nextends: gone.yaml").problems()
    #expect(found.map(\.code) == [.fileNotFound])
    #expect(found.first?.position == SourcePosition(file: "s.yaml", line: 2, column: 10))
  }

  @Test(arguments: [
    ("${rate}", 7_000.0), ("${rate:-1k/s}", 7_000), ("${gone:-3k/s}", 3_000), ("${HOME_RATE}", 4_000),
    ("${n}k/s", 5_000), ("${gone:-${n}k/s}", 5_000), ("${twice}", 55_000),
  ])
  func replacesVariables(text: String, rate: Double) throws {
    let files = TestFiles(
      "vars: { rate: 7k/s, n: 5, twice: \"${n}${n}k/s\" }\nload: { constant: \"\(text)\" }",
      environment: ["HOME_RATE": "4k/s", "rate": "9k/s"])
    #expect(try files.load().load.phases[0].kind == .constant(ratePerSecond: rate))
  }

  @Test func aDoubledDollarIsALiteral() throws {
    #expect(try TestFiles("description: a $${b} $5 $").load().summary == "a ${b} $5 $")
  }

  @Test(arguments: [
    ("${rte}", "did you mean `rate`?"), ("${zebra}", "add `zebra` to `vars`"), ("${rate", "not closed"),
  ])
  func refusesUndefinedVariables(text: String, says: String) throws {
    let found = TestFiles("vars: { rate: 7k/s, c: 1 }\nname: x\ndescription: \"\(text)\"").problems()
    let problem = try #require(found.first)
    #expect(found.map(\.code) == [.undefinedVariable])
    #expect(problem.position == SourcePosition(file: "s.yaml", line: 3, column: 14))
    let words = problem.message + " " + (problem.suggestion ?? "")
    #expect(words.contains(says))
  }

  @Test func findsVariablesThatUseEachOther() {
    let found = TestFiles("vars: { a: \"${b}\", b: \"${a}\" }").problems()
    #expect(!found.isEmpty)
    #expect(found.allSatisfy { $0.code == .cycle && $0.message.contains("uses itself") })
  }

  @Test func overridesAnyKey() throws {
    let text = "load: { phases: [ { one: { constant: 1k/s, for: 1s } }, { two: { constant: 1k/s } } ] }"
    let scenario = try TestFiles(text).load(overrides: [
      "load.phases.two.constant=2k/s", "load.phases.0.one.for=3s", "workload.consumers.c={count: 2}", "seed=5",
      "workload.wait=park", "workload.wait=spin", "topology.queues={a: {max_length: 8}}", "output.dir=x=y",
    ])
    #expect(scenario.load.phases.map(\.kind) == [.constant(ratePerSecond: 1_000), .constant(ratePerSecond: 2_000)])
    #expect(scenario.load.phases[0].durationNanoseconds == 3_000_000_000)
    #expect(scenario.workload.consumerGroups.map(\.count) == [2])
    #expect(scenario.workload.consumerGroups[0].wait == .spin)
    #expect(scenario.topology.queues.map(\.name) == ["a"])
    #expect(scenario.seed == 5)
    #expect(scenario.output.directoryTemplate == "x=y")
  }

  @Test(arguments: [
    ("load.constant", ScenarioProblem.Code.invalidOverride, 1), ("=5", .invalidOverride, 1),
    ("load..for=5s", .invalidOverride, 6), ("load.constant=5", .missingUnit, 15), ("load.konstant=5/s", .unknownKey, 6),
    ("load.phases.three.for=5s", .invalidOverride, 13), ("load.phases.7={}", .invalidOverride, 13),
    ("name=[a", .syntax, 6), ("name=", .wrongShape, 6), ("workload={a: 1, a: 2}", .duplicateKey, 17),
  ])
  func pointsIntoTheOverride(text: String, code: ScenarioProblem.Code, column: Int) {
    let isPhases = text.hasPrefix("load.phases")
    let file = isPhases ? "load: { phases: [ { one: { constant: 1k/s } } ] }" : "name: x"
    let found = TestFiles(file).problems(overrides: [text]).filter { $0.file == "--set \(text)" }
    #expect(found.first?.code == code)
    #expect(found.first?.line == 1)
    #expect(found.first?.column == column)
  }

  @Test func anOverrideMayRemoveAKey() throws {
    let scenario = try TestFiles("load: { constant: 1k/s }").load(
      overrides: ["load.constant=null", "load.poisson=3k/s"])
    #expect(scenario.load.phases[0].kind == .poisson(ratePerSecond: 3_000))
  }
}
