import Foundation
import Testing

@testable import ScenarioModel

/// The files in `Scenarios/` and the examples of the format.
@Suite struct ShippedScenarioTests {
  static let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Scenarios").path

  static let files: [String] = (FileManager.default.subpaths(atPath: directory) ?? [])
    .filter { $0.hasSuffix(".yaml") }.sorted()

  @Test(arguments: files)
  func loads(file: String) throws {
    let scenario = try ScenarioLoader().load(path: "\(Self.directory)/\(file)")
    #expect(!scenario.summary.isEmpty)
    let seconds = scenario.load.phases.reduce(0) { $0 + ($1.durationNanoseconds ?? 1_000_000_000) } / 1_000_000_000
    #expect(seconds < 15)
    let text = try ScenarioFile.read("\(Self.directory)/\(file)")
    #expect(text.hasPrefix("# "), "it opens with what it teaches")
  }

  @Test func areAllThere() {
    #expect(Self.files.count >= 13)
    let readme = (try? ScenarioFile.read("\(Self.directory)/README.md")) ?? ""
    for file in Self.files { #expect(readme.contains("(\(file))"), "\(file) is not in the README") }
  }

  @Test func namesAreUnique() throws {
    let names = try Self.files.map { try ScenarioLoader().load(path: "\(Self.directory)/\($0)").name }
    #expect(Set(names).count == names.count)
  }

  /// The resolved form is a scenario too, and resolves to itself.
  @Test(arguments: files)
  func resolvesToItself(file: String) throws {
    let scenario = try ScenarioLoader().load(path: "\(Self.directory)/\(file)")
    let text = scenario.resolvedJSON
    // By the same path, since it may name files with data.
    let loader = ScenarioLoader(readFile: { _ throws(ScenarioFileError) in text })
    let again = try loader.load(path: "\(Self.directory)/\(file)")
    #expect(again.resolvedJSON == scenario.resolvedJSON)
    #expect(again.load.phases.map(\.kind) == scenario.load.phases.map(\.kind))
    #expect(again.workload.pattern == scenario.workload.pattern)
    #expect(try JSONSerialization.jsonObject(with: Data(scenario.resolvedJSON.utf8)) is [String: Any])
  }

  /// Run with RINGSIDE_UPDATE_REFERENCE=1 to write the generated part anew.
  @Test func theReferenceIsWhatTheTableSays() throws {
    let path = "\(Self.directory)/README.md"
    let text = try ScenarioFile.read(path)
    let marker = "<!-- keys -->\n"
    let parts = text.split(separator: marker, maxSplits: 1, omittingEmptySubsequences: false)
    #expect(parts.count == 2)
    if ProcessInfo.processInfo.environment["RINGSIDE_UPDATE_REFERENCE"] != nil {
      try (parts[0] + marker + "\n" + ScenarioReference.markdown).write(toFile: path, atomically: true, encoding: .utf8)
    } else {
      #expect(String(parts.last ?? "") == "\n" + ScenarioReference.markdown)
    }
  }
}
