/// The wall-clock times that a crontab names, without a time zone: seconds since 1970 as the clocks show them.
struct WallTimes: Hashable, Sendable {
  /// A bit for each value.
  let minutes: UInt64
  let hours: UInt64
  let daysOfWeek: UInt64
  let daysOfMonth: UInt64
  let monthsOfYear: UInt64

  /// Certain dates come once in 40 years, where a year without a leap day lies between: the 29th of February on a Monday. What has not
  /// come after so many days never comes.
  private static var dayCountMax: Int { 41 * 366 }

  /// The first of these times from `second` on; nil when there is none.
  func first(notBefore second: Int) -> Int? {
    let minute = (second + 59).dividedDown(by: 60)
    let day = minute.dividedDown(by: 1440)
    if matches(day: day), let time = firstTime(notBefore: minute - day * 1440) { return (day * 1440 + time) * 60 }
    guard let next = firstDay(notBefore: day + 1), let time = firstTime(notBefore: 0) else { return nil }
    return (next * 1440 + time) * 60
  }

  private func matches(day: Int) -> Bool { matches(CivilDate(dayNumber: day), day) }

  private func matches(_ date: CivilDate, _ day: Int) -> Bool {
    monthsOfYear >> UInt64(date.month) & 1 == 1 && daysOfMonth >> UInt64(date.day) & 1 == 1
      && daysOfWeek >> UInt64(CivilDate.weekday(ofDay: day)) & 1 == 1
  }

  private func firstDay(notBefore start: Int) -> Int? {
    var day = start
    while day < start + Self.dayCountMax {
      let date = CivilDate(dayNumber: day)
      if matches(date, day) { return day }
      let isInMonth = monthsOfYear >> UInt64(date.month) & 1 == 1
      day = isInMonth ? day + 1 : date.beginningOfNextMonth.dayNumber
    }
    return nil
  }

  /// The first time of a day, in minutes.
  private func firstTime(notBefore minute: Int) -> Int? {
    let (hour, minuteOfHour) = (minute / 60, UInt64(minute % 60))
    let rest = minutes & (.max << minuteOfHour)
    if hours >> UInt64(hour) & 1 == 1, rest != 0 { return hour * 60 + rest.trailingZeroBitCount }
    let later = hours >> UInt64(hour + 1)
    guard later != 0 else { return nil }
    return (hour + 1 + later.trailingZeroBitCount) * 60 + minutes.trailingZeroBitCount
  }
}
