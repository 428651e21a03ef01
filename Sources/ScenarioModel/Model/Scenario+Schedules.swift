internal import Schedules

extension Scenario {
  /// When the beat sends a task.
  public enum TaskSchedule: Sendable, Equatable {
    /// Again and again after so many nanoseconds, from a phase's beginning.
    case every(Int64)
    /// By the clocks of a time zone.
    case crontab(TaskCrontab)
  }

  /// Times of day that clocks show.
  public struct TaskCrontab: Sendable, Equatable {
    /// The fields as they are written: minute, hour, day of the week, day of the month, month.
    public var fields: [String] { expression.fields }
    /// Whose clocks.
    public let timeZone: String

    let expression: CrontabExpression
    let zone: NamedZone
  }

  /// The clock that crontabs go by.
  public struct BeatClock: Sendable, Equatable {
    /// What it shows when a phase begins, in seconds since 1970 UTC; nil for what it is then.
    public var fromSeconds: Int? = nil
    /// How many times as fast as others it goes.
    public var speed = 1.0

    /// The seconds of it that a phase of so many nanoseconds takes.
    func seconds(of nanoseconds: Int64) -> Double { Double(nanoseconds) / 1e9 * speed }
  }
}

extension Scenario.TaskSchedule {
  /// How often it is due in a phase of so many nanoseconds, counted no further than `limit`; nil when that depends on when the run is
  /// started. What is due at the very beginning or end of a phase is not of it.
  public func dueCount(in nanoseconds: Int64, by clock: Scenario.BeatClock, limit: Int) -> Int? {
    switch self {
    case .every(let period): return min(limit, Int((nanoseconds - 1) / period))
    case .crontab(let crontab):
      guard let from = clock.fromSeconds else { return nil }
      var count = 0
      var second = from
      while count < limit, let next = crontab.next(after: second),
        Double(next - from) < clock.seconds(of: nanoseconds)
      {
        count += 1
        second = next
      }
      return count
    }
  }

  /// Its meaning in a few words: `every 20ms`, `*/5 * * * * in Europe/Berlin`.
  public var summary: String {
    switch self {
    case .every(let period): return "every \(Quantity.durationText(period))"
    case .crontab(let crontab):
      let named = zip(CrontabField.allCases, crontab.fields).filter { $1 != "*" }.map { "\($0.rawValue) \($1)" }
      return (named.isEmpty ? "every minute" : named.joined(separator: ", ")) + " in \(crontab.timeZone)"
    }
  }

  /// When it is first due after the clock's beginning, as the clocks of its time zone show it; nil for what does not go by them, or by
  /// a clock without a beginning.
  public func firstDueText(by clock: Scenario.BeatClock) -> String? {
    guard case .crontab(let crontab) = self, let from = clock.fromSeconds, let next = crontab.next(after: from) else {
      return nil
    }
    return UTCMoment(seconds: next).clockText(ahead: crontab.zone.offset(at: next))
  }
}

extension Scenario.TaskCrontab {
  /// The first second after `second` at which it is due.
  func next(after second: Int) -> Int? { expression.next(after: second, in: zone) }
}
