import ScenarioModel

/// A scenario as a user writes it, for tests that need a resolved one.
enum ScenarioText {
  /// Loads `text` as if it were a file.
  static func load(_ text: String) throws -> Scenario { try loadVariants(text).first }

  /// The same with all variants of its matrix.
  static func loadVariants(_ text: String) throws -> ScenarioVariants {
    let loader = ScenarioLoader { _ throws(ScenarioFileError) in text }
    return try loader.loadVariants(path: "test.yaml")
  }

  /// One producer, one consumer and one queue under the given load.
  static func workQueue(_ load: String, _ rest: String = "") -> String {
    "name: test\nworkload: { pattern: work_queue, wait: yield }\nload: \(load)\n\(rest)\n"
  }

  /// One client and one server under the given load.
  static func requestReply(_ load: String) -> String {
    "name: test\nworkload: { pattern: request_reply, wait: yield }\nload: \(load)\n"
  }
}
