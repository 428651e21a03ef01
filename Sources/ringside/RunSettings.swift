internal import ArgumentParser
internal import ResultModel
internal import ScenarioModel

/// The tables that `run --show` prints after the summary: one, or several with commas between.
struct ShownTables: ExpressibleByArgument {
  var tables: [ShownTable]

  /// Nil when a name is unknown.
  init?(argument: String) {
    let names = argument.split(separator: ",", omittingEmptySubsequences: false)
    tables = names.compactMap { ShownTable(rawValue: String($0)) }
    if tables.isEmpty || tables.count < names.count { return nil }
  }

  /// The known names, for help and errors.
  static let choices = ShownTable.allCases.map(\.rawValue).joined(separator: ", ")
}

/// A table that `run --show` prints after the summary.
enum ShownTable: String, CaseIterable {
  /// Depth and counters of each queue.
  case queues
  /// Name and type of each exchange.
  case exchanges
  /// What is bound to what.
  case bindings
  /// Who takes from which queue, and what they have in hand.
  case consumers
}

/// How a run is presented and judged; the scenario says what is run.
struct RunSettings {
  /// The results directory; nil leaves it to the scenario.
  var outputFolder: String?
  var shownTables: [ShownTable]
  var printsJSON: Bool
  var isQuiet: Bool
  /// Whether the machine is tested for noise before and after the run.
  var probesNoise: Bool
  /// Whether too much noise is a failure.
  var isStrict: Bool
  /// Whether only improvements have an exit code of their own.
  var reportsImprovement: Bool

  /// Refuses a results directory that cannot be meant.
  func validate() throws {
    guard let outputFolder, let problem = ResultsDirectoryPattern.problem(with: outputFolder) else { return }
    throw CommandFailure(.usage, "--output: \(problem.message); \(problem.suggestion)")
  }

  /// Lets `RINGSIDE_*` variables override the options, and says so where both were given.
  mutating func apply(_ environment: EnvironmentOverrides) throws {
    if let quiet = try environment.flag("QUIET") { isQuiet = quiet }
    if let probes = try environment.flag("NOISE_PROBE") { probesNoise = probes }
    if let strict = try environment.flag("STRICT") { isStrict = strict }
    if let reports = try environment.flag("REPORT_IMPROVEMENT") { reportsImprovement = reports }
    if let json = try environment.flag("JSON") { printsJSON = json }
    if let folder = environment.text("OUTPUT") {
      if let option = outputFolder, option != folder, !isQuiet {
        StandardStream.say("RINGSIDE_OUTPUT=\(folder) overrides --output \(option)")
      }
      outputFolder = folder
    }
    if let table = environment.text("SHOW") {
      guard let known = ShownTables(argument: table) else {
        throw CommandFailure(.usage, "RINGSIDE_SHOW is `\(table)`; use one or more of: \(ShownTables.choices)")
      }
      shownTables = known.tables
    }
  }
}
