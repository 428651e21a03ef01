import Testing

@testable import TaskWorkers

@Suite struct CrontabTests {
  /// Celery's documentation of `crontab` has these.
  @Test func fieldsAreReadAsCeleryReadsThem() throws {
    let cases: [(CrontabField, String, [Int])] = [
      (.minute, "*", Array(0...59)), (.minute, "*/15", [0, 15, 30, 45]), (.minute, "0", [0]),
      (.hour, "0,3,6,9,12,15,18,21", [0, 3, 6, 9, 12, 15, 18, 21]), (.hour, "*/3", [0, 3, 6, 9, 12, 15, 18, 21]),
      (.hour, "0, 3", [0, 3]), (.hour, "8-17", Array(8...17)),
      (.hour, "*/2,*/3", [0, 2, 3, 4, 6, 8, 9, 10, 12, 14, 15, 16, 18, 20, 21, 22]),
      (.hour, "22-2", [0, 1, 2, 22, 23]), (.hour, "3-9/3", [3, 6, 9]), (.hour, "22-4/2", [0, 2, 4, 22]),
      (.dayOfWeek, "sunday", [0]), (.dayOfWeek, "thu,fri", [4, 5]), (.dayOfWeek, "fri-mon", [0, 1, 5, 6]),
      (.dayOfWeek, "Mon-Fri", [1, 2, 3, 4, 5]),
      (.dayOfMonth, "*/10", [1, 11, 21, 31]), (.dayOfMonth, "1-7,15-21", Array(1...7) + Array(15...21)),
      (.dayOfMonth, "2-30/2", Array(stride(from: 2, through: 30, by: 2))),
      (.monthOfYear, "*/3", [1, 4, 7, 10]), (.monthOfYear, "dec-feb", [1, 2, 12]), (.monthOfYear, "0005", [5]),
    ]
    for (field, text, values) in cases {
      let bits = try field.read(text)
      #expect((0..<64).filter { bits >> UInt64($0) & 1 == 1 } == values, "\(field.rawValue) \(text)")
    }
  }

  @Test func textThatIsNoFieldSaysWhy() {
    let cases: [(CrontabField, String, String)] = [
      (.minute, "60", "60 is not in 0-59"), (.minute, "", "a value is missing"),
      (.minute, "1,,2", "a value is missing"),
      (.minute, "*/0", "a step is a number from 1"), (.minute, "*/x", "a step is a number from 1"),
      (.minute, "5/10", "a step follows a range or *"), (.minute, "1-2-3", "a range has two ends"),
      (.minute, "-5", "a value is missing"),
      (.hour, "24", "24 is not in 0-23"), (.hour, "mon", "'mon' is no value"), (.hour, "1.5", "'1.5' is no value"),
      (.dayOfWeek, "7", "0 is Sunday"), (.dayOfWeek, "mo", "or a name such as mon"),
      (.dayOfMonth, "0", "0 is not in 1-31"),
      (.monthOfYear, "13", "or a name such as feb"), (.minute, "99999999999999999999", "is no value"),
      (.minute, "+5", "is no value"),
    ]
    for (field, text, sentence) in cases {
      let error = #expect(throws: ScheduleError.self) { try field.read(text) }
      #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "accepted \(text)")")
      #expect(error?.description.hasPrefix("\(field.rawValue) '") == true)
    }
  }

  @Test func allFieldsAreToldAtOnce() {
    let error = #expect(throws: ScheduleError.self) { try Crontab(minute: "61", hour: "x", monthOfYear: "13") }
    #expect(error?.problems.count == 3)
  }

  @Test func dateThatNeverComesIsRefused() throws {
    for (days, months) in [("30", "feb"), ("31", "4,6,9,11"), ("30-31", "2")] {
      #expect(throws: ScheduleError.self) { try Crontab(dayOfMonth: days, monthOfYear: months) }
    }
    let rare = try Crontab(minute: "0", hour: "0", dayOfWeek: "mon", dayOfMonth: "29", monthOfYear: "2")
    // 2072 and then 2112: 2100 has no leap day.
    #expect(try next(rare, after: "2072-02-29 00:00") == moment("2112-02-29 00:00"))
  }

