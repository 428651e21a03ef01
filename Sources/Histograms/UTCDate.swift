/// A moment as the calendar and the clock of Greenwich show it.
///
/// Source of the conversion from days: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
struct UTCDate: Equatable {
  let year: Int
  let month: Int
  let day: Int
  let weekday: Int  // 0 is Sunday.
  let secondOfDay: Int

  /// The date `seconds` after the beginning of 1970, without leap seconds.
  init(secondsSinceEpoch seconds: Int) {
    let days = (seconds >= 0 ? seconds : seconds - 86_399) / 86_400
    secondOfDay = seconds - days * 86_400
    weekday = ((days + 4) % 7 + 7) % 7  // 1970-01-01 was a Thursday.
    // Eras of 400 years that begin in March, so that the leap day is the last of a year.
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153  // 0 is March.
    day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// As `date` and Java write it: `Wed Sep 09 08:24:39 UTC 2015`.
  var text: String {
    let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let time = [secondOfDay / 3600, secondOfDay / 60 % 60, secondOfDay % 60].map(twoDigits).joined(separator: ":")
    return "\(weekdays[weekday]) \(months[month - 1]) \(twoDigits(day)) \(time) UTC \(year)"
  }

  private func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
