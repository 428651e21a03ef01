import Schedules
import TaskWorkers
import Testing

@Suite struct CrontabTests {
  @Test func allFieldsAreToldAtOnce() {
    let error = #expect(throws: ScheduleError.self) { try Crontab(minute: "61", hour: "x", monthOfYear: "13") }
    #expect(error?.problems.count == 3)
  }

  @Test func aLineIsItsFieldsInTheOrderOfCrontabs() throws {
    let berlin = try ScheduleZone(identifier: "Europe/Berlin")
    let fields = try Crontab(
      minute: "*/5", hour: "8-18", dayOfWeek: "mon", dayOfMonth: "1", monthOfYear: "2", zone: berlin)
    #expect(try Crontab(line: "*/5 8-18 1 2 mon", zone: berlin) == fields)
    #expect(throws: ScheduleError.self) { try Crontab(line: "* * * *") }
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
    // From within the second passing of the hour.
    for start in ["01:00", "01:10", "01:30"] {
      #expect(try next(crontab, after: "2024-10-27 \(start)") == moment("2024-10-28 01:30"))
    }
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

  /// `text` is in UTC: `2024-03-31 01:00`.
  private func moment(_ text: String) throws -> Int64 {
    let moment = try #require(UTCMoment(text.replacing(" ", with: "T") + "Z"))
    return Int64(moment.seconds) * 1_000_000_000
  }

  private func next(_ crontab: Crontab, after text: String) throws -> Int64? { crontab.next(after: try moment(text)) }
}
