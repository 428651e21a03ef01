import Testing

@testable import ScenarioModel

/// Workflows of tasks in the scenario file.
@Suite struct WorkflowModelTests {
  private static func text(_ tasks: String) -> String {
    "workload: { pattern: tasks, tasks: { \(tasks) } }\nload: { constant: 1k/s, for: 1s }"
  }

  private func tasks(_ text: String) throws -> [Scenario.TaskKind] {
    try TestFiles(Self.text(text)).load().workload.tasks
  }

  @Test func workflowsNameTheirTasks() throws {
    let tasks = try tasks(
      "a: {}, b: {}, c: { chain: [a, b, a] }, g: { group: { a: 3, b: 1 } }, h: { group: [a, a] }, "
        + "m: { chord: { header: { a: 2, g: 1 }, body: b } }")
    #expect(tasks.map(\.name) == ["a", "b", "c", "g", "h", "m"])
    #expect(tasks[0].workflow == nil)
    #expect(tasks[2].workflow == .chain(["a", "b", "a"]))
    #expect(tasks[3].workflow == .group(["a", "a", "a", "b"]))
    #expect(tasks[4].workflow == .group(["a", "a"]))
    #expect(tasks[5].workflow == .chord(header: ["a", "a", "g"], body: "b"))
  }

  @Test func whatAWorkflowNamesIsSentByItselfOnlyWithAWeight() throws {
    let tasks = try tasks("a: {}, b: { weight: 2 }, lone: {}, c: { chain: [a, b], weight: 5 }, d: { group: [c] }")
    #expect(tasks.map(\.weight) == [0, 2, 1, 5, 1])
  }

  @Test func tasksSayTheirPayloadAndWhetherTheirResultMatters() throws {
    let tasks = try tasks("a: { payload: 4KiB, ignore_result: true }, b: { payload: { uniform: [32B, 64B] } }, c: {}")
    #expect(tasks.map(\.payload) == [.fixed(4096), .uniform(32...64), nil])
    #expect(tasks.map(\.ignoresResult) == [true, false, false])
  }

  @Test func theResolvedScenarioMeansTheSame() throws {
    let scenario = try TestFiles(
      Self.text("a: { payload: 1KiB }, b: {}, c: { chain: [a, b] }, m: { chord: { header: { a: 2 }, body: c } }")
    ).load()
    let again = try TestFiles(scenario.resolvedJSON).load()
    #expect(again.resolvedJSON == scenario.resolvedJSON)
    #expect(again.workload.tasks.map(\.workflow) == scenario.workload.tasks.map(\.workflow))
    #expect(again.workload.tasks.map(\.weight) == scenario.workload.tasks.map(\.weight))
  }

  /// Each is the only problem, with the column of what is wrong in the tasks, and words of what is said.
  static let mistakes: [(tasks: String, code: ScenarioProblem.Code, at: String, words: String)] = [
    ("fetch: {}, c: { chain: [fecth] }", .unknownReference, "fecth", "did you mean `fetch`?"),
    ("a: {}, c: { group: { zebra: 3 } }", .unknownReference, "zebra", "the tasks are a, c"),
    ("a: {}, c: { chord: { header: [a], body: nobody } }", .unknownReference, "nobody", "no task `nobody`"),
    ("c: { chain: [c] }", .cycle, "c:", "c → c"),
    ("a: {}, c: { chain: [a, d] }, d: { group: [c] }", .cycle, "c:", "c → d → c"),
    ("a: {}, c: { group: [] }", .missingKey, "[]", "no tasks"),
    ("a: {}, c: { group: {} }", .missingKey, "{} }", "no tasks"),
    ("a: {}, c: { chain: [] }", .missingKey, "[]", "no tasks"),
    ("a: {}, c: { chord: { header: [], body: a } }", .missingKey, "[]", "no tasks"),
    ("a: {}, c: { chord: { body: a } }", .missingKey, "{ body", "needs `header`"),
    ("a: {}, c: { chord: { header: [a] } }", .missingKey, "{ header", "needs `body`"),
    ("a: {}, c: { chain: [a], group: [a] }", .conflict, "group", "one workflow"),
    ("a: {}, c: { chain: [a], retries: 3 }", .keyWithoutEffect, "retries", "say it of its tasks: a"),
    ("a: {}, c: { group: { a: 0 } }", .outOfRange, "0 }", "1 or more"),
    ("a: {}, b: { group: { a: 500 } }, c: { group: { b: 3 } }", .outOfRange, "c:", "1500 tasks"),
    ("a: { ignore_result: true }, c: { chain: [a] }", .conflict, "c:", "needs the result of `a`"),
    ("a: { payload: 8B }", .outOfRange, "8B", "use 32B or more"),
    ("a: {}, c: { chain: a }", .wrongShape, "a }", "a list"),
  ]

