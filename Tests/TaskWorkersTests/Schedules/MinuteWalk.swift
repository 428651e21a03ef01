/// Ten years minute by minute, as the clocks of a zone show them: a reference for crontabs that shares nothing with them.
///
/// The rules of the zones are written down here (law since 2007 and 2008), days are counted one by one, and every minute is asked whether
/// it matches.
struct MinuteWalk {
  enum Zone: String, CaseIterable {
    case berlin = "Europe/Berlin"
    case newYork = "America/New_York"
    case lordHowe = "Australia/Lord_Howe"
  }

  /// A crontab as sets of values.
  struct Pattern {
    var minutes: Set<Int>
    var hours: Set<Int>
    var weekdays: Set<Int>
    var days: Set<Int>
    var months: Set<Int>
  }

  fileprivate struct Day {
    var year: Int
    var month: Int
    var day: Int
    var weekday: Int
  }

  static let yearCount = 10
  /// 2020-01-01T00:00Z, a Wednesday.
  static let start = 1_577_836_800
  static let end = 1_893_456_000

  /// From the last day of 2019 to the second of 2030.
  private let days: [Day]
  /// Minutes after `start` at which the offset becomes so many minutes, ascending.
  let changes: [(minute: Int, offset: Int)]

  init(zone: Zone) {
    days = Self.countDays()
    changes = Self.changes(of: zone, days: days)
  }

  /// When each pattern fires, in seconds since 1970, by the rules in `Crontab`.
  func firings(of patterns: [Pattern]) -> [[Int]] {
    precondition(patterns.count <= 64)
    var fired = [[Int]](repeating: [], count: patterns.count)
    let byDay = days.map { day in mask(patterns) { $0.matches(day) } }
    let byMinute = (0..<1440).map { minute in
      mask(patterns) { $0.hours.contains(minute / 60) && $0.minutes.contains(minute % 60) }
    }
    let everyHour = mask(patterns) { $0.hours.count == 24 }
    var nextChange = 0
    var offset = 0
    // Wall minutes up to this one have been seen. Day 0 of `days` is one before the start.
    var seen = Int.min
    for minute in 0..<(Self.end - Self.start) / 60 {
      while nextChange < changes.count, changes[nextChange].minute <= minute {
        offset = changes[nextChange].offset
        nextChange += 1
      }
      let wall = minute + offset + 1440
      var bits = byDay[wall / 1440] & byMinute[wall % 1440]
      if wall <= seen {
        bits &= everyHour
      } else {
        if seen != Int.min, wall > seen + 1 {
          for skipped in seen + 1..<wall { bits |= byDay[skipped / 1440] & byMinute[skipped % 1440] & ~everyHour }
        }
        seen = wall
      }
      while bits != 0 {
        fired[bits.trailingZeroBitCount].append(Self.start + minute * 60)
        bits &= bits - 1
      }
    }
    return fired
  }

  private func mask(_ patterns: [Pattern], _ matches: (Pattern) -> Bool) -> UInt64 {
    patterns.indices.reduce(0) { $0 | (matches(patterns[$1]) ? 1 << UInt64($1) : 0) }
  }

  private static func countDays() -> [Day] {
    var days: [Day] = []
    var day = Day(year: 2019, month: 12, day: 31, weekday: 2)
    while day.year < 2030 || day.day < 3 {
      days.append(day)
      day.weekday = (day.weekday + 1) % 7
      day.day += 1
      let isLeap = day.year % 4 == 0
      let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
      if day.day > lengths[day.month - 1] {
        day.day = 1
        day.month += 1
      }
      if day.month > 12 {
        day.month = 1
        day.year += 1
      }
    }
    return days
  }

  private static func changes(of zone: Zone, days: [Day]) -> [(minute: Int, offset: Int)] {
    // The index of the nth Sunday of a month, or the last one, as a day after the start.
    func sunday(_ nth: Int?, _ month: Int, _ year: Int) -> Int {
      let sundays = days.indices.filter { days[$0].year == year && days[$0].month == month && days[$0].weekday == 0 }
      return (nth.map { sundays[$0 - 1] } ?? sundays[sundays.count - 1]) - 1
    }
    var changes: [(minute: Int, offset: Int)] = []
    for year in 2020..<2030 {
      switch zone {
      case .berlin:  // At 01:00 UTC.
        changes.append((sunday(nil, 3, year) * 1440 + 60, 120))
        changes.append((sunday(nil, 10, year) * 1440 + 60, 60))
      case .newYork:  // At 02:00 by the clocks before the change.
        changes.append((sunday(2, 3, year) * 1440 + 120 + 300, -240))
        changes.append((sunday(1, 11, year) * 1440 + 120 + 240, -300))
      case .lordHowe:  // Likewise, by half an hour.
        changes.append((sunday(1, 4, year) * 1440 + 120 - 660, 630))
        changes.append((sunday(1, 10, year) * 1440 + 120 - 630, 660))
      }
    }
    let first = [Zone.berlin: 60, .newYork: -300, .lordHowe: 660][zone]!
    return [(0, first)] + changes
  }
}

extension MinuteWalk.Pattern {
  fileprivate func matches(_ day: MinuteWalk.Day) -> Bool {
    months.contains(day.month) && days.contains(day.day) && weekdays.contains(day.weekday)
  }
}
