/// Turns a scenario file into a `Scenario`, or into everything that is wrong with it.
public struct ScenarioLoader: Sendable {
  /// Reads a whole file as text.
  public typealias ReadFile = @Sendable (_ path: String) throws(ScenarioFileError) -> String

  /// The most bytes a scenario file may have.
  public static let fileByteCountLimit = 4 << 20

  /// Where `${name}` looks after the scenario's own `vars`.
  public var environment: [String: String]
  /// How files are read.
  public var readFile: ReadFile
  /// How the files with data are read that a scenario names: traces and recorded values.
  public var readData: ReadFile

  /// Whether what is compared comes from elsewhere, such as two builds of this program, so that `compare` needs no baseline.
  public var comparesElsewhere = false

  /// The most bytes a file with data may have.
  public static let dataByteCountLimit = 256 << 20

  /// A loader with these variables, reading scenarios with `readFile` and what they name with `readData`.
  public init(
    environment: [String: String] = [:], readFile: @escaping ReadFile = ScenarioFile.read,
    readData: @escaping ReadFile = ScenarioFile.readData
  ) {
    self.environment = environment
    self.readFile = readFile
    self.readData = readData
  }

  /// The first variant of the scenario at `path`: the only one without a matrix. See `loadVariants`.
  public func load(path: String, overrides: [String] = []) throws(ScenarioProblems) -> Scenario {
    try loadVariants(path: path, overrides: overrides).first
  }

  /// Reads, merges, interpolates, checks and resolves the scenario at `path`, and expands its matrix.
  ///
  /// - Parameters:
  ///   - path: The scenario file. Files it extends are relative to its directory.
  ///   - overrides: Each `path=value`, as given to `--set`; later ones win.
  /// - Throws: All problems at once.
  public func loadVariants(path: String, overrides: [String] = []) throws(ScenarioProblems) -> ScenarioVariants {
    var files = SourceFiles(readFile: readFile)
    var root: SourceNode?
    do throws(ScenarioFileError) {
      root = try files.load(path)
    } catch {
      var position = SourcePosition(file: path, line: 1, column: 1)
      if case .notUTF8(_, let line, let column) = error { (position.line, position.column) = (line, column) }
      throw ScenarioProblems(problems: [.init(error.code, error.message(for: path), at: position)], fileError: error)
    }
    var problems = files.problems
    var sources = files.texts
    for text in overrides {
      sources[Override.file(for: text)] = text
      do throws(ScenarioProblems) {
        let override = try Override(parsing: text)
        if var tree = root {
          problems += override.problems(applyingTo: &tree)
          root = tree
        }
      } catch {
        problems += error.problems
      }
    }
    var variants: ScenarioVariants?
    if let root {
      var resolver = VariantResolver(
        root, path: path, environment: environment, comparesElsewhere: comparesElsewhere,
        data: DataFiles(scenarioPath: path, readFile: readData))
      variants = resolver.resolve()
      variants?.environment = resolver.usedEnvironment
      sources.merge(resolver.data.texts) { own, _ in own }
      problems += resolver.problems
    }
    variants?.overrides = overrides
    guard problems.isEmpty, let variants else {
      let order = files.order + overrides.map(Override.file(for:))
      throw ScenarioProblems(problems: Self.sorted(problems, by: order), sources: sources)
    }
    return variants
  }

  /// In the order of the files, then by place; each problem once, since an alias is read twice.
  private static func sorted(_ problems: [ScenarioProblem], by order: [String]) -> [ScenarioProblem] {
    let ranks = Dictionary(order.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let sorted = problems.enumerated().sorted { left, right in
      let leftKey = (ranks[left.element.file] ?? .max, left.element.line, left.element.column, left.offset)
      let rightKey = (ranks[right.element.file] ?? .max, right.element.line, right.element.column, right.offset)
      return leftKey < rightKey
    }
    var result: [ScenarioProblem] = []
    for (_, problem) in sorted where !result.suffix(20).contains(problem) { result.append(problem) }
    return result
  }
}
