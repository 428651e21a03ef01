/// A whole second in UTC as people write it: `2026-10-25T00:30:00Z`.
public struct UTCMoment: Equatable, Sendable {
  /// Seconds since 1970.
  public let seconds: Int

  /// A moment.
  public init(seconds: Int) { self.seconds = seconds }

  /// Reads a date (`2026-10-25`), or a date and a time of day with a `Z` (`2026-10-25T00:30Z`, `2026-10-25T00:30:00Z`); nil when it is none,
  /// or does not exist.
  public init?(_ text: String) {
    let form = ["0000-00-00", "0000-00-00T00:00Z", "0000-00-00T00:00:00Z"].first { form in
      form.utf8.count == text.utf8.count
        && zip(form.utf8, text.utf8).allSatisfy { $0 == UInt8(ascii: "0") ? (48...57).contains($1) : $0 == $1 }
    }
    guard form != nil else { return nil }
    let numbers = text.split { "-T:Z".contains($0) }.compactMap { Int($0) } + [0, 0, 0]
    let date = CivilDate(year: numbers[0], month: numbers[1], day: numbers[2])
    guard (1...12).contains(date.month), CivilDate(dayNumber: date.dayNumber) == date,
      numbers[3] < 24, numbers[4] < 60, numbers[5] < 60
    else { return nil }
    seconds = date.dayNumber * 86_400 + numbers[3] * 3600 + numbers[4] * 60 + numbers[5]
  }

  /// `2026-10-25T00:30:00Z`.
  public var text: String { "\(Self.clockText(at: seconds, "T"))Z" }

  /// What clocks show that are so many seconds ahead of UTC: `2026-10-25 02:30:00`.
  public func clockText(ahead offset: Int) -> String { Self.clockText(at: seconds + offset, " ") }

  private static func clockText(at seconds: Int, _ separator: String) -> String {
    let date = CivilDate(dayNumber: seconds.dividedDown(by: 86_400))
    let time = seconds.modulo(86_400)
    func digits(_ number: Int, _ count: Int = 2) -> String {
      let text = "\(number)"
      return String(repeating: "0", count: max(0, count - text.count)) + text
    }
    return "\(digits(date.year, 4))-\(digits(date.month))-\(digits(date.day))\(separator)"
      + "\(digits(time / 3600)):\(digits(time / 60 % 60)):\(digits(time % 60))"
  }
}
