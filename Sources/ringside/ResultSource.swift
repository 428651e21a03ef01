internal import Foundation
internal import Reports
internal import ResultModel

/// A result that the user names: a `result.json`, a results directory, or a baseline.
struct ResultSource {
  /// What the user wrote.
  var name: String
  /// The file that was meant.
  var path: String
  var result: RunResult
  /// Whether it lies where baselines are kept.
  var isBaseline: Bool

  /// Reads what `name` means: a file or a directory with a result of that path when there is one, else the baseline of that name.
  init(_ name: String, baselines: BaselineStore) throws {
    self.name = name
    path = try Self.path(of: name, baselines: baselines)
    isBaseline = Self.folder(of: path) == Self.folder(of: baselines.path(of: "any"))
    do throws(ResultLoadingError) {
      result = try RunResult.load(path: path)
    } catch {
      throw CommandFailure(error.code == .notFound ? .fileNotFound : .inputOutputError, "\(error)")
    }
  }

  private static func folder(of path: String) -> String {
    URL(fileURLWithPath: path).deletingLastPathComponent().standardizedFileURL.path
  }

  private static func path(of name: String, baselines: BaselineStore) throws -> String {
    let names = baselines.names()
    var isDirectory: ObjCBool = false
    if unsafe FileManager.default.fileExists(atPath: name, isDirectory: &isDirectory) {
      guard isDirectory.boolValue else { return name }
      let path = (name.hasSuffix("/") ? name : name + "/") + "result.json"
      if FileManager.default.fileExists(atPath: path) { return path }
      // A folder of sources may have the name of a branch, as baselines do.
      if names.contains(name) { return baselines.path(of: name) }
      throw CommandFailure(
        .fileNotFound,
        "there is no result.json in the directory \(name): it holds no result, or its run has not ended; "
          + "nor is there a baseline of that name")
    }
    if names.contains(name) { return baselines.path(of: name) }
    let known =
      names.isEmpty ? "there are no baselines in \(baselines.folder)" : "baselines: \(names.joined(separator: ", "))"
    throw CommandFailure(
      .fileNotFound, "there is no file, directory or baseline `\(name)`; \(known)")
  }
}