  @Test func zoneThatDoesNotExistIsRefused() {
    let error = #expect(throws: ScheduleError.self) { try ScheduleZone(identifier: "Europe/Atlantis") }
    #expect(error?.description.contains("Europe/Atlantis") == true)
  }

  /// In Berlin the clocks go from 2:00 to 3:00 on 2024-03-31, at 1:00 UTC.
  @Test func skippedTimesFireOnceAtTheChange() throws {
    let crontab = try Crontab(minute: "10,20,30", hour: "2", zone: ScheduleZone(identifier: "Europe/Berlin"))
    #expect(try next(crontab, after: "2024-03-30 01:30") == moment("2024-03-31 01:00"))
    #expect(try next(crontab, after: "2024-03-31 01:00") == moment("2024-04-01 00:10"))
  }

  /// And back from 3:00 to 2:00 on 2024-10-27, at 1:00 UTC.
  @Test func repeatedTimesFireTheFirstTimeOnly() throws {
    let crontab = try Crontab(minute: "30", hour: "2", zone: ScheduleZone(identifier: "Europe/Berlin"))
    #expect(try next(crontab, after: "2024-10-26 12:00") == moment("2024-10-27 00:30"))
    #expect(try next(crontab, after: "2024-10-27 00:30") == moment("2024-10-28 01:30"))
  }

  @Test func crontabForEveryHourGoesByElapsedTime() throws {
    let crontab = try Crontab(minute: "*/30", zone: ScheduleZone(identifier: "Europe/Berlin"))
    for night in ["2024-03-31", "2024-10-27"] {
      var at = try moment("\(night) 00:00")
      for _ in 0..<8 {
        let next = crontab.next(after: at)
        #expect(next == at + 1_800_000_000_000)
        at = try #require(next)
      }
    }
  }

  /// Samoa had no 30th of December 2011: it went from one side of the date line to the other.
  @Test func dayThatDoesNotExistFiresOnce() throws {
    let crontab = try Crontab(minute: "0", hour: "6,18", zone: ScheduleZone(identifier: "Pacific/Apia"))
    #expect(try next(crontab, after: "2011-12-30 04:00") == moment("2011-12-30 10:00"))
    #expect(try next(crontab, after: "2011-12-30 10:00") == moment("2011-12-30 16:00"))
  }

  @Test func momentsAreStrictlyAfterAndBeforeTheEpochToo() throws {
    let crontab = try Crontab(minute: "0", hour: "0")
    #expect(crontab.next(after: -1) == 0)
    #expect(crontab.next(after: 0) == 86_400_000_000_000)
    #expect(crontab.next(after: -86_400_000_000_001) == -86_400_000_000_000)
    #expect(crontab.next(after: .max) == nil)
  }

  @Test func daysHaveTheirNumbersAndBack() {
    #expect(CivilDate(year: 1970, month: 1, day: 1).dayNumber == 0)
    #expect(CivilDate(year: 0, month: 3, day: 1).dayNumber == -719_468)
    #expect(CivilDate.weekday(ofDay: 0) == 4 && CivilDate.weekday(ofDay: -5) == 6)
    for number in stride(from: -800_000, through: 800_000, by: 17) {
      let date = CivilDate(dayNumber: number)
      let tomorrow = CivilDate(dayNumber: number + 1)
      let isNext = tomorrow.day == date.day + 1 && tomorrow.month == date.month || tomorrow == date.beginningOfNextMonth
      if date.dayNumber != number || !isNext { Issue.record("day \(number) is \(date)") }
    }
  }

  /// `text` is in UTC: `2024-03-31 01:00`.
  private func moment(_ text: String) throws -> Int64 {
    let numbers = text.split(whereSeparator: { "- :".contains($0) }).compactMap { Int($0) }
    try #require(numbers.count == 5)
    let day = CivilDate(year: numbers[0], month: numbers[1], day: numbers[2]).dayNumber
    return Int64(day * 86_400 + numbers[3] * 3600 + numbers[4] * 60) * 1_000_000_000
  }

  private func next(_ crontab: Crontab, after text: String) throws -> Int64? { crontab.next(after: try moment(text)) }
}
