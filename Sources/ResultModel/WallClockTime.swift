/// A moment in UTC, to the millisecond, written as RFC 3339: `2026-07-03T14:05:09.042Z`.
///
/// Computed here rather than by a date formatter, so that no locale or calendar setting can change a file.
public struct WallClockTime: Codable, Sendable, Equatable {
  /// Milliseconds since 1970-01-01T00:00:00Z.
  public var millisecondsSinceEpoch: Int64

  /// The moment so many milliseconds after 1970-01-01T00:00:00Z.
  public init(millisecondsSinceEpoch: Int64) { self.millisecondsSinceEpoch = millisecondsSinceEpoch }

  /// Seconds since 1970-01-01T00:00:00Z.
  public var secondsSinceEpoch: Double { Double(millisecondsSinceEpoch) / 1000 }

  /// `2026-07-03T14:05:09.042Z`.
  public var rfc3339: String {
    let f = fields
    return "\(pad(f.year, 4))-\(pad(f.month, 2))-\(pad(f.day, 2))"
      + "T\(pad(f.hour, 2)):\(pad(f.minute, 2)):\(pad(f.second, 2)).\(pad(f.millisecond, 3))Z"
  }

  /// `2026-07-03T14-05-09.042Z`: the same without colons, which some file systems and `PATH`-like lists refuse.
  public var fileName: String { String(rfc3339.map { $0 == ":" ? "-" : $0 }) }

  /// Reads RFC 3339 in UTC with an optional fraction; `nil` for anything else.
  public init?(rfc3339 text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, bytes.last == UInt8(ascii: "Z") else { return nil }
    func number(_ from: Int, _ count: Int) -> Int64? {
      bytes[from..<(from + count)].reduce(Int64?(0)) { sum, byte in
        guard let sum, (48...57).contains(byte) else { return nil }
        return sum * 10 + Int64(byte - 48)
      }
    }
    let separators: [(Int, UInt8)] = [(4, 45), (7, 45), (10, 84), (13, 58), (16, 58)]
    guard separators.allSatisfy({ bytes[$0.0] == $0.1 }),
      let year = number(0, 4), let month = number(5, 2), let day = number(8, 2),
      let hour = number(11, 2), let minute = number(14, 2), let second = number(17, 2),
      (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 61
    else { return nil }
    var milliseconds: Int64 = 0
    if bytes[19] == UInt8(ascii: ".") {
      let digits = bytes.count - 21
      guard digits > 0, number(20, digits) != nil else { return nil }
      let known = Swift.min(digits, 3)
      milliseconds = (number(20, known) ?? 0) * [1, 100, 10, 1][known]
    } else if bytes.count != 20 {
      return nil
    }
    let days = Self.daysSinceEpoch(year: year, month: month, day: day)
    millisecondsSinceEpoch = (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000 + milliseconds
  }

  /// Reads RFC 3339.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let time = WallClockTime(rfc3339: text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "'\(text)' is not an RFC 3339 time in UTC")
    }
    self = time
  }

  /// Writes RFC 3339.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rfc3339)
  }
}

extension WallClockTime {
  /// The moment taken apart, in UTC.
  struct Fields {
    var year: Int64
    var month: Int64
    var day: Int64
    var hour: Int64
    var minute: Int64
    var second: Int64
    var millisecond: Int64
  }

  /// Source of the calendar arithmetic: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms",
  /// `civil_from_days`: years begin in March, so that the leap day comes last.
  var fields: Fields {
    let seconds = millisecondsSinceEpoch.flooredQuotient(1000)
    let days = seconds.flooredQuotient(86_400)
    let secondOfDay = seconds - days * 86_400
    let shifted = days + 719_468
    let era = shifted.flooredQuotient(146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return Fields(
      year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month,
      day: dayOfYear - (153 * shiftedMonth + 2) / 5 + 1,
      hour: secondOfDay / 3600, minute: secondOfDay / 60 % 60, second: secondOfDay % 60,
      millisecond: millisecondsSinceEpoch - seconds * 1000)
  }

  /// The inverse, `days_from_civil` of the same source.
  static func daysSinceEpoch(year: Int64, month: Int64, day: Int64) -> Int64 {
    let year = month <= 2 ? year - 1 : year
    let era = year.flooredQuotient(400)
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  private func pad(_ value: Int64, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
  }
}

extension Int64 {
  /// The quotient rounded towards negative infinity, for days before 1970.
  fileprivate func flooredQuotient(_ divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
