internal import ArgumentParser
internal import Foundation
internal import Reports
internal import ResultModel
internal import ScenarioModel

/// Lists scenarios with what they teach.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the scenarios in a folder with their descriptions.",
    discussion: """
      Looks into sub-folders too. Invalid scenarios are listed as such; `ringside check` says why.

      EXAMPLE
        ringside list Scenarios/rings
      """)

  @Argument(help: "The folder to look in.", completion: .directory)
  var folder = "Scenarios"

  func run() throws {
    let loader = ScenarioLoader(environment: ProcessInfo.processInfo.environment)
    var table = TextTable()
    let paths = try scenarioPaths()
    for path in paths {
      if let scenario = try? loader.load(path: path) {
        table.append(path, scenario.summary)
      } else {
        table.append(path, "(invalid: see ringside check \(path))")
      }
    }
    if paths.isEmpty { StandardStream.say("No scenarios in \(folder). Write one: ringside init") }
    try StandardStream.output.write(table.text())
  }

  /// Every `.yaml` and `.yml` file below the folder, sorted.
  private func scenarioPaths() throws -> [String] {
    var isDirectory: ObjCBool = false
    let exists = unsafe FileManager.default.fileExists(atPath: folder, isDirectory: &isDirectory)
    guard exists, isDirectory.boolValue, let entries = FileManager.default.enumerator(atPath: folder) else {
      throw CommandFailure(.fileNotFound, "there is no folder \(folder); name one: ringside list DIR")
    }
    let base = folder.hasSuffix("/") ? folder : folder + "/"
    return entries.compactMap { $0 as? String }
      .filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
      .map { base + $0 }.sorted()
  }
}
