import ScenarioModel
import Testing

/// What a scenario is compared with, and by which rules.
@Suite struct ComparisonKeyTests {
  private static let workload = "workload: { pattern: work_queue }\nload: { constant: 1k/s, for: 1s }\n"

  @Test func whatIsLeftOutIsTheDefaultOfTheModel() throws {
    let scenario = try TestFiles(Self.workload + "compare: { against: main }").load()
    var expected = Scenario.Comparison()
    expected.against = "main"
    #expect(scenario.comparison == expected)
    #expect(scenario.trials.count == 10, "a comparison needs some")
    #expect(try TestFiles(Self.workload).load().comparison == nil)
  }

  @Test func everyKeyIsRead() throws {
    let text = "compare: { against: v1.2-rc_3, metric: throughput, max_regression: 2%, alpha: 0.05, confirm: 3 }"
    let comparison = try TestFiles(Self.workload + text).load().comparison
    #expect(
      comparison
        == Scenario.Comparison(
          metric: "throughput", maxRegression: 0.02, alpha: 0.05, against: "v1.2-rc_3", confirmationCount: 3))
  }

  /// A name with a slash in it would lead out of the folder of baselines.
  @Test func aNameThatLeadsElsewhereIsRefusedWhereItStands() {
    let found = TestFiles(Self.workload + "compare: { against: ../main }").problems()
    #expect(found.map(\.code) == [.invalidValue])
    #expect(found.first?.line == 3 && found.first?.column == 21)
  }

  /// A baseline of the night, with more trials, could not be compared with a quick run of the day.
  @Test(arguments: [
    "description: other", "seed: 7", "output: { formats: [json] }", "trials: 20", "trials: { order: paired }",
    "trials: { stop_early: { metric: throughput, ci_width: 5% } }",
  ])
  func whatChangesNothingOfWhatIsMeasuredCanBeCompared(text: String) throws {
    let one = try TestFiles(Self.workload).load()
    #expect(try TestFiles(Self.workload + text).load().digestText == one.digestText)
    #expect(try TestFiles(Self.workload + "trials: { process: shared }").load().digestText != one.digestText)
  }

  @Test func comparisonsChangeNothingOfWhatIsRun() throws {
    let one = try TestFiles(Self.workload + "trials: 10\ncompare: { against: main }").load()
    let other = try TestFiles(Self.workload + "trials: 10").load()
    #expect(one.digestText == other.digestText)
  }
}
