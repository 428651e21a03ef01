/// Everything one run found out: the content of `result.json`.
///
/// Times are nanoseconds, rates are per second, sizes are bytes. Within a schema version keys are only added, and
/// every key added later is optional, so that older files still load.
public struct RunResult: Codable, Sendable, Equatable {
  /// The schema version that this library writes, and the newest that it reads.
  public static let currentSchemaVersion = 1

  /// The schema version of this result.
  public var schemaVersion = Self.currentSchemaVersion
  /// Names the run in every file it wrote.
  public var runID: String
  /// How the run ended, in a word.
  public var status: RunStatus
  /// What the process exits with: the first of `exitCodes` by precedence.
  public var exitCode: ExitCode
  /// Every exit code that applied, the most important first.
  public var exitCodes: [ExitCode]
  /// What was judged: verification, load, SLOs, environment, comparisons.
  public var verdicts: [Verdict] = []
  /// Which build of ringside measured.
  public var tool: ToolInformation
  /// Which scenario was run.
  public var scenario: ScenarioIdentity
  /// Where it was run.
  public var environment: EnvironmentInformation
  /// When the run began.
  public var started: WallClockTime
  /// How long the run took, all trials and pauses together.
  public var durationNanoseconds: Int64
  /// Whether time was real or simulated; the two are not comparable.
  public var time: TimeMode
  /// What a reader of the figures must know: warnings found while running.
  public var notes: [String] = []
  /// One entry per variant of the matrix; exactly one without a matrix.
  public var variants: [VariantResult]
  /// The outcome of a capacity search of the only variant; with a matrix each variant has its own.
  public var capacity: CapacityResult?
  /// The fit of a scaling search.
  public var scaling: ScalingResult?
  /// Candidates compared with baselines.
  public var comparisons: [ComparisonResult] = []
  /// The rules that the scenario declared for comparisons; absent where it declared none, and then they decide nothing.
  public var comparisonRules: ComparisonRules?

  /// A result whose exit code follows from all the codes that apply; no code at all means `ExitCode.success`.
  public init(
    runID: String, status: RunStatus, exitCodes: [ExitCode], tool: ToolInformation, scenario: ScenarioIdentity,
    environment: EnvironmentInformation, started: WallClockTime, durationNanoseconds: Int64, time: TimeMode = .wall,
    variants: [VariantResult]
  ) {
    self.runID = runID
    self.status = status
    self.exitCode = ExitCode.mostImportant(of: exitCodes)
    self.exitCodes = ExitCode.ordered(exitCodes)
    self.tool = tool
    self.scenario = scenario
    self.environment = environment
    self.started = started
    self.durationNanoseconds = durationNanoseconds
    self.time = time
    self.variants = variants
  }

  /// Adds what went wrong after everything was measured, such as that the results cannot be written.
  public mutating func fail(with code: ExitCode) {
    exitCodes = ExitCode.ordered(exitCodes + [code])
    exitCode = ExitCode.mostImportant(of: exitCodes)
    if status == .passed || status == .inconclusive { status = .failed }
  }

  /// Whether a trial was stopped before its end, by the user or by an objective that ends the run: the figures are partial.
  public var wasStopped: Bool { variants.contains { $0.trials.contains { $0.status == .aborted } } }

  enum CodingKeys: String, CodingKey {
    case schemaVersion = "schema_version"
    case runID = "run_id"
    case status
    case exitCode = "exit_code"
    case exitCodes = "exit_codes"
    case verdicts, tool, scenario, environment, started
    case durationNanoseconds = "duration_ns"
    case time, notes, variants, capacity, scaling, comparisons
    case comparisonRules = "compare"
  }
}
