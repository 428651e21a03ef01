/// The files with data that a scenario names, read when they are needed.
struct DataFiles {
  private let scenarioPath: String
  private let readFile: ScenarioLoader.ReadFile
  /// Texts by file name, for showing the line of a problem.
  private(set) var texts: [String: String] = [:]
  /// What each file holds, by file name: of hundreds of megabytes only once, however many variants name it.
  private var digests: [String: String] = [:]

  init(scenarioPath: String, readFile: @escaping ScenarioLoader.ReadFile) {
    self.scenarioPath = scenarioPath
    self.readFile = readFile
  }

  /// The file that the value at `position` names: relative to the file that the value is written in, or to the scenario
  /// when it was given on the command line.
  mutating func read(_ name: String, namedAt position: SourcePosition) throws(ScenarioFileError) -> DataFile {
    let path = resolvedPath(name, namedAt: position)
    if let text = texts[path] { return DataFile(path: path, text: text) }
    let text = try readFile(path)
    texts[path] = text
    return DataFile(path: path, text: text)
  }

  /// What a file that was read holds.
  mutating func digest(of file: DataFile) -> String {
    if let digest = digests[file.path] { return digest }
    let digest = ScenarioDigest.sha256(file.text)
    digests[file.path] = digest
    return digest
  }

  /// Where such a file is.
  func resolvedPath(_ name: String, namedAt position: SourcePosition) -> String {
    let home = position.file.hasPrefix(Override.file(for: "")) ? scenarioPath : position.file
    return name.hasPrefix("/") ? name : Self.folder(of: home) + name
  }

  /// What the scenario itself would call such a file. A file in another folder that it extends calls it otherwise, but the
  /// resolved scenario stands in the place of the scenario alone.
  func ownName(of name: String, namedAt position: SourcePosition) -> String {
    let path = resolvedPath(name, namedAt: position)
    // The path of a file that is extended begins with the scenario's folder, or is absolute.
    let folder = Self.folder(of: scenarioPath)
    return path.hasPrefix(folder) && !name.hasPrefix("/") ? String(path.dropFirst(folder.count)) : path
  }

  /// The part of a path before its file's name, with the slash at its end.
  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  }
}
