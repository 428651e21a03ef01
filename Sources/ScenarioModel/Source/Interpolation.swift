/// Replaces `${name}` and `${name:-default}` inside values, after parsing, so that line numbers stay true.
///
/// A name is looked up in the scenario's `vars`, then in the environment; then the default is taken. `$${` stands for a
/// literal `${`. Variables may use other variables.
struct Interpolation {
  private let variables: [String: SourceNode]
  private let environment: [String: String]
  private(set) var problems: [ScenarioProblem] = []
  /// The names that were found in the environment.
  private(set) var taken: Set<String> = []
  /// How many values deep the replacing is, and what it has replaced in the outermost one.
  private var depth = 0
  private var replacements: [ScalarLayout.Replacement] = []

  /// In longer values nobody looks for a single character, and keeping their places costs the square of the length.
  private static let placedByteCountLimit = 4_096

  /// Variables of the map `variables`, and those of the environment.
  init(variables: SourceNode?, environment: [String: String]) {
    self.variables = .init(
      (variables?.entries ?? []).map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    self.environment = environment
  }

  /// The same tree with every scalar's variables replaced. Keys are left alone, and a value that cannot be worked out counts as
  /// left out: one mistake is reported once.
  mutating func resolve(_ node: SourceNode) -> SourceNode {
    var node = node
    switch node.kind {
    case .scalar(let text):
      let problemCount = problems.count
      replacements = []
      let value = expand(text, at: node.position, using: [])
      node.kind = problems.count == problemCount ? .scalar(value) : .null
      node.layout?.replacements = replacements
      if text.utf8.count > Self.placedByteCountLimit { node.layout = nil }
    case .list(let items):
      node.kind = .list(items.map { resolve($0) })
    case .map(let entries):
      node.kind = .map(
        entries.map { .init(key: $0.key, keyPosition: $0.keyPosition, value: resolve($0.value)) })
    case .null, .missing: break
    }
    return node
  }

  private mutating func expand(_ text: String, at position: SourcePosition, using chain: [String]) -> String {
    guard text.contains("${") else { return text }
    depth += 1
    defer { depth -= 1 }
    let keepsPlaces = depth == 1 && text.utf8.count <= Self.placedByteCountLimit
    var result = ""
    var rest = Substring(text)
    while let dollar = rest.firstIndex(of: "$") {
      result += rest[..<dollar]
      rest = rest[dollar...]
      let before = keepsPlaces ? (result.unicodeScalars.count, rest.unicodeScalars.count) : (0, 0)
      if rest.hasPrefix("$${") {
        result += "${"
        rest = rest.dropFirst(3)
      } else if rest.hasPrefix("${") {
        guard let end = Self.closingBrace(of: rest) else {
          problems.append(
            .init(.undefinedVariable, "`${` is not closed", at: position, suggestion: "write `${name}`"))
          return result + rest
        }
        let inner = rest[rest.index(rest.startIndex, offsetBy: 2)..<end]
        result += value(of: inner, at: position, using: chain)
        rest = rest[rest.index(after: end)...]
      } else {
        result += "$"
        rest = rest.dropFirst()
      }
      guard keepsPlaces else { continue }
      replacements.append(
        .init(
          offset: before.0, length: result.unicodeScalars.count - before.0,
          sourceOffset: text.unicodeScalars.count - before.1, sourceLength: before.1 - rest.unicodeScalars.count))
    }
    return result + rest
  }

  /// The brace that closes the `${` at the start of `text`; a default may itself contain `${…}`.
  private static func closingBrace(of text: Substring) -> Substring.Index? {
    var depth = 0
    for index in text.indices {
      if text[index] == "{" { depth += 1 }
      if text[index] == "}" {
        depth -= 1
        if depth == 0 { return index }
      }
    }
    return nil
  }

  private mutating func value(of inner: Substring, at position: SourcePosition, using chain: [String]) -> String {
    let parts = inner.split(separator: ":-", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    if let variable = variables[name] {
      guard !chain.contains(name) else {
        problems.append(
          .init(.cycle, "`\(name)` uses itself: \((chain + [name]).joined(separator: " → "))", at: position))
        return ""
      }
      guard chain.count < 16, let text = variable.scalar else { return "" }  // The key check names a wrong shape.
      return expand(text, at: variable.position, using: chain + [name])
    }
    if let text = environment[name] {
      taken.insert(name)
      return text
    }
    if parts.count == 2 { return expand(String(parts[1]), at: position, using: chain) }
    problems.append(
      .init(
        .undefinedVariable, "nothing defines `${\(name)}`", at: position,
        suggestion: Spelling.suggestion(for: name, among: variables.keys.sorted())
          ?? "add `\(name)` to `vars`, set it in the environment, or write `${\(name):-default}`"))
    return ""
  }
}
