import Foundation
import ResultModel
import Testing

/// The sample result, and the recorded texts that must not change unnoticed.
enum Fixtures {
  static var testDirectory: String { #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } }

  /// The sample of the ResultModel tests: two variants of two trials; the second trial of each is invalid.
  static let sample = Result {
    try RunResult.load(path: testDirectory + "/../ResultModelTests/Fixtures/sample-result.json")
  }

  /// The sample with one variant, one trial and its main phase only.
  static func small() throws -> RunResult {
    var result = try sample.get()
    result.variants = [result.variants[0]]
    result.variants[0].trials = [result.variants[0].trials[0]]
    result.variants[0].trials[0].phases = [result.variants[0].trials[0].phases[1]]
    return result
  }

  /// The same after a run in which everything went well.
  static func passed() throws -> RunResult {
    var result = try small()
    result.status = .passed
    result.exitCode = .success
    result.exitCodes = [.success]
    result.verdicts = []
    result.notes = []
    result.tool.dirty = false
    result.variants[0].trials[0].phases[0].labels = []
    result.variants[0].trials[0].phases[0].verification?.lost = 0
    result.variants[0].trials[0].phases[0].verification?.reordered = 0
    return result
  }

  /// Compares `text` with the recording `name`. Recorded anew with RINGSIDE_RECORD=1 in the environment.
  static func expectGolden(
    _ text: String, _ name: String, sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) throws {
    let path = "\(testDirectory)/Golden/\(name)"
    if ProcessInfo.processInfo.environment["RINGSIDE_RECORD"] != nil {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }
    let recorded = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    guard text != recorded else { return }
    let differing = zip(text.split(separator: "\n"), recorded.split(separator: "\n")).first { $0 != $1 }
    Issue.record(
      "\(name) differs: got \"\(differing?.0 ?? "")\", recorded \"\(differing?.1 ?? "")\"",
      sourceLocation: sourceLocation)
  }

  /// Runs a script to its end; nil where there is no Python.
  static func python(_ arguments: [String]) throws -> (status: Int32, output: String)? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    return process.terminationStatus == 127 ? nil : (process.terminationStatus, output)
  }

  /// A directory of its own for `body`, removed afterwards.
  static func withTemporaryDirectory(_ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }
}
