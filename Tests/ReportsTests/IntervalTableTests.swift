import ResultModel
import Testing

@testable import Reports

/// The course of a trial in figures.
@Suite struct IntervalTableTests {
  /// A trial of one phase with `count` intervals of 100 ms: 10 messages in each, times that grow, and events at its start, in the middle and
  /// after its end.
  private func trial(_ count: Int) throws -> TrialResult {
    var trial = try Fixtures.small().variants[0].trials[0]
    trial.phases[0].intervals = (0..<count).map { index in
      let time = Int64(1_000 * (index + 1))
      return IntervalSample(
        startNanoseconds: Int64(index) * 100_000_000, lengthNanoseconds: 100_000_000, offered: 10, sent: 10,
        received: 10,
        p50: time, p99: 2 * time, max: 3 * time)
    }
    return trial
  }

  private func rows(_ trial: TrialResult, events: [(Int64, String)] = []) -> [[String]] {
    IntervalTable(trial, events: events.map { (offsetNanoseconds: $0.0, name: $0.1) }).table(of: "trial 0").rows
      .map { $0.map(\.text) }
  }

  @Test func everyIntervalOfAShortPhaseHasARow() throws {
    let rows = rows(try trial(3))
    #expect(rows.map { $0[1] } == ["0 ns", "100 ms", "200 ms"])
    #expect(rows[1] == ["main", "100 ms", "100 /s", "100 /s", "100 /s", "2.00 µs", "4.00 µs", "6.00 µs"])
  }

  @Test(arguments: [20, 21, 39, 40, 1_000, 12_345])
  func aLongPhaseHasAboutTwentyRowsAndLosesNoPeak(count: Int) throws {
    let rows = rows(try trial(count))
    #expect(rows.count <= IntervalTable.rowLimit && rows.count > IntervalTable.rowLimit / 2)
    #expect(
      rows.allSatisfy { $0[2...4] == ["100 /s", "100 /s", "100 /s"] }, "a row's rate is that of all its intervals")
    #expect(rows.last?[7] == QuantityText.duration(nanoseconds: Int64(3_000 * count)))
  }

  @Test func anEventStandsInTheRowInWhichItHappened() throws {
    let second: Int64 = 1_000_000_000
    let rows = rows(
      try trial(40), events: [(-1, "before"), (0, "start"), (2 * second, "crash"), (9 * second, "after")])
    let told = rows.enumerated().filter { !$0.element[8].isEmpty }
    #expect(told.map(\.element[8]) == ["before; start", "crash", "after"])
    #expect(told.map(\.offset) == [0, 10, 19])
  }

  /// The limit of the pictures used to be that of the figures, too: what came later was nowhere on the page.
  @Test func noEventIsLeftOutOfTheFigures() throws {
    var result = try Fixtures.passed()
    result.variants[0].trials[0] = try trial(40)
    result.variants[0].trials[0].events = (0..<39).map { index in
      TrialEvent(
        offsetNanoseconds: Int64(index) * 100_000_000, kind: .faultStart, subject: "worker.\(index)", detail: "paused")
    }
    let page = RenderedReport.text(of: result, as: .markdown)
    for index in 0..<39 { #expect(page.contains("worker.\(index): paused"), "\(index)") }
    let many = rows(try trial(20), events: (0..<9).map { (0, "event \($0)") })
    #expect(many[0][8] == "event 0; event 1; event 2; event 3; event 4; event 5; and 3 more")
  }

  @Test func aTrialWithoutIntervalsHasNoRows() throws { #expect(rows(try trial(0), events: [(0, "start")]).isEmpty) }
}
