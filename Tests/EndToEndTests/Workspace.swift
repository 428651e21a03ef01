import Foundation

/// A temporary folder in which `ringside` runs; removed when the last reference to it goes.
final class Workspace {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "ringside-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Writes a file and returns its name, relative to the folder.
  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    try Data(text.utf8).write(to: folder.appending(path: name))
    return name
  }

  /// The text of a file.
  func read(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: folder.appending(path: name)), as: UTF8.self)
  }

  /// Names of the files in a folder, sorted.
  func files(in name: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: name).path).sorted()
  }

  /// Runs `ringside` with the arguments to its end.
  func ringside(_ arguments: String..., environment: [String: String] = [:]) throws -> Outcome {
    try start(arguments, environment: environment).finish()
  }

  /// Starts `ringside` with the arguments.
  func start(_ arguments: [String], environment: [String: String] = [:]) throws -> RunningProcess {
    try RunningProcess(BuiltBinary.url, arguments, in: folder, environment: environment)
  }

  /// Runs another program to its end.
  func run(_ program: String, _ arguments: String..., environment: [String: String] = [:]) throws -> Outcome {
    try RunningProcess(URL(filePath: "/usr/bin/env"), [program] + arguments, in: folder, environment: environment)
      .finish()
  }
}
