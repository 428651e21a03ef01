/// Fires at wall-clock times of a time zone, given by minute, hour, day of the week, day of the month and month.
///
/// Syntax and meaning are those of Celery's `crontab`: `*`, `*/n`, `a-b`, `a-b/n`, lists of them, names of days and months, ranges that
/// wrap round; a step counts from the field's or the range's beginning; 0 is Sunday. A date must match the day of the week **and**
/// the day of the month (in Vixie cron one of them is enough if both are restricted).
///
/// When the clocks are changed (after cronie's manual, cron(8), "Daylight Saving Time and other time changes"):
/// - A crontab with certain hours fires once for each of its times, whatever the clocks do. Times that the clocks skip fire
///   together, once, at the moment of the change. Of times that come twice the first one fires.
/// - A crontab for every hour (`hour` has all 24 values) goes by elapsed time: it fires whenever the clocks show one of its times, in a repeated
///   hour again, in a skipped one not at all. So `*/5` fires every five minutes through the night of the change.
///
/// Cost of `next`: grows with the days that it looks ahead.
public struct Crontab: Hashable, Sendable {
  /// The fields as they were written, in the order minute, hour, day_of_week, day_of_month, month_of_year.
  public let fields: [String]
  /// Whose clocks it goes by.
  public let zone: ScheduleZone

  private let times: WallTimes
  private let isForEveryHour: Bool

  /// A crontab of Celery's fields.
  /// - Throws: `ScheduleError` with the problems of all fields; also when no date ever matches, as on the 30th of February.
  public init(
    minute: String = "*", hour: String = "*", dayOfWeek: String = "*", dayOfMonth: String = "*",
    monthOfYear: String = "*", zone: ScheduleZone = .utc
  ) throws(ScheduleError) {
    fields = [minute, hour, dayOfWeek, dayOfMonth, monthOfYear]
    self.zone = zone
    var problems: [String] = []
    var bits: [UInt64] = []
    for (field, text) in zip(CrontabField.allCases, fields) {
      do throws(ScheduleError) { bits.append(try field.read(text)) } catch { problems += error.problems }
    }
    guard problems.isEmpty else { throw ScheduleError(problems) }
    times = WallTimes(
      minutes: bits[0], hours: bits[1], daysOfWeek: bits[2], daysOfMonth: bits[3], monthsOfYear: bits[4])
    isForEveryHour = bits[1] == CrontabField.hour.all
    guard times.first(notBefore: 0) != nil else {
      throw ScheduleError(["day_of_month '\(dayOfMonth)' never comes in month_of_year '\(monthOfYear)'"])
    }
  }

  /// The first moment after `moment` at which it fires; nil when there is none that can be told.
  /// - Parameter moment: Nanoseconds since 1970 UTC, as the result.
  public func next(after moment: Int64) -> Int64? {
    next(afterSecond: Int(moment.dividedDown(by: 1_000_000_000))).flatMap { second in
      let (nanoseconds, overflow) = Int64(second).multipliedReportingOverflow(by: 1_000_000_000)
      return overflow ? nil : nanoseconds
    }
  }

  /// The same in whole seconds.
  ///
  /// Between changes of the clocks wall time is UTC and an offset. From a change on, what it skipped is looked for, or what it
  /// repeats left out.
  private func next(afterSecond start: Int) -> Int? {
    var position = start
    var offset = zone.offset(at: position)
    // Wall times before this one have had their turn.
    var passed = isForEveryHour ? Int.min : wallTimePassed(by: start)
    var wall = max(position + offset + 1, passed)
    while let match = times.first(notBefore: wall) {
      guard let change = zone.change(after: position, notAfter: match - offset) else { return match - offset }
      let end = change.moment + change.offsetBefore
      let beginning = change.moment + change.offset
      if !isForEveryHour {
        if match < beginning { return change.moment }
        passed = max(passed, end)
      }
      wall = max(beginning, passed)
      position = change.moment
      offset = change.offset
    }
    return nil
  }

  /// The wall time that clocks had reached before they were last set back, if that is less than two days ago.
  private func wallTimePassed(by moment: Int) -> Int {
    var passed = Int.min
    var position = moment - 2 * 86_400
    while let change = zone.change(after: position, notAfter: moment) {
      passed = max(passed, change.moment + change.offsetBefore)
      position = change.moment
    }
    return passed
  }
}
