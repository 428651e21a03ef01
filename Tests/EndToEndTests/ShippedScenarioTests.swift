import Foundation
import Testing

/// Every scenario in the repository is one a user can start from.
@Suite struct ShippedScenarioTests {
  static let folder = BuiltBinary.repository.appending(path: "Scenarios")
  /// Relative to the folder.
  static let names: [String] = {
    let entries = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    return entries.filter { $0.hasSuffix(".yaml") }.sorted()
  }()

  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  @Test(
    arguments: [
      "quickstart.yaml", "rings/spsc.yaml", "rings/mpmc.yaml", "rings/round-trip.yaml", "work-queue.yaml",
      "rings/shared-memory-ring.yaml", "rings/shared-memory-round-trip.yaml", "request-reply.yaml",
      "open-loop-poisson.yaml",
    ])
  func isShipped(name: String) { #expect(Self.names.contains(name)) }

  @Test(arguments: names)
  func isValidAndSaysWhatItTeaches(name: String) throws {
    let file = Self.folder.appending(path: name)
    let checked = try workspace.ringside("check", file.path)
    #expect(checked.exitCode == 0, "\(checked.errors)")
    let text = try String(contentsOf: file, encoding: .utf8)
    #expect(text.hasPrefix("#"), "a comment says what it teaches")
    #expect(text.contains("\ndescription:"), "the list shows a sentence about it")
  }

  @Test(arguments: names)
  func canBePlanned(name: String) throws {
    let planned = try workspace.ringside("plan", Self.folder.appending(path: name).path)
    #expect(planned.exitCode == 0)
    for heading in ["Phases", "Threads", "Settings"] { #expect(planned.output.contains(heading)) }
  }

  @Test func listShowsAllOfThem() throws {
    let listed = try workspace.ringside("list", Self.folder.path)
    #expect(listed.exitCode == 0)
    #expect(listed.output.split(separator: "\n").count == Self.names.count)
    #expect(!listed.output.contains("(invalid"))
  }

  @Test func listSaysThatThereIsNoFolder() throws {
    let listed = try workspace.ringside("list")
    #expect(listed.exitCode == 66)
    #expect(listed.errors.contains("Scenarios"))
  }
}
