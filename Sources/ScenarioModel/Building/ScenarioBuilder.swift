/// Turns a checked tree into a `Scenario`: fills in defaults, resolves references and refuses combinations that cannot
/// hold.
///
/// Values that `KeyChecker` found fault with are read as their defaults, so that one mistake is reported once and the
/// rest of the file is still checked. One file per part of the scenario; the rules stand beside what they are about.
struct ScenarioBuilder {
  let root: SourceNode
  let path: String
  /// The files with data that the scenario names.
  var data: DataFiles
  /// What those hold that were read, by the name that the scenario gives them.
  var dataDigests: [String: String] = [:]
  var problems: [ScenarioProblem] = []
  var settings: [Scenario.Setting] = []
  var json = JSONValue.object([:])

  init(root: SourceNode, path: String, data: DataFiles) {
    self.root = root
    self.path = path
    self.data = data
  }

  /// The first line of the scenario, for what is not written anywhere.
  var start: SourcePosition { root.position }

  mutating func report(
    _ code: ScenarioProblem.Code, _ message: String, at position: SourcePosition, _ suggestion: String? = nil
  ) {
    problems.append(.init(code, message, at: position, suggestion: suggestion))
  }

  // MARK: - Values

  mutating func record(_ value: JSONValue, _ text: String, _ name: String, in section: Section, isDefault: Bool) {
    let path = section.path.isEmpty ? name : "\(section.path).\(name)"
    settings.append(.init(path: path, value: text, isDefault: isDefault))
    json.set(value, at: section.jsonPath + [.key(name)])
  }

  /// The text given for a key when it is a valid single value, else nil.
  func givenText(_ name: String, in section: Section) -> String? {
    guard let key = section.keys.key(name), let node = section.given(name), let text = node.scalar else { return nil }
    let kinds = if case .either(let kinds) = key.kind { kinds } else { [key.kind] }
    let check = ScalarCheck(name: name, position: node.position)
    return kinds.contains { $0.isScalar && check.problem(with: text, as: $0) == nil } ? text : nil
  }

  /// The value of a key, parsed, and recorded as `write` spells it.
  mutating func value<Value>(
    _ name: String, in section: Section, default override: String? = nil,
    parse: (String) throws(QuantityError) -> Value, write: (Value) -> String, isLiteral: Bool = false
  ) -> Value {
    var isDefault = false
    var result: Value?
    if let text = givenText(name, in: section) { result = try? parse(text) }
    if result == nil, let text = override ?? section.keys.key(name)?.defaultText {
      isDefault = section.given(name) == nil
      result = try? parse(text)
    }
    guard let result else { preconditionFailure("`\(section.path).\(name)` has no readable default") }
    let text = write(result)
    record(isLiteral ? .literal(text) : .string(text), text, name, in: section, isDefault: isDefault)
    return result
  }

  mutating func text(_ name: String, in section: Section, default override: String? = nil) -> String {
    value(name, in: section, default: override, parse: { text throws(QuantityError) in text }, write: \.self)
  }

  mutating func duration(_ name: String, in section: Section) -> Int64 {
    value(name, in: section, parse: Quantity.duration, write: Quantity.durationText)
  }

  mutating func size(_ name: String, in section: Section) -> Int {
    Int(value(name, in: section, parse: Quantity.size, write: Quantity.sizeText))
  }

  mutating func count(_ name: String, in section: Section) -> Int64 {
    value(name, in: section, parse: Quantity.count, write: Quantity.countText, isLiteral: true)
  }

  mutating func number(_ name: String, in section: Section) -> Double {
    value(name, in: section, parse: Quantity.number, write: Quantity.decimalText, isLiteral: true)
  }

  /// From 0 to 1.
  mutating func share(_ name: String, in section: Section) -> Double {
    value(name, in: section, parse: Quantity.share, write: Quantity.shareText)
  }

  mutating func boolean(_ name: String, in section: Section) -> Bool {
    value(
      name, in: section, parse: { text throws(QuantityError) in text == "true" }, write: { "\($0)" }, isLiteral: true)
  }

  /// One of the words that this version supports; another one has been refused by `KeyChecker`.
  mutating func choice<Choice: RawRepresentable>(
    _ name: String, in section: Section, default override: String? = nil
  ) -> Choice where Choice.RawValue == String {
    value(
      name, in: section, default: override,
      parse: { text throws(QuantityError) in
        guard let choice = Choice(rawValue: text) else { throw .notANumber }
        return choice
      },
      write: \.rawValue)
  }
}
