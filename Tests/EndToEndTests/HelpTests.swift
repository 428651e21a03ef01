import Foundation
import Testing

/// The command line explains itself.
@Suite struct HelpTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  @Test(arguments: ["run", "check", "plan", "list", "init", "doctor", "schema", "export", "duel"])
  func everySubcommandHasHelpWithAnExample(command: String) throws {
    let overview = try workspace.ringside("--help")
    #expect(overview.exitCode == 0)
    #expect(overview.output.contains("\n  \(command) "))
    let help = try workspace.ringside("help", command)
    #expect(help.exitCode == 0)
    #expect(help.output.contains("EXAMPLE"))
    #expect(help.output.contains("ringside \(command)"))
  }

  /// Exit 7 used to be nowhere, although runs ended with it.
  @Test func theHelpHasTheExitCodesOfTheReadme() throws {
    let readme = try String(contentsOf: BuiltBinary.repository.appending(path: "README.md"), encoding: .utf8)
    let section = try #require(
      readme.components(separatedBy: "## Exit codes").last?.components(separatedBy: "\n## ").first)
    let rows = section.split(separator: "\n").filter { $0.hasPrefix("|") }.dropFirst(2)
    let documented = Set(rows.flatMap { $0.split(separator: "|")[0].matches(of: /\d+/).map { String($0.output) } })
    #expect(documented.isSuperset(of: ["0", "5", "6", "7", "64", "130"]))
    let help = try workspace.ringside("--help").output.components(separatedBy: "EXIT CODES").last ?? ""
    let text = help.components(separatedBy: "OPTIONS").first ?? ""
    #expect(Set(text.matches(of: /\b\d+\b/).map { String($0.output) }) == documented)
  }

  @Test func versionNamesTheBuild() throws {
    let outcome = try workspace.ringside("--version")
    #expect(outcome.exitCode == 0)
    #expect(outcome.output.contains("build)"))
  }

  @Test(arguments: ["scenario", "result"])
  func schemasAreJSONSchemas(subject: String) throws {
    let outcome = try workspace.ringside("schema", subject)
    #expect(outcome.exitCode == 0)
    let schema = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
    #expect(schema?["$schema"] is String)
    #expect(schema?["properties"] is [String: Any])
  }

  @Test func doctorProvesTheAllocatorAndExaminesTheMachine() throws {
    let outcome = try workspace.ringside("doctor")
    #expect(outcome.exitCode == 0)
    #expect(outcome.output.contains("jemalloc"))
    for subject in ["allocator", "cores", "clock", "timer", "core to core", "noise"] {
      #expect(outcome.output.contains(subject))
    }
  }
}
