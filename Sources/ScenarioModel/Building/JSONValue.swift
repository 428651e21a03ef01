/// A JSON document whose text is the same for equal content: keys are sorted, there is no white space.
indirect enum JSONValue: Equatable, Sendable {
  case string(String)
  /// Digits, `true` or `false`, as they are.
  case literal(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// A step from a value to one inside it.
  enum Step: Equatable {
    case key(String)
    case index(Int)
  }

  /// Puts `value` at `path`, making the objects and arrays on the way.
  mutating func set(_ value: JSONValue, at path: some Collection<Step>) {
    guard let step = path.first else {
      self = value
      return
    }
    switch step {
    case .key(let key):
      var object = if case .object(let object) = self { object } else { [String: JSONValue]() }
      object[key, default: .object([:])].set(value, at: path.dropFirst())
      self = .object(object)
    case .index(let index):
      var array = if case .array(let array) = self { array } else { [JSONValue]() }
      while array.count <= index { array.append(.object([:])) }
      array[index].set(value, at: path.dropFirst())
      self = .array(array)
    }
  }

  /// Takes a member from the object at `path`, if it is there.
  mutating func remove(_ key: String, at path: some Collection<Step> = [Step]()) {
    guard case .object(var members) = self else { return }
    if case .key(let step)? = path.first {
      members[step]?.remove(key, at: path.dropFirst())
    } else {
      members[key] = nil
    }
    self = .object(members)
  }

  /// The text on one line.
  var text: String {
    switch self {
    // The text is to be a scenario file, in which `${` would begin a variable.
    case .string(let string):
      Self.quoted(string.split(separator: "${", omittingEmptySubsequences: false).joined(separator: "$${"))
    case .literal(let literal): literal
    case .array(let items): "[" + items.map(\.text).joined(separator: ",") + "]"
    case .object(let members):
      "{" + members.sorted { $0.key < $1.key }.map { Self.quoted($0.key) + ":" + $0.value.text }.joined(separator: ",")
        + "}"
    }
  }

  /// The text over several lines, for people.
  func prettyText(indentation: Int = 0) -> String {
    let inner = String(repeating: " ", count: indentation + 2)
    let outer = String(repeating: " ", count: indentation)
    switch self {
    case .array(let items) where items.contains { if case .object = $0 { true } else { false } }:
      let lines = items.map { inner + $0.prettyText(indentation: indentation + 2) }
      return "[\n" + lines.joined(separator: ",\n") + "\n\(outer)]"
    case .object(let members) where !members.isEmpty:
      let lines = members.sorted { $0.key < $1.key }.map {
        "\(inner)\(Self.quoted($0.key)): \($0.value.prettyText(indentation: indentation + 2))"
      }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(outer)}"
    default: return text
    }
  }

  private static func quoted(_ string: String) -> String {
    var text = "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\t": text += "\\t"
      case "\r": text += "\\r"
      // YAML reads the next three as line breaks or refuses them, and the text is to be a scenario file too.
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}"..."\u{2029}", "\u{FEFF}":
        let code = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - code.count) + code
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}
