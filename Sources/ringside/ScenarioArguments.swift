internal import ArgumentParser
internal import Foundation
internal import ResultModel
internal import ScenarioModel

/// The arguments that name a scenario and change it, shared by the subcommands that read one.
struct ScenarioArguments: ParsableArguments {
  @Argument(help: "The scenario file (YAML, or JSON).", completion: .file(extensions: ["yaml", "yml", "json"]))
  var file: String

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: .init(
      "Override a key of the scenario, e.g. --set load.constant=50k/s; may be repeated.", valueName: "path=value"))
  var overrides: [String] = []

  @Flag(help: "Simulate in virtual time instead of running in real time: the same as --set time=virtual.")
  var virtualTime = false

  /// Loads the scenario and all variants of its matrix, with the overrides of the command line and of `RINGSIDE_SET`.
  /// - Parameters:
  ///   - presets: What another option changes first, as `path=value`.
  ///   - comparesElsewhere: Whether `compare` needs no baseline, because something else is compared.
  /// - Throws: `CommandFailure` that shows every problem at once.
  func load(
    _ environment: EnvironmentOverrides = EnvironmentOverrides(), presets: [String] = [],
    comparesElsewhere: Bool = false
  ) throws -> ScenarioVariants {
    var loader = ScenarioLoader(environment: ProcessInfo.processInfo.environment)
    loader.comparesElsewhere = comparesElsewhere
    do throws(ScenarioProblems) {
      let time = virtualTime ? ["time=virtual"] : []
      return try loader.loadVariants(path: file, overrides: presets + overrides + time + environment.list("SET"))
    } catch {
      // Each problem starts with file:line:column, as editors and CI systems look for it.
      StandardStream.say(error.description.trimmingCharacters(in: .newlines))
      throw CommandFailure.silent(Self.exitCode(for: error))
    }
  }

  /// The same, as much of it as `profile` says.
  func load(_ environment: EnvironmentOverrides, profile: Profile?) throws -> ScenarioVariants {
    guard let profile else { return try load(environment) }
    let whole = try load(environment)
    guard whole.first.search != nil else { return try load(environment, presets: profile.overrides) }
    guard profile == .nightly else {
      throw CommandFailure(
        .usage, "\(file) searches a capacity, which takes what it takes: use --profile nightly, or none")
    }
    return whole
  }

  /// A file that is not there is told from one that is wrong, and a wrong command line from a wrong file.
  private static func exitCode(for problems: ScenarioProblems) -> ResultModel.ExitCode {
    switch problems.fileError {
    case .notFound, .isDirectory, .notReadable: return .fileNotFound
    case .notUTF8, .tooLarge: return .scenarioInvalid
    case nil: break
    }
    return problems.problems.allSatisfy { $0.code == .invalidOverride } ? .usage : .scenarioInvalid
  }
}
