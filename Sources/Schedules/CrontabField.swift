/// One of the five fields of a crontab: its values and their names, and how its text is read.
public enum CrontabField: String, CaseIterable, Sendable {
  /// 0 to 59.
  case minute
  /// 0 to 23.
  case hour
  /// 0 to 6, from Sunday on, or a name.
  case dayOfWeek = "day_of_week"
  /// 1 to 31.
  case dayOfMonth = "day_of_month"
  /// 1 to 12, or a name.
  case monthOfYear = "month_of_year"

  var values: ClosedRange<Int> {
    switch self {
    case .minute: 0...59
    case .hour: 0...23
    case .dayOfWeek: 0...6
    case .dayOfMonth: 1...31
    case .monthOfYear: 1...12
    }
  }

  /// All values, a bit each.
  var all: UInt64 { values.reduce(0) { $0 | 1 << UInt64($1) } }

  /// Names of values in English, in order; three letters are enough.
  private var names: [String] {
    switch self {
    case .dayOfWeek: ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]
    case .monthOfYear:
      [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
      ]
    default: []
    }
  }

  /// Reads a list of numbers or names, ranges `a-b`, which may wrap round (`fri-mon`), `*`, and steps of either, `*/n` and `a-b/n`.
  /// - Returns: the values, a bit each.
  /// - Throws: the first thing that is wrong with it.
  func read(_ text: String) throws(CrontabProblem) -> UInt64 {
    var bits: UInt64 = 0
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      bits |= try read(part: part.trimmed).reduce(0) { $0 | 1 << UInt64($1) }
    }
    return bits
  }

  private func read(part: Substring) throws(CrontabProblem) -> [Int] {
    let pieces = part.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(\.trimmed)
    let span = try read(span: pieces[0], part)
    guard pieces.count == 2 else { return span }
    guard pieces[0] == "*" || pieces[0].contains("-") else {
      throw problem(part, at: pieces[1], "a step follows a range or *, as in */5 or 8-18/2")
    }
    guard let step = Int(pieces[1]), step > 0 else { throw problem(part, at: pieces[1], "a step is a number from 1") }
    return stride(from: 0, to: span.count, by: step).map { span[$0] }
  }

  /// `*`, a range or a value.
  private func read(span: Substring, _ part: Substring) throws(CrontabProblem) -> [Int] {
    if span == "*" { return Array(values) }
    let ends = span.split(separator: "-", omittingEmptySubsequences: false).map(\.trimmed)
    guard ends.count <= 2 else { throw problem(part, at: ends[2], "a range has two ends") }
    let first = try value(ends[0], part)
    guard ends.count == 2 else { return [first] }
    let last = try value(ends[1], part)
    return first <= last ? Array(first...last) : Array(first...values.upperBound) + Array(values.lowerBound...last)
  }

  private func value(_ text: Substring, _ part: Substring) throws(CrontabProblem) -> Int {
    if let index = names.firstIndex(where: { $0 == text.lowercased() || $0.prefix(3) == text.lowercased() }) {
      return values.lowerBound + index
    }
    guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(text) else {
      throw problem(part, at: text, text.isEmpty ? "a value is missing" : "'\(text)' is no value")
    }
    guard values.contains(number) else {
      let hint = self == .dayOfWeek && number == 7 ? ", and 0 is Sunday" : ""
      throw problem(part, at: text, "\(number) is not in \(values.lowerBound)-\(values.upperBound)\(hint)")
    }
    return number
  }

  private func problem(_ part: Substring, at place: Substring, _ sentence: String) -> CrontabProblem {
    let named = names.isEmpty ? "" : " or a name such as \(names[1].prefix(3))"
    let text = part.base.unicodeScalars
    return CrontabProblem(
      field: self, offset: text.distance(from: text.startIndex, to: place.startIndex),
      sentence:
        "\(rawValue) '\(part)': \(sentence); values are \(values.lowerBound)-\(values.upperBound)\(named)")
  }
}

extension Substring {
  /// Without blanks at either end.
  fileprivate var trimmed: Substring {
    var text = self
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return text
  }
}
