import Foundation
import Testing

@testable import ScenarioModel

/// The generated JSON Schema accepts what the loader accepts and refuses what it refuses, as far as a schema can know.
@Suite struct SchemaTests {
  private func isValid(_ text: String) throws -> Bool {
    let parsed = try JSONSerialization.jsonObject(with: Data(ScenarioSchema.json.utf8))
    let schema = try #require(parsed as? [String: Any])
    let root = try #require(YAMLReader.read(text, file: "s").root)
    return try SchemaCheck(root: schema).accepts(root, schema)
  }

  @Test(arguments: ShippedScenarioTests.files)
  func acceptsTheShippedScenarios(file: String) throws {
    let path = "\(ShippedScenarioTests.directory)/\(file)"
    #expect(try isValid(ScenarioFile.read(path)))
    #expect(try isValid(ScenarioLoader().load(path: path).resolvedJSON))
  }

  @Test(arguments: [
    FormatExampleTests.fairDispatch, FormatExampleTests.topics, FormatExampleTests.serializers,
    FormatExampleTests.capacity, FormatExampleTests.later,
  ])
  func acceptsTheExamplesOfTheFormat(text: String) throws {
    #expect(try isValid(text))
  }

  @Test(arguments: ProblemTests.keys.map(\.text) + ["load: { phases: [ { a: 1, b: 2 } ] }"])
  func refusesUnknownKeysAndWrongUnits(text: String) throws {
    // Ranges, empty lists and the axes of a matrix are beyond the schema.
    let isBeyond = [
      "matrix:", "0/s", "0s }", "1.5ns", "999h", "count: 0", "formats: []", "digits: 6",
    ].contains { text.contains($0) }
    guard !isBeyond else { return }
    #expect(try !isValid(text))
  }
}

/// The part of JSON Schema that our schema uses.
private struct SchemaCheck {
  let root: [String: Any]

  func accepts(_ node: SourceNode, _ schema: [String: Any]) throws -> Bool {
    if let reference = schema["$ref"] as? String {
      let definitions = root["$defs"] as? [String: Any]
      let name = String(reference.dropFirst("#/$defs/".count))
      return try accepts(node, try #require(definitions?[name] as? [String: Any]))
    }
    if let options = schema["anyOf"] as? [[String: Any]], try !options.contains(where: { try accepts(node, $0) }) {
      return false
    }
    if let words = schema["enum"] as? [Any], !words.contains(where: { "\($0)" == node.scalar }) { return false }
    if let constant = schema["const"], "\(constant)" != node.scalar { return false }
    if let pattern = schema["pattern"] as? String {
      guard let text = node.scalar, try text.contains(Regex(pattern)) else { return false }
    }
    let types = (schema["type"] as? [String]) ?? (schema["type"] as? String).map { [$0] } ?? []
    guard types.isEmpty || types.contains(where: { fits(node, $0) }) else { return false }
    let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
    for entry in node.entries {
      if let inner = properties[entry.key] {
        guard try accepts(entry.value, inner) else { return false }
      } else if let inner = schema["additionalProperties"] as? [String: Any] {
        guard try accepts(entry.value, inner) else { return false }
      } else if schema["additionalProperties"] as? Bool == false {
        return false
      }
    }
    if let most = schema["maxProperties"] as? Int, node.entries.count > most { return false }
    if let items = schema["items"] as? [String: Any] {
      return try node.items.allSatisfy { try accepts($0, items) }
    }
    return true
  }

  private func fits(_ node: SourceNode, _ type: String) -> Bool {
    switch (type, node.kind) {
    case ("object", .map), ("array", .list), ("string", .scalar): true
    case ("null", .null): true
    case ("integer", .scalar(let text)): Int(text).map { $0 >= 0 } ?? false
    case ("number", .scalar(let text)): Double(text) != nil
    case ("boolean", .scalar(let text)): text == "true" || text == "false"
    default: false
    }
  }
}
