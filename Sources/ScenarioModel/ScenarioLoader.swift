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

  /// A loader with these variables, reading files with `readFile`.
  public init(environment: [String: String] = [:], readFile: @escaping ReadFile = ScenarioFile.read) {
    self.environment = environment
    self.readFile = readFile
  }

  /// Reads, merges, interpolates, checks and resolves the scenario at `path`.
  ///
  /// - Parameters:
  ///   - path: The scenario file. Files it extends are relative to its directory.
  ///   - overrides: Each `path=value`, as given to `--set`; later ones win.
  /// - Throws: All problems at once.
  public func load(path: String, overrides: [String] = []) throws(ScenarioProblems) -> Scenario {
    var files = SourceFiles(readFile: readFile)
    var root: SourceNode?
    do throws(ScenarioFileError) {
      root = try files.load(path)
    } catch {
      let position = SourcePosition(file: path, line: 1, column: 1)
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
    let scenario = root.flatMap { resolve($0, path: path, &problems) }
    guard problems.isEmpty, let scenario else {
      let order = files.order + overrides.map(Override.file(for:))
      throw ScenarioProblems(problems: Self.sorted(problems, by: order), sources: sources)
    }
    return scenario
  }

  /// From the merged tree to the scenario; nil when there were problems.
  private func resolve(_ root: SourceNode, path: String, _ problems: inout [ScenarioProblem]) -> Scenario? {
    let tree = root.withoutNulls()
    var interpolation = Interpolation(variables: tree["vars"], environment: environment)
    let resolved = interpolation.resolve(tree)
    var checker = KeyChecker()
    checker.check(resolved)
    var builder = ScenarioBuilder(root: resolved, path: path)
    let scenario = builder.build()
    problems += interpolation.problems + checker.problems + builder.problems
    return scenario
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
