import Testing

@testable import Schedules

@Suite struct CivilDateTests {
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

  @Test func momentsAreReadAndWritten() {
    for (text, seconds) in [
      ("1970-01-01", 0), ("1970-01-02T00:01Z", 86_460), ("2026-10-25T00:30:15Z", 1_792_888_215),
      ("1969-12-31T23:59:59Z", -1),
      ("2024-02-29", 1_709_164_800),
    ] {
      let moment = UTCMoment(text)
      #expect(moment?.seconds == seconds, "\(text): \(moment?.seconds ?? 0)")
      #expect(moment?.text.hasPrefix(text.replacing("Z", with: "")) == true)
      #expect(moment.flatMap { UTCMoment($0.text) } == moment)
    }
    #expect(UTCMoment(seconds: -1).clockText(ahead: 3600) == "1970-01-01 00:59:59")
  }

  @Test func whatIsNoMomentIsRefused() {
    for text in [
      "", "2026", "2026-13-01", "2026-00-10", "2026-02-29", "2026-1-01", "2026-10-25T24:00Z", "2026-10-25T00:60Z",
      "2026-10-25T00:00:60Z", "2026-10-25T00:00", "2026-10-25 00:00Z", "2026-10-25T00:00+01:00", "2026-10-25t00:00Z",
    ] { #expect(UTCMoment(text) == nil, "\(text)") }
  }
}
