import Schedules

/// When something periodic, or put off once, is due. Moments are nanoseconds since 1970 UTC.
public enum Schedule: Hashable, Sendable {
  /// At wall-clock times.
  case crontab(Crontab)
  /// Again and again after the same time.
  case interval(IntervalSchedule)
  /// Once.
  case clocked(ClockedSchedule)

  /// Again and again after `duration`, counted from when a `Beat` first sees it.
  /// - Throws: `ScheduleError` when it is not positive.
  public static func every(_ duration: Duration) throws(ScheduleError) -> Schedule {
    .interval(try IntervalSchedule(nanoseconds: duration.wholeNanoseconds))
  }

  /// The first moment after `moment` at which it is due; nil when there is none any more.
  /// - Parameter origin: When the schedule was first seen, from which an interval without a beginning counts.
  func next(after moment: Int64, origin: Int64) -> Int64? {
    switch self {
    case .crontab(let crontab): crontab.next(after: moment)
    case .interval(let interval): interval.next(after: moment, origin: origin)
    case .clocked(let clocked): clocked.next(after: moment)
    }
  }

  /// Its meaning as text: another schedule has another one.
  var description: String {
    switch self {
    case .crontab(let crontab): "crontab \(crontab.fields.joined(separator: " | ")) \(crontab.zone.identifier)"
    case .interval(let interval): "interval \(interval.nanoseconds) from \(interval.beginning.map { "\($0)" } ?? "-")"
    case .clocked(let clocked): "clocked \(clocked.moment)"
    }
  }
}

/// Fires at `beginning` + n · `nanoseconds` for every whole n: late firings never shift later ones.
public struct IntervalSchedule: Hashable, Sendable {
  /// From one firing to the next, at least 1.
  public let nanoseconds: Int64
  /// One of its moments; nil takes the moment when a `Beat` first saw it.
  public let beginning: Int64?

  /// An interval.
  /// - Throws: `ScheduleError` when it is not positive.
  public init(nanoseconds: Int64, beginning: Int64? = nil) throws(ScheduleError) {
    guard nanoseconds > 0 else { throw ScheduleError(["an interval of \(nanoseconds) ns; use 1 ns or more"]) }
    self.nanoseconds = nanoseconds
    self.beginning = beginning
  }

  func next(after moment: Int64, origin: Int64) -> Int64? {
    let beginning = beginning ?? origin
    let (distance, overflow) = moment.subtractingReportingOverflow(beginning)
    guard !overflow else { return nil }
    let (next, isBeyond) = moment.addingReportingOverflow(nanoseconds - distance.modulo(nanoseconds))
    return isBeyond ? nil : next
  }
}

/// Fires once, at a moment.
public struct ClockedSchedule: Hashable, Sendable {
  /// When.
  public let moment: Int64

  /// Fires at `moment`.
  public init(moment: Int64) { self.moment = moment }

  func next(after moment: Int64) -> Int64? { self.moment > moment ? self.moment : nil }
}
