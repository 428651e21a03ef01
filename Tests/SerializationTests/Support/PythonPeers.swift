import Foundation
import Testing

/// A Python with independent implementations of the formats, which the tests exchange documents with.
///
/// They come from a package index. A machine without one still passes, but `.ci/run` repeats the line `NOT CHECKED: …` beside
/// its count, so that nobody takes the check for done; with `RINGSIDE_CHECK_EVERYTHING=1` it is a failure.
enum PythonPeers {
  /// What pip installs, for all tests at once.
  private static let packages = ["msgpack", "cbor2", "zstandard", "lz4", "PyYAML", "protobuf"]
  private static let directory = temporaryDirectory()
  /// The interpreter, or why there is none; made when the first test asks.
  private static let interpreter = install()

  /// What `script`, beside the tests' folder of sources, printed when it was run with `arguments`; nil, and said so, where there
  /// cannot be such a Python. A script that fails is a failure of the test.
  static func run(_ script: String, _ arguments: String...) throws -> String? {
    switch interpreter {
    case .failure(let reason):
      print("NOT CHECKED: \(script) of the serializers' tests: \(reason)")
      if ProcessInfo.processInfo.environment["RINGSIDE_CHECK_EVERYTHING"] == "1" { Issue.record("\(reason)") }
      return nil
    case .success(let python):
      let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../\(script)").path
      let (status, output) = try execute(python, [path] + arguments)
      #expect(status == 0, "\(output)")
      return output
    }
  }

  private struct Unavailable: Error, CustomStringConvertible { let description: String }

  private static func install() -> Result<String, Unavailable> {
    do {
      let environment = directory.appending(path: "python").path
      guard try execute("python3", ["-m", "venv", environment]).status == 0 else {
        return .failure(.init(description: "python3 cannot make a virtual environment"))
      }
      let options = ["install", "--quiet", "--timeout", "20", "--retries", "1", "--disable-pip-version-check"]
      let (status, output) = try execute("\(environment)/bin/pip", options + packages)
      guard status == 0 else {
        let cause = output.split(whereSeparator: \.isNewline).last ?? ""
        return .failure(.init(description: "pip cannot install \(packages.joined(separator: ", ")) (\(cause))"))
      }
      return .success("\(environment)/bin/python")
    } catch {
      return .failure(.init(description: "no Python: \(error)"))
    }
  }

  private static func execute(_ program: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }

  /// A folder for the environment that goes away with the process.
  private static func temporaryDirectory() -> URL {
    let folder = FileManager.default.temporaryDirectory.appending(path: "ringside-peers-\(getpid())")
    atexit { try? FileManager.default.removeItem(at: PythonPeers.directory) }
    return folder
  }
}