  @Test(arguments: mistakes)
  func pointsAtTheMistake(tasks: String, code: ScenarioProblem.Code, at place: String, words: String) throws {
    let text = Self.text(tasks)
    let found = TestFiles(text).problems()
    #expect(found.map(\.code) == [code], "\(found)")
    #expect(found.first.map { "\($0.message) \($0.suggestion ?? "")".contains(words) } == true, "\(found)")
    let start = try #require(
      text.ranges(of: place).last { text[..<$0.lowerBound].last.map { " [{".contains($0) } == true })
    let column = text.distance(from: text.startIndex, to: start.lowerBound) + 1
    #expect(found.first?.line == 1 && found.first?.column == column, "\(found.first?.column ?? 0) is not \(column)")
  }

  private func load(_ tasks: String, _ load: String) -> TestFiles {
    TestFiles("workload: { pattern: tasks, tasks: { \(tasks) } }\nload: { \(load) }")
  }

  @Test func schedulesNeedNoLoadBesideThem() throws {
    let scenario = try load(
      "a: { schedule: { every: 100ms } }, b: {}, w: { chain: [b], schedule: { every: 1s } }", "for: 2s"
    ).load()
    #expect(scenario.load.phases.map(\.kind) == [.schedule] && scenario.load.phases[0].isOpenLoop)
    #expect(scenario.workload.tasks.map(\.schedule) == [.every(100_000_000), nil, .every(1_000_000_000)])
    #expect(scenario.workload.isSentByBeatAlone && scenario.workload.sendingThreadCount == 1)
    let again = try TestFiles(scenario.resolvedJSON).load()
    #expect(again.resolvedJSON == scenario.resolvedJSON && again.load.phases.map(\.kind) == [.schedule])
  }

  @Test func schedulesStandBesideALoad() throws {
    let scenario = try load("a: { schedule: { every: 100ms }, weight: 2 }, b: {}", "in_flight: 1, for: 2s").load()
    #expect(scenario.workload.tasks.map(\.weight) == [2, 1])
    #expect(scenario.workload.hasBeat && !scenario.workload.isSentByBeatAlone)
    #expect(scenario.workload.sendingThreadCount == 2)
  }

  static let schedules: [(tasks: String, load: String, words: String)] = [
    ("a: { schedule: { every: 5s } }", "for: 2s", "would never be sent"),
    ("a: { schedule: { every: 1ms } }", "constant: 1k/s, for: 1s", "keep `for` alone"),
    ("a: { schedule: { every: 1ms } }, b: {}", "saturate: 1000", "no time to be over"),
    ("a: { schedule: {} }, b: {}", "constant: 1k/s, for: 1s", "write { every: 100ms }"),
    ("a: { schedule: { evry: 1ms } }, b: {}", "constant: 1k/s, for: 1s", "did you mean `every`"),
    ("a: { schedule: 1ms }, b: {}", "constant: 1k/s, for: 1s", "a map"),
  ]

  @Test(arguments: schedules)
  func refusesSchedulesThatCannotHold(tasks: String, load text: String, words: String) {
    let found = load(tasks, text).problems()
    #expect(found.count == 1, "\(found)")
    #expect(found.first.map { "\($0.message) \($0.suggestion ?? "")".contains(words) } == true, "\(found)")
  }
}
