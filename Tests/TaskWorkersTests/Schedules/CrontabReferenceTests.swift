import Distributions
import Glibc
import Testing

@testable import TaskWorkers

/// Crontabs over ten years with their changes of the clocks, against `MinuteWalk`.
///
/// The patterns of a seed are the same everywhere. `RINGSIDE_LONG_TESTS=1` takes more seeds, and compares the frequent ones over all ten
/// years instead of around the changes.
@Suite struct CrontabReferenceTests {
  private static let isLong = unsafe getenv("RINGSIDE_LONG_TESTS") != nil

  @Test(arguments: MinuteWalk.Zone.allCases, isLong ? Array(1...8) : [1, 2] as [UInt64])
  func tenYearsAreExact(zone: MinuteWalk.Zone, seed: UInt64) throws {
    let walk = MinuteWalk(zone: zone)
    var random = Xoshiro256(seed: seed)
    let patterns = CrontabSamples.fixed + (0..<40).map { _ in CrontabSamples.random(using: &random) }
    let expected = walk.firings(of: patterns)
    #expect(expected.allSatisfy { !$0.isEmpty }, "seed \(seed): a pattern that never fires shows nothing")
    for (index, pattern) in patterns.enumerated() {
      let fields = CrontabSamples.fields(of: pattern, using: &random)
      let crontab = try Crontab(
        minute: fields[0], hour: fields[1], dayOfWeek: fields[2], dayOfMonth: fields[3], monthOfYear: fields[4],
        zone: ScheduleZone(identifier: zone.rawValue))
      let place: Comment = "\(zone.rawValue), seed \(seed), pattern \(index): \(fields)"
      let isFrequent = expected[index].count > 4000 && !Self.isLong
      if isFrequent {
        for change in walk.changes {
          let middle = MinuteWalk.start + change.minute * 60
          compare(crontab, expected[index], from: middle - 4 * 3600, to: middle + 4 * 3600, place)
        }
      } else {
        compare(crontab, expected[index], from: MinuteWalk.start, to: MinuteWalk.end, place)
      }
    }
  }

  private func compare(_ crontab: Crontab, _ expected: [Int], from start: Int, to end: Int, _ place: Comment) {
    let start = max(start, MinuteWalk.start)
    var moment = Int64(start) * 1_000_000_000 - 1
    var found: [Int] = []
    while let next = crontab.next(after: moment), next < Int64(end) * 1_000_000_000 {
      found.append(Int(next / 1_000_000_000))
      moment = next
    }
    let low = expected.partition { $0 >= start }
    let high = expected.partition { $0 >= end }
    #expect(found == Array(expected[low..<high]), place)
  }
}

extension [Int] {
  /// The first index of a sorted array whose element is as asked, and all after it.
  fileprivate func partition(_ isIn: (Int) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isIn(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

/// Patterns, and ways to write them.
enum CrontabSamples {
  private static let all = [Set(0...59), Set(0...23), Set(0...6), Set(1...31), Set(1...12)]

  /// What tends to go wrong: the hours of the changes, every hour, leap days, both kinds of day.
  static let fixed: [MinuteWalk.Pattern] = [
    pattern(),
    pattern(minutes: [0]),
    pattern(minutes: [0, 15, 30, 45]),
    pattern(minutes: [30], hours: [2]),
    pattern(minutes: [30], hours: [1]),
    pattern(minutes: [0], hours: [2]),
    pattern(minutes: [0], hours: [3]),
    pattern(minutes: [15], hours: [1, 2, 3]),
    pattern(minutes: [5, 25, 45], hours: [2]),
    pattern(minutes: [0], hours: [0]),
    pattern(minutes: [0], hours: Set(stride(from: 0, to: 24, by: 2))),
    pattern(minutes: [0], hours: [12], days: [29], months: [2]),
    pattern(minutes: [0], hours: [12], weekdays: [5], days: [13]),
    pattern(minutes: [59], hours: [23], days: [31]),
    pattern(minutes: [45], hours: Set(0...23), weekdays: [0]),
  ]

  private static func pattern(
    minutes: Set<Int> = all[0], hours: Set<Int> = all[1], weekdays: Set<Int> = all[2], days: Set<Int> = all[3],
    months: Set<Int> = all[4]
  ) -> MinuteWalk.Pattern {
    MinuteWalk.Pattern(minutes: minutes, hours: hours, weekdays: weekdays, days: days, months: months)
  }

  static func random(using random: inout Xoshiro256) -> MinuteWalk.Pattern {
    func subset(_ field: Int, _ countMax: Int, all percent: Int) -> Set<Int> {
      if Int.random(in: 0..<100, using: &random) < percent { return all[field] }
      return Set(
        (0..<Int.random(in: 1...countMax, using: &random)).map { _ in all[field].sorted().randomElement(using: &random)!
        })
    }
    var hours = subset(1, 3, all: 10)
    // The clocks are changed at night.
    if hours.count < 24, Bool.random(using: &random) { hours.insert(.random(in: 0...3, using: &random)) }
    // The second always exists, so that there is no pattern without a date.
    return pattern(
      minutes: subset(0, 3, all: 2), hours: hours, weekdays: subset(2, 3, all: 30),
      days: subset(3, 8, all: 30).union([2]), months: subset(4, 4, all: 30))
  }

  private static let dayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
  private static let monthNames = [
    "", "January", "feb", "Mar", "april", "may", "JUN", "july", "aug", "september", "oct", "nov", "dec",
  ]

  /// The five texts, in one of several ways to write each.
  static func fields(of pattern: MinuteWalk.Pattern, using random: inout Xoshiro256) -> [String] {
    let sets = [pattern.minutes, pattern.hours, pattern.weekdays, pattern.days, pattern.months]
    return zip(sets, all).enumerated().map { index, pair in
      let (set, all) = pair
      let names = index == 2 ? dayNames : index == 4 ? monthNames : []
      func name(_ value: Int) -> String {
        names.isEmpty || Bool.random(using: &random) ? "\(value)" : names[value]
      }
      if set == all, Bool.random(using: &random) { return "*" }
      let sorted = set.sorted()
      for step in 2...12 where sorted == Array(stride(from: all.min()!, through: all.max()!, by: step)) {
        return "*/\(step)"
      }
      return runs(of: sorted).map { run in
        run.count > 1 ? "\(name(run.lowerBound))-\(name(run.upperBound))" : name(run.lowerBound)
      }.shuffled(using: &random).joined(separator: Bool.random(using: &random) ? "," : ", ")
    }
  }

  private static func runs(of values: [Int]) -> [ClosedRange<Int>] {
    values.reduce(into: []) { runs, value in
      if let last = runs.last, last.upperBound == value - 1 {
        runs[runs.count - 1] = last.lowerBound...value
      } else {
        runs.append(value...value)
      }
    }
  }
}
