import Testing

@testable import ScenarioModel

/// Crontabs in the scenario file, and the clock that they go by.
@Suite struct CrontabModelTests {
  private static func text(_ schedule: String, _ beat: String, _ load: String = "constant: 1k/s, for: 2s") -> String {
    "workload: { pattern: tasks, tasks: { a: { schedule: { \(schedule) } }, b: {} }\(beat.isEmpty ? "" : ", beat: { \(beat) }") }\n"
      + "load: { \(load) }"
  }

  private static let hourly = "from: 2026-10-25T00:00:00Z, speed: 3600"

  private func crontab(_ schedule: String, _ beat: String = hourly) throws -> Scenario.TaskCrontab? {
    let scenario = try TestFiles(Self.text(schedule, beat)).load()
    guard case .crontab(let crontab) = scenario.workload.tasks[0].schedule else { return nil }
    return crontab
  }

  @Test func aCrontabIsALineOrItsFields() throws {
    let line = try crontab(
      "crontab: \"*/5 8-17 1-7 oct mon-fri\", timezone: Europe/Berlin", "from: 2026-10-01, speed: 1000000")
    #expect(line?.fields == ["*/5", "8-17", "mon-fri", "1-7", "oct"] && line?.timeZone == "Europe/Berlin")
    let fields = try crontab(
      "minute: \"*/5\", hour: 8-17, day_of_week: mon-fri, day_of_month: 1-7, month_of_year: oct, timezone: Europe/Berlin",
      "from: 2026-10-01, speed: 1000000")
    #expect(fields == line)
    let hourly = try crontab("minute: 30")
    #expect(hourly?.fields == ["30", "*", "*", "*", "*"] && hourly?.timeZone == "UTC")
  }

  @Test func theBeatsClockBeginsAndGoesAsTheFileSays() throws {
    let scenario = try TestFiles(Self.text("crontab: \"30 * * * *\"", Self.hourly)).load()
    #expect(scenario.workload.beatClock == .init(fromSeconds: 1_792_886_400, speed: 3600))
    // Intervals need none.
    #expect(try TestFiles(Self.text("every: 10ms", "")).load().workload.beatClock == .init())
  }

  @Test func theResolvedScenarioMeansTheSame() throws {
    for schedule in ["crontab: \"30 2 * * *\", timezone: Europe/Berlin", "minute: \"5,35\"", "hour: 0-5, minute: 0"] {
      let scenario = try TestFiles(Self.text(schedule, Self.hourly)).load()
      let again = try TestFiles(scenario.resolvedJSON).load()
      #expect(again.resolvedJSON == scenario.resolvedJSON)
      #expect(again.workload.tasks.map(\.schedule) == scenario.workload.tasks.map(\.schedule))
      #expect(again.workload.beatClock == scenario.workload.beatClock)
    }
  }

  /// In Berlin the clocks go back from 3:00 to 2:00 on 2026-10-25, at 1:00 UTC.
  @Test func aPhaseKnowsHowOftenATaskIsDue() throws {
    let cases: [(schedule: String, count: Int, first: String?)] = [
      ("crontab: \"30 2 * * *\", timezone: Europe/Berlin", 1, "2026-10-25 02:30:00"),
      ("crontab: \"*/30 * * * *\", timezone: Europe/Berlin", 5, "2026-10-25 02:30:00"),
      ("minute: 0", 2, "2026-10-25 01:00:00"), ("every: 10ms", 299, nil),
    ]
    for (schedule, count, first) in cases {
      let scenario = try TestFiles(Self.text(schedule, schedule.hasPrefix("every") ? "" : Self.hourly)).load()
      let (found, clock) = (scenario.workload.tasks[0].schedule, scenario.workload.beatClock)
      #expect(found?.dueCount(in: 3_000_000_000, by: clock, limit: 1000) == count, "\(schedule)")
      #expect(found?.dueCount(in: 3_000_000_000, by: clock, limit: 1) == 1)
      #expect(found?.firstDueText(by: clock) == first)
    }
    let open = try TestFiles(Self.text("minute: \"*\"", "speed: 60")).load()
    #expect(open.workload.tasks[0].schedule?.dueCount(in: 3_000_000_000, by: open.workload.beatClock, limit: 9) == nil)
    #expect(open.workload.tasks[0].schedule?.summary == "every minute in UTC")
  }

