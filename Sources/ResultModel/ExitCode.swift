/// What `ringside` exits with: a contract with scripts and CI.
public enum ExitCode: Int32, Codable, Sendable, CaseIterable {
  /// Everything asked passed.
  case success = 0
  /// A bug of ringside.
  case internalError = 1
  /// Significantly slower than the baseline, by more than is allowed.
  case regression = 2
  /// An SLO of severity error failed.
  case sloFailed = 3
  /// Only improvements; used with `--report-improvement`.
  case improvement = 4
  /// Messages were lost, doubled, reordered or corrupted.
  case verificationFailed = 5
  /// The load was not delivered, or a trial crashed or hung.
  case invalidRun = 6
  /// Too noisy to decide; used with `--strict`.
  case inconclusive = 7
  /// No baseline, or not a comparable one.
  case baselineUnusable = 8
  /// The command line is wrong.
  case usage = 64
  /// The scenario is wrong.
  case scenarioInvalid = 65
  /// A file was not found.
  case fileNotFound = 66
  /// The target cannot be reached.
  case targetUnavailable = 69
  /// The results cannot be written.
  case cannotWrite = 73
  /// Reading or writing failed.
  case inputOutputError = 74
  /// Stopped by SIGINT.
  case interrupted = 130
  /// Stopped by SIGTERM.
  case terminated = 143

  /// What the code means, in a few words.
  public var phrase: String {
    switch self {
    case .success: "everything asked passed"
    case .internalError: "internal error"
    case .regression: "slower than the baseline"
    case .sloFailed: "an SLO failed"
    case .improvement: "faster than the baseline"
    case .verificationFailed: "verification failed"
    case .invalidRun: "the load was not delivered"
    case .inconclusive: "too noisy to decide"
    case .baselineUnusable: "no usable baseline"
    case .usage: "wrong usage"
    case .scenarioInvalid: "the scenario is wrong"
    case .fileNotFound: "a file was not found"
    case .targetUnavailable: "the target cannot be reached"
    case .cannotWrite: "the results cannot be written"
    case .inputOutputError: "reading or writing failed"
    case .interrupted: "interrupted"
    case .terminated: "terminated"
    }
  }

  /// From the most important to the least.
  ///
  /// A stopped run comes first, since its other findings may only be the stop's doing; then failures to do the work at
  /// all; then what was found: 5 > 6 > 3 > 2 > 8 > 7 > 4.
  static let precedence: [ExitCode] = [
    .interrupted, .terminated, .internalError, .usage, .scenarioInvalid, .fileNotFound, .targetUnavailable,
    .cannotWrite, .inputOutputError, .verificationFailed, .invalidRun, .sloFailed, .regression, .baselineUnusable,
    .inconclusive, .improvement, .success,
  ]

  /// The code to exit with when all of `codes` apply; `success` when there is none.
  public static func mostImportant(of codes: [ExitCode]) -> ExitCode {
    precedence.first(where: codes.contains) ?? .success
  }

  /// `codes` without repetition, the most important first, and `success` only when it is alone.
  public static func ordered(_ codes: [ExitCode]) -> [ExitCode] {
    let found = precedence.filter { codes.contains($0) && $0 != .success }
    return found.isEmpty ? [.success] : found
  }
}
