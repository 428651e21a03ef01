/// One thing that is wrong with a crontab, and where.
public struct CrontabProblem: Error, Equatable, Sendable {
  /// The field that it is about; nil when it is about how many there are.
  public let field: CrontabField?
  /// Unicode scalars before the place, in the field's own text, or in the whole line where the crontab is one.
  public var offset: Int
  /// What is wrong, and what is allowed.
  public let sentence: String
}

/// Everything that is wrong with a crontab.
public struct CrontabError: Error, Equatable, Sendable {
  /// In the order in which they are written.
  public let problems: [CrontabProblem]
}