  /// Each is the only problem, with the text that it points at and words of what is said.
  static let mistakes: [(schedule: String, beat: String, at: String, words: String)] = [
    ("crontab: \"60 * * * *\"", hourly, "60 *", "minute '60': 60 is not in 0-59"),
    ("crontab: \"0 8,25 * * *\"", hourly, "25 *", "25 is not in 0-23"),
    ("crontab: '*/5 * * * mon-fry'", hourly, "fry", "or a name such as mon"),
    ("crontab: \"* * * *\"", hourly, "\" }", "a crontab has five fields"),
    ("crontab: \"* * * * * *\"", hourly, "*\" }", "has 6 write \"*/5 * * * *\""),
    ("crontab: \"0 0 31 2 *\"", hourly, "31 2", "day_of_month '31' never comes in month_of_year '2'"),
    ("crontab: \"0 0 30,31 feb *\"", hourly, "30,31", "never comes"),
    ("hour: 3-24", hourly, "24 }", "24 is not in 0-23"),
    ("minute: 0, day_of_month: 31, month_of_year: \"4,6\"", hourly, "31,", "never comes in month_of_year '4,6'"),
    ("minute: \"*/0\"", hourly, "0\" }", "a step is a number from 1"),
    ("minute: 5, timezone: Europe/Berlni", hourly, "Europe/Berlni", "did you mean `Europe/Berlin`"),
    ("minute: 5, timezone: Mars", hourly, "Mars", "there is no time zone `Mars`"),
    ("every: 1ms, crontab: \"* * * * *\"", hourly, "crontab:", "keep one of them"),
    ("crontab: \"* * * * *\", hour: 5", hourly, "hour:", "not `crontab` and `hour`"),
    ("every: 1ms, timezone: UTC", "", "timezone:", "has no say"),
    ("timezone: UTC", "", "{ timezone", "says nothing about when"),
    ("every: 1ms", hourly, "beat:", "no task has a crontab"),
    ("minute: 5", "from: 2026-02-29, speed: 3600", "2026-02-29", "write 2026-10-25T00:00:00Z"),
    ("minute: 5", "from: 2026-10-25T00:00:00Z, speed: 2000000", "2000000", "use 1000000 or less"),
    ("minute: 5", "from: 2026-10-25T00:00:00Z, speed: 0", "0 }", "use more than 0"),
    ("minute: 5", "form: 2026-10-25, speed: 3600", "form:", "did you mean `from`"),
    ("hour: 4, minute: 0", hourly, "a:", "first due at 2026-10-25 04:00:00 in UTC"),
    ("hour: 2, minute: 0", hourly, "a:", "it would never be sent"),
    ("minute: 5", "", "a:", "whether it is ever sent would depend on when the run is started"),
    ("minute: 5", "speed: 3599", "a:", "due no more often than every 1h"),
    ("crontab: \"*/5 * * * *\"", "", "a:", "speed: 300"),
  ]

  @Test(arguments: mistakes)
  func pointsAtTheMistake(schedule: String, beat: String, at place: String, words: String) throws {
    let seconds = words == "due no more often than every 1h" ? "1s" : "2s"
    let text = Self.text(schedule, beat, "constant: 1k/s, for: \(seconds)")
    let found = TestFiles(text).problems()
    #expect(found.count == 1, "\(found)")
    #expect(found.first.map { "\($0.message) \($0.suggestion ?? "")".contains(words) } == true, "\(found)")
    let start = try #require(text.firstRange(of: place)).lowerBound
    let column = text.distance(from: text.startIndex, to: start) + 1
    #expect(found.first?.line == 1 && found.first?.column == column, "\(found.first?.column ?? 0) is not \(column)")
  }

  @Test func aLongPhaseNeedsNoBeginningOfTheClock() throws {
    let text = Self.text("crontab: \"*/5 * * * *\"", "", "constant: 1/s, for: 5m")
    #expect(try TestFiles(text).load().workload.beatClock == .init())
  }

  @Test func onlyTasksHaveABeat() {
    let found = TestFiles("workload: { beat: { speed: 2 } }\nload: { constant: 1k/s, for: 1s }").problems()
    #expect(found.map(\.code) == [.keyWithoutEffect], "\(found)")
  }
}
