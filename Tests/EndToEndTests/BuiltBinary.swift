import Foundation

/// The `ringside` that was built together with these tests.
enum BuiltBinary {
  /// The checkout's root folder.
  static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Beside the running test bundle, whatever the configuration and the scratch folder are; else in `.build/debug`.
  static let url: URL = {
    let beside = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    let bundle = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    let candidates = [beside, bundle, repository.appending(path: ".build/debug")].map { $0.appending(path: "ringside") }
    guard let found = candidates.first(where: { FileManager.default.isExecutableFile(atPath: $0.path) }) else {
      fatalError("ringside was not built; looked at \(candidates.map(\.path))")
    }
    return found
  }()
}
