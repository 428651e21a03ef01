internal import ArgumentParser
internal import Foundation
internal import Reports
internal import ResultModel
internal import ScenarioModel

/// Keeps results under a name, for later runs to be compared with.
struct BaselineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "baseline",
    abstract: "Keep results under a name, for later runs to be compared with.",
    discussion: """
      A baseline is a copy of a result.json. Results of debug builds, of builds with uncommitted changes, and of runs that
      were invalid or lost messages cannot become one.

      EXAMPLES
        ringside baseline save main Results/quickstart/2026-05-04T10.00.00.000Z
        ringside baseline list
        ringside compare main Results/quickstart/2026-05-05T10.00.00.000Z
      """,
    subcommands: [Save.self, List.self, Show.self, Remove.self])

  /// Where baselines are kept, for all subcommands.
  struct Place: ParsableArguments {
    @Option(help: .init("Where baselines are kept.", valueName: "dir"), completion: .directory)
    var baselines = "Results/baselines"

    var store: BaselineStore { BaselineStore(folder: baselines) }

    /// The baseline of that name, whatever else has it here.
    func load(_ name: String) throws -> RunResult {
      let name = try BaselineCommand.checked(name)
      guard store.names().contains(name) else {
        throw CommandFailure(.fileNotFound, "there is no baseline `\(name)` in \(baselines)")
      }
      return try ResultSource(store.path(of: name), baselines: store).result
    }
  }

  static func checked(_ name: String) throws -> String {
    guard BaselineName.isValid(name) else {
      throw CommandFailure(.usage, "`\(name)` cannot name a baseline: use letters, digits, `.`, `_` and `-`")
    }
    return name
  }

  struct Save: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Keep a result under a name, in place of what had it.")
    @Argument(help: "The name: letters, digits, `.`, `_` and `-`.")
    var name: String
    @Argument(help: "A result.json, a results directory, or another baseline.")
    var source: String
    @OptionGroup var place: Place

    func run() throws {
      let name = try BaselineCommand.checked(name)
      let source = try ResultSource(source, baselines: place.store)
      let reasons = Comparability.unfitness(source.result)
      guard reasons.isEmpty else {
        throw CommandFailure(
          .baselineUnusable, "\(source.path) cannot be a baseline: \(reasons.joined(separator: "; "))")
      }
      let bytes = [UInt8](try source.result.jsonData())
      do throws(ResultWritingError) {
        try place.store.save(bytes, as: name)
      } catch {
        throw CommandFailure(error.exitCode, "cannot keep the baseline: \(error)")
      }
      StandardStream.say("Kept \(source.path) as \(place.store.path(of: name))")
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List all baselines.")
    @OptionGroup var place: Place

    func run() throws {
      let names = place.store.names()
      if names.isEmpty {
        StandardStream.say("No baselines in \(place.baselines). Keep one: ringside baseline save NAME RESULT")
      }
      var table = TextTable()
      for name in names {
        guard let result = try? place.load(name) else {
          table.append(name, "(cannot be read: see ringside baseline show \(name))")
          continue
        }
        table.append(
          name, result.scenario.name, result.started.rfc3339, String(result.tool.gitSHA.prefix(9)),
          TrialCounts(of: result.variants).text)
      }
      try StandardStream.output.write(table.text())
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show a baseline as its run showed it.")
    @Argument(help: "Its name.")
    var name: String
    @OptionGroup var place: Place

    func run() throws {
      let style = TerminalStyle.detect(
        isTerminal: StandardStream.output.isTerminal, environment: ProcessInfo.processInfo.environment)
      try StandardStream.output.write(TerminalSummary(try place.load(name), directory: nil, style: style).text)
    }
  }

  struct Remove: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "rm", abstract: "Forget a baseline.")
    @Argument(help: "Its name.")
    var name: String
    @OptionGroup var place: Place

    func run() throws {
      let name = try BaselineCommand.checked(name)
      do throws(ResultWritingError) {
        if try place.store.remove(name) { return }
      } catch {
        throw CommandFailure(error.exitCode, "\(error)")
      }
      throw CommandFailure(.fileNotFound, "there is no baseline `\(name)` in \(place.baselines)")
    }
  }
}
