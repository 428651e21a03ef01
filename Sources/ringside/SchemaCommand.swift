internal import ArgumentParser
internal import ResultModel
internal import ScenarioModel

/// Prints a JSON Schema, for editors and for programs that read results.
struct SchemaCommand: ParsableCommand {
  /// What has a schema.
  enum Subject: String, ExpressibleByArgument, CaseIterable {
    case scenario, result
  }

  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print the JSON Schema of scenario files or of result.json.",
    discussion: """
      EXAMPLES
        ringside schema scenario > scenario.schema.json    let an editor complete the keys
        ringside schema result > result.schema.json        validate results in a script
      """)

  @Argument(help: "Which schema: \(Subject.allCases.map(\.rawValue).joined(separator: " or ")).")
  var subject: Subject

  func run() throws {
    let schema =
      switch subject {
      case .scenario: ScenarioSchema.json
      case .result: ResultSchema.json
      }
    try StandardStream.output.write(schema.hasSuffix("\n") ? schema : schema + "\n")
  }
}
