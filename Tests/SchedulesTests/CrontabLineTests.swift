import Schedules
import Testing

@Suite struct CrontabLineTests {
  @Test func aLineHasItsFieldsInTheOrderOfACrontab() throws {
    let line = try CrontabExpression(line: "5 4 1-7  */3\tmon")
    #expect(line.fields == ["5", "4", "mon", "1-7", "*/3"])
    let fields: [CrontabField: String] = [
      .minute: "5", .hour: "4", .dayOfMonth: "1-7", .monthOfYear: "*/3", .dayOfWeek: "mon",
    ]
    #expect(try CrontabExpression(fields) == line)
    #expect(try CrontabExpression([:]) == CrontabExpression(line: "* * * * *"))
  }

  @Test func problemsOfALineAreToldAtTheirPlaces() {
    let cases: [(String, [Int])] = [
      ("60 * * * *", [0]), ("* 25 * * *", [2]), ("* * 0 13 7", [4, 6, 9]), ("*/5  1,99 * * *", [7]),
      ("* * 31 2 *", [4]), ("* * 30,31 feb mon", [4]), ("* * * *", [7]), ("* * * * * *", [10]), ("", [0]),
      ("@daily", [6]), ("* * * * mon-", [12]),
    ]
    for (line, offsets) in cases {
      let error = #expect(throws: CrontabError.self) { try CrontabExpression(line: line) }
      #expect(error?.problems.map(\.offset) == offsets, "\(line): \(error?.problems ?? [])")
    }
  }

  @Test func theShortestGapIsThatOfTheTimesClosestToEachOther() throws {
    let hour = 3600
    let cases: [(String, Int)] = [
      ("* * * * *", 60), ("*/5 * * * *", 300), ("0 * * * *", hour), ("0 8,9,17 * * *", hour), ("0 0 * * *", 24 * hour),
      ("0 0 * * mon", 7 * 24 * hour), ("50,10 * * * *", 20 * 60), ("0 0 1 * *", 28 * 24 * hour),
    ]
    for (line, gap) in cases { #expect(try CrontabExpression(line: line).shortestGap == gap, "\(line)") }
  }

  @Test func aNightOfTheChangeInBerlin() throws {
    let zone = try #require(NamedZone(identifier: "Europe/Berlin"))
    let nightly = try CrontabExpression(line: "30 2 * * *")
    // Clocks go back from 3:00 to 2:00 at 1:00 UTC: half past two comes twice, and counts once.
    let start = try #require(UTCMoment("2026-10-25")).seconds
    let first = try #require(nightly.next(after: start, in: zone))
    #expect(UTCMoment(seconds: first).text == "2026-10-25T00:30:00Z")
    #expect(nightly.next(after: first, in: zone).map { UTCMoment(seconds: $0).text } == "2026-10-26T01:30:00Z")
  }

  @Test func zonesHaveNames() {
    #expect(NamedZone(identifier: "Europe/Atlantis") == nil)
    #expect(NamedZone.utc.identifier == "GMT" && NamedZone.knownIdentifiers.contains("Europe/Berlin"))
  }
}
