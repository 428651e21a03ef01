import ScenarioModel

/// Loads scenarios from texts instead of files.
struct TestFiles {
  var files: [String: String]
  var environment: [String: String] = [:]

  /// One file, `s.yaml`.
  init(_ text: String, environment: [String: String] = [:]) {
    files = ["s.yaml": text]
    self.environment = environment
  }

  init(files: [String: String], environment: [String: String] = [:]) {
    self.files = files
    self.environment = environment
  }

  func load(_ path: String = "s.yaml", overrides: [String] = []) throws(ScenarioProblems) -> Scenario {
    try loadVariants(path, overrides: overrides).first
  }

  func loadVariants(
    _ path: String = "s.yaml", overrides: [String] = []
  ) throws(ScenarioProblems) -> ScenarioVariants {
    let files = files
    let read: ScenarioLoader.ReadFile = { path throws(ScenarioFileError) in
      guard let text = files[path] else { throw .notFound }
      return text
    }
    let loader = ScenarioLoader(environment: environment, readFile: read, readData: read)
    return try loader.loadVariants(path: path, overrides: overrides)
  }

  /// All problems; none when it loads.
  func problems(_ path: String = "s.yaml", overrides: [String] = []) -> [ScenarioProblem] {
    do throws(ScenarioProblems) {
      _ = try load(path, overrides: overrides)
      return []
    } catch {
      return error.problems
    }
  }
}
