/// A map of the file together with the keys it may have: where a builder reads its values from.
struct Section {
  /// The map; nil when it was left out.
  let node: SourceNode?
  /// The map whose values stand in for those that `node` does not give.
  let standIn: SourceNode?
  let keys: [ScenarioKey]
  /// Dotted path, for messages and settings.
  let path: String
  /// The same in the resolved JSON.
  let jsonPath: [JSONValue.Step]
  /// Where to point when there is no value to point at.
  let position: SourcePosition

  init(
    _ node: SourceNode?, keys: [ScenarioKey], path: String, jsonPath: [JSONValue.Step]? = nil,
    standIn: SourceNode? = nil, position: SourcePosition
  ) {
    self.node = node
    self.standIn = standIn
    self.keys = keys
    self.path = path
    self.jsonPath = jsonPath ?? path.split(separator: ".").map { .key(String($0)) }
    self.position = position
  }

  /// The value given for a key, here or by the stand-in.
  func given(_ name: String) -> SourceNode? {
    node?[name] ?? (KeyTable.workload.key(name) == nil ? nil : standIn?[name])
  }

  /// Where the value of a key is written.
  func position(of name: String) -> SourcePosition { given(name)?.position ?? position }

  /// A map inside this one.
  func section(_ name: String) -> Section {
    let keys: [ScenarioKey] = if case .object(let keys) = self.keys.key(name)?.kind { keys } else { [] }
    return Section(
      node?[name], keys: keys, path: path.isEmpty ? name : "\(path).\(name)", jsonPath: jsonPath + [.key(name)],
      position: node?[name]?.position ?? position)
  }
}
