/// How many tasks of one name a worker may start in a time, as the field writes it: `10/s`, `100/m`, `1000/h`.
public struct RateLimit: Sendable, Hashable, CustomStringConvertible {
  /// What the number counts in.
  public enum Unit: String, Sendable, CaseIterable {
    /// Each second.
    case second = "s"
    /// Each minute.
    case minute = "m"
    /// Each hour.
    case hour = "h"

    var nanoseconds: Double {
      switch self {
      case .second: 1e9
      case .minute: 60e9
      case .hour: 3600e9
      }
    }
  }

  /// How many, more than 0.
  public let count: Double
  /// In what time.
  public let unit: Unit

  /// At most `count` each `unit`; nil when that is not a positive number.
  public init?(_ count: Double, per unit: Unit) {
    guard count > 0, count.isFinite else { return nil }
    self.count = count
    self.unit = unit
  }

  /// A limit as text: a positive number, alone for each second, or with `/s`, `/m` or `/h`; nil when it is something else, which as a
  /// task's option is no limit at all: see that it is not, or use `perSecond`.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2, let count = Double(parts[0]) else { return nil }
    guard let unit = parts.count == 1 ? .second : Unit(rawValue: String(parts[1])) else { return nil }
    self.init(count, per: unit)
  }

  /// So many each second, a positive number: `options.rateLimit = .perSecond(10)` cannot be mistyped, as text can.
  public static func perSecond(_ count: Double) -> RateLimit { known(count, .second) }
  /// So many each minute, a positive number.
  public static func perMinute(_ count: Double) -> RateLimit { known(count, .minute) }
  /// So many each hour, a positive number.
  public static func perHour(_ count: Double) -> RateLimit { known(count, .hour) }

  private static func known(_ count: Double, _ unit: Unit) -> RateLimit {
    guard let limit = RateLimit(count, per: unit) else {
      preconditionFailure("a rate limit is a positive number, got \(count); nil is none")
    }
    return limit
  }

  /// The time between two starts, in nanoseconds.
  public var intervalNanoseconds: Int64 { max(1, Int64(min((unit.nanoseconds / count).rounded(), 0x1p62))) }

  /// Number and unit.
  public var description: String {
    let whole = Int64(exactly: count)
    return "\(whole.map(String.init) ?? String(count))/\(unit.rawValue)"
  }
}
