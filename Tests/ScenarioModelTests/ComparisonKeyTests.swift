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

  private static let phases = """
    workload: { pattern: work_queue }
    load: { warmup: 1s, phases: [ { fill: { saturate: 1k } }, { steady: { constant: 1k/s, for: 1s } } ] }

    """

  /// The metric of one of several phases used to be refused, though its figures are called so.
  @Test func theMetricOfOnePhaseDecides() throws {
    for metric in ["latency.p99@steady", "throughput@fill"] {
      let text = Self.phases + "compare: { against: main, metric: \(metric) }"
      #expect(try TestFiles(text).load().comparison?.metric == metric)
    }
    let only = try TestFiles(Self.workload + "compare: { against: main, metric: latency.p99@main }").load()
    #expect(only.comparison?.metric == "latency.p99", "the figures of an only phase have no name of one")
  }

  @Test(arguments: [
    ("latency.p99@stedy", "no phase whose figures count is called `stedy`"),
    ("latency.p99@warmup", "no phase whose figures count is called `warmup`"),
    ("latency.p99@fill", "phase `fill` does not have `latency`"), ("latency@steady", "`latency` is many times"),
    ("latncy.p99@steady", "no metric `latncy`"),
  ])
  func aPhaseWithoutTheMetricIsRefusedWhereItStands(metric: String, message: String) {
    let found = TestFiles(Self.phases + "compare: { against: main, metric: \(metric) }").problems()
    #expect(found.count == 1 && found.first?.message.contains(message) == true, "\(found)")
    #expect(found.first?.line == 3 && found.first?.column == 35)
  }

  @Test func whatIsAboutAllPhasesNamesNone() {
    let found = TestFiles(
      Self.phases + "trials: { stop_early: { metric: throughput@steady, ci_width: 5% } }"
    ).problems()
    #expect(found.first?.message.contains("is of one phase") == true, "\(found)")
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
