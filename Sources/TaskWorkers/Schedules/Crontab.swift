import Schedules

/// Fires at wall-clock times of a time zone, given by minute, hour, day of the week, day of the month and month.
///
/// Syntax and meaning are those of Celery's `crontab`: `*`, `*/n`, `a-b`, `a-b/n`, lists of them, names of days and months, ranges that
/// wrap round; a step counts from the field's or the range's beginning; 0 is Sunday. A date must match the day of the week **and**
/// the day of the month (in Vixie cron one of them is enough if both are restricted).
///
/// When the clocks are changed, one with certain hours fires once for each of its times: those that are skipped together, once, at the
/// moment of the change, those that come twice the first time. One for every hour goes by elapsed time, so that `*/5` fires every five
/// minutes through that night.
///
/// Cost of `next`: grows with the days that it looks ahead.
public struct Crontab: Hashable, Sendable {
  /// Whose clocks it goes by.
  public let zone: ScheduleZone

  private let expression: CrontabExpression

  /// The fields as they were written, in the order minute, hour, day_of_week, day_of_month, month_of_year.
  public var fields: [String] { expression.fields }

  /// A crontab of Celery's fields.
  /// - Throws: `ScheduleError` with the problems of all fields; also when no date ever matches, as on the 30th of February.
  public init(
    minute: String = "*", hour: String = "*", dayOfWeek: String = "*", dayOfMonth: String = "*",
    monthOfYear: String = "*", zone: ScheduleZone = .utc
  ) throws(ScheduleError) {
    self.zone = zone
    let fields: [CrontabField: String] = [
      .minute: minute, .hour: hour, .dayOfWeek: dayOfWeek, .dayOfMonth: dayOfMonth, .monthOfYear: monthOfYear,
    ]
    do throws(CrontabError) { expression = try CrontabExpression(fields) } catch {
      throw ScheduleError(error.problems.map(\.sentence))
    }
  }

  /// A crontab as a line of a crontab(5), `*/5 8-18 * * mon-fri`: minute, hour, day of the month, month and day of the week.
  /// - Throws: `ScheduleError` as above, and when there are not five fields.
  public init(line: String, zone: ScheduleZone = .utc) throws(ScheduleError) {
    self.zone = zone
    do throws(CrontabError) { expression = try CrontabExpression(line: line) } catch {
      throw ScheduleError(error.problems.map(\.sentence))
    }
  }

  /// The first moment after `moment` at which it fires; nil when there is none that can be told.
  /// - Parameter moment: Nanoseconds since 1970 UTC, as the result.
  public func next(after moment: Int64) -> Int64? {
    let start = Int(moment.dividedDown(by: 1_000_000_000))
    guard let second = expression.next(after: start, in: zone.named) else { return nil }
    let (nanoseconds, overflow) = Int64(second).multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? nil : nanoseconds
  }
}
