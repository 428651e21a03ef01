import Foundation
import ResultModel
import Testing

@Suite struct WallClockTimeTests {
  @Test func writesRFC3339() {
    #expect(WallClockTime(millisecondsSinceEpoch: 0).rfc3339 == "1970-01-01T00:00:00.000Z")
    #expect(WallClockTime(millisecondsSinceEpoch: -1).rfc3339 == "1969-12-31T23:59:59.999Z")
    #expect(WallClockTime(millisecondsSinceEpoch: 1_441_812_279_474).rfc3339 == "2015-09-09T15:24:39.474Z")
    #expect(WallClockTime(millisecondsSinceEpoch: 1_441_812_279_474).fileName == "2015-09-09T15-24-39.474Z")
  }

  /// Every 11th day of 400 years, which is when the calendar repeats, against Foundation.
  @Test func agreesWithFoundation() throws {
    let formatter = ISO8601DateFormatter()
    formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
    for day in stride(from: -80_000 as Int64, to: 80_000, by: 11) {
      let time = WallClockTime(millisecondsSinceEpoch: day * 86_400_000 + (day * 7_654_321).magnitudeModulo(86_400_000))
      let date = Date(timeIntervalSince1970: time.secondsSinceEpoch)
      #expect(time.rfc3339 == formatter.string(from: date))
      #expect(WallClockTime(rfc3339: time.rfc3339) == time)
    }
  }

  @Test func readsFractionsOfAnyLength() {
    #expect(WallClockTime(rfc3339: "1970-01-01T00:00:01Z")?.millisecondsSinceEpoch == 1000)
    #expect(WallClockTime(rfc3339: "1970-01-01T00:00:01.5Z")?.millisecondsSinceEpoch == 1500)
    #expect(WallClockTime(rfc3339: "1970-01-01T00:00:01.123456789Z")?.millisecondsSinceEpoch == 1123)
  }

  @Test(arguments: [
    "", "1970-01-01", "1970-01-01T00:00:01", "1970-13-01T00:00:01Z", "1970-01-01 00:00:01Z", "1970-01-01T24:00:01Z",
    "1970-01-01T00:00:01.Z", "1970-01-01T00:00:01.xZ", "1970-01-01T00:00:01+01:00", "197O-01-01T00:00:01Z",
  ])
  func refusesAnythingElse(text: String) {
    #expect(WallClockTime(rfc3339: text) == nil)
  }
}

extension Int64 {
  fileprivate func magnitudeModulo(_ divisor: Int64) -> Int64 { (self % divisor + divisor) % divisor }
}
