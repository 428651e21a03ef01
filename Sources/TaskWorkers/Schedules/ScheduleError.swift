/// A schedule that cannot be: everything that is wrong with it.
public struct ScheduleError: Error, Equatable, CustomStringConvertible {
  /// A sentence for each problem, with what to write instead.
  public let problems: [String]

  init(_ problems: [String]) { self.problems = problems }

  /// All problems in one line.
  public var description: String { problems.joined(separator: "; ") }
}
