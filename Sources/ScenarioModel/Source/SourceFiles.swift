/// The files of one scenario: the one that was asked for and those it extends, merged into one tree.
struct SourceFiles {
  private let readFile: ScenarioLoader.ReadFile
  /// Texts by file name, for showing the line of a problem.
  private(set) var texts: [String: String] = [:]
  /// Names in the order they were read.
  private(set) var order: [String] = []
  private(set) var problems: [ScenarioProblem] = []

  init(readFile: @escaping ScenarioLoader.ReadFile) { self.readFile = readFile }

  /// The most files that may extend one another.
  private static let depthLimit = 16

  /// The merged tree of the file at `path`; nil when it is not a map. Problems of the files it extends are collected.
  mutating func load(_ path: String) throws(ScenarioFileError) -> SourceNode? {
    try load(path, chain: [Self.normalized(path)])
  }

  private mutating func load(_ path: String, chain: [String]) throws(ScenarioFileError) -> SourceNode? {
    var text = try readFile(path)
    if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }  // A byte order mark.
    if texts.updateValue(text, forKey: path) == nil { order.append(path) }
    let (root, found) = YAMLReader.read(text, file: path)
    problems += found
    guard let root else {
      if found.isEmpty {
        problems.append(
          .init(
            .syntax, "the file is empty", at: .init(file: path, line: 1, column: 1),
            suggestion: "`ringside init` writes a starter scenario"))
      }
      return nil
    }
    guard case .map(var entries) = root.kind else {
      problems.append(
        .init(.wrongShape, "a scenario is a map of keys, not \(root.shape)", at: root.position))
      return nil
    }
    guard let index = entries.firstIndex(where: { $0.key == "extends" }) else { return root }
    let base = entries[index].value
    guard let relative = base.scalar, !relative.isEmpty else { return root }  // The key check names a wrong shape.
    entries.remove(at: index)
    let overlay = SourceNode(kind: .map(entries), position: root.position)
    let basePath = Self.path(relative, besides: path)
    guard let baseRoot = extended(basePath, at: base.position, chain: chain) else { return overlay }
    return baseRoot.merged(with: overlay)
  }

  private mutating func extended(_ path: String, at position: SourcePosition, chain: [String]) -> SourceNode? {
    let normalized = Self.normalized(path)
    guard !chain.contains(normalized), chain.count < Self.depthLimit else {
      let circle = (chain + [normalized]).joined(separator: " → ")
      problems.append(.init(.cycle, "the files extend each other: \(circle)", at: position))
      return nil
    }
    do throws(ScenarioFileError) {
      return try load(path, chain: chain + [normalized])
    } catch {
      problems.append(
        .init(
          error.code, error.message(for: path), at: position,
          suggestion: "the path is relative to the file that says `extends`"))
      return nil
    }
  }

  private static func path(_ relative: String, besides path: String) -> String {
    guard !relative.hasPrefix("/"), let slash = path.lastIndex(of: "/") else { return relative }
    return String(path[...slash]) + relative
  }

  /// Without `.` and `..`, so that one file has one name.
  private static func normalized(_ path: String) -> String {
    var steps: [Substring] = []
    for step in path.split(separator: "/") where step != "." {
      if step == "..", let last = steps.last, last != ".." { steps.removeLast() } else { steps.append(step) }
    }
    return (path.hasPrefix("/") ? "/" : "") + steps.joined(separator: "/")
  }
}
