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

/// A generator with a seed, so that a failure can be replayed.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
