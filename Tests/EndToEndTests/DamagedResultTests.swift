import Foundation
import Testing

/// A file that is no result: each command that reads one names it, says what to do and ends with the code of the contract.
@Suite struct DamagedResultTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  @Test(arguments: [
    (["report"], "", "is empty"), (["baseline", "save", "x"], "{\"schema_version\":1,", "ends in the middle"),
    (["export", "--format", "jmh"], #"[{"name":"a","value":1,"unit":"ns"}]"#, "not a result of ringside"),
    (["report", "--write"], #"{"schema_version":99,"run_id":"x"}"#, "use a newer ringside"),
  ])
  func aFileThatIsNoResultIsNamed(command: [String], text: String, says: String) throws {
    try workspace.write(text, to: "result.json")
    let outcome = try workspace.start(command + ["result.json"]).finish()
    #expect(outcome.exitCode == 74)
    #expect(outcome.errors.contains("result.json: ") && outcome.errors.contains(says), "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
  }

  @Test func aDirectoryWithoutAResultIsNamed() throws {
    try FileManager.default.createDirectory(
      at: workspace.folder.appending(path: "empty"), withIntermediateDirectories: false)
    let outcome = try workspace.ringside("compare", "empty", "empty")
    #expect(outcome.exitCode == 66)
    #expect(outcome.errors.contains("no result.json in the directory empty"), "\(outcome.errors)")
  }
}
