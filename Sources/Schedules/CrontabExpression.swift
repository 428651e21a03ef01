/// The wall-clock times that the five fields of a crontab name, and when clocks show them.
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
public struct CrontabExpression: Hashable, Sendable {
  /// The fields as they were written, in the order of `CrontabField.allCases`.
  public let fields: [String]

  private let times: WallTimes
  private let isForEveryHour: Bool

  /// The fields of a line of a crontab(5), in its order.
  private static let lineOrder: [CrontabField] = [.minute, .hour, .dayOfMonth, .monthOfYear, .dayOfWeek]

  /// A crontab by its fields; one that is left out is `*`.
  /// - Throws: `CrontabError` with a problem of every field that has one; also when no date ever matches, as on the 30th of February.
  public init(_ given: [CrontabField: String]) throws(CrontabError) {
    fields = CrontabField.allCases.map { given[$0] ?? "*" }
    var problems: [CrontabProblem] = []
    var bits: [UInt64] = []
    for (field, text) in zip(CrontabField.allCases, fields) {
      do throws(CrontabProblem) { bits.append(try field.read(text)) } catch { problems.append(error) }
    }
    guard problems.isEmpty else { throw CrontabError(problems: problems) }
    times = WallTimes(
      minutes: bits[0], hours: bits[1], daysOfWeek: bits[2], daysOfMonth: bits[3], monthsOfYear: bits[4])
    isForEveryHour = bits[1] == CrontabField.hour.all
    guard times.first(notBefore: 0) != nil else {
      let sentence = "day_of_month '\(fields[3])' never comes in month_of_year '\(fields[4])'"
      throw CrontabError(problems: [CrontabProblem(field: .dayOfMonth, offset: 0, sentence: sentence)])
    }
  }

  /// A crontab as a line of a crontab(5): minute, hour, day of the month, month and day of the week, with blanks between.
  /// - Throws: `CrontabError`, whose places are in the line.
  public init(line: String) throws(CrontabError) {
    let parts = line.split { $0 == " " || $0 == "\t" }
    let order = Self.lineOrder
    let scalars = line.unicodeScalars
    guard parts.count == order.count else {
      let place = parts.count > order.count ? parts[order.count].startIndex : line.endIndex
      let names = order.map(\.rawValue).joined(separator: " ")
      throw CrontabError(problems: [
        CrontabProblem(
          field: nil, offset: scalars.distance(from: line.startIndex, to: place),
          sentence: "a crontab has five fields, \(names), and '\(line)' has \(parts.count)")
      ])
    }
    do throws(CrontabError) {
      try self.init(Dictionary(uniqueKeysWithValues: zip(order, parts.map(String.init))))
    } catch {
      let placed = error.problems.map { problem in
        var problem = problem
        if let place = order.firstIndex(where: { $0 == problem.field }) {
          problem.offset += scalars.distance(from: line.startIndex, to: parts[place].startIndex)
        }
        return problem
      }
      throw CrontabError(problems: placed.sorted { $0.offset < $1.offset })
    }
  }

  /// The first second after `start` at which the clocks of a zone make it fire; nil when there is none that can be told.
  /// - Parameter start: Whole seconds since 1970 UTC, as the result.
  ///
  /// Between changes of the clocks wall time is UTC and an offset. From a change on, what it skipped is looked for, or what it
  /// repeats left out.
  public func next(after start: Int, in zone: NamedZone) -> Int? {
    var position = start
    var offset = zone.offset(at: position)
    // Wall times before this one have had their turn.
    var passed = isForEveryHour ? Int.min : wallTimePassed(by: start, zone)
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
  private func wallTimePassed(by moment: Int, _ zone: NamedZone) -> Int {
    var passed = Int.min
    var position = moment - 2 * 86_400
    while let change = zone.change(after: position, notAfter: moment) {
      passed = max(passed, change.moment + change.offsetBefore)
      position = change.moment
    }
    return passed
  }

  /// Seconds between the two of its times that are closest to each other, as far as those of ten years tell: clocks that are never
  /// changed take so long at least.
  public var shortestGap: Int {
    var shortest = Int.max
    var last: Int?
    var next = times.first(notBefore: 0)
    for _ in 0..<Self.gapCount {
      guard let time = next, shortest > 60, shortest == .max || time < 10 * 366 * 86_400 else { break }
      if let last { shortest = min(shortest, time - last) }
      last = time
      next = times.first(notBefore: time + 1)
    }
    return shortest
  }

  /// How many of them are looked at: a day of minutes.
  private static var gapCount: Int { 1441 }
}
