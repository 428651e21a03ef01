extension KeyTable {
  /// One row of the reference: a key, its full path, and whether it can be used.
  struct Row {
    /// With `<name>` for free names and `[]` for list items.
    var path: String
    /// What `Support` calls it.
    var support: String
    var key: ScenarioKey
    var isSupported: Bool

    /// The words it may be, if it is a choice or a list of choices.
    var words: [String] { key.kind.words }

    /// The map the key is in, for a message.
    var parent: String {
      let steps = path.split(separator: ".").dropLast()
      return steps.isEmpty ? "the scenario itself" : "`\(steps.joined(separator: "."))`"
    }
  }

  /// All keys, depth first, in the order of the table.
  static let rows: [Row] = rows(of: root, path: "", support: "", isSupported: true)

  /// Whether `path` leads to a key; free names match anything.
  static func isPath(_ path: String) -> Bool {
    let steps = path.split(separator: ".", omittingEmptySubsequences: false)
    return rows.contains { row in
      let known = row.path.split(separator: ".")
      guard known.count == steps.count, steps.count > 1 else { return false }
      return zip(known, steps).allSatisfy { $0 == $1 || ($0.hasPrefix("<") && !$1.isEmpty) }
    }
  }

  private static func rows(of keys: [ScenarioKey], path: String, support: String, isSupported: Bool) -> [Row] {
    keys.flatMap { key in
      let keyPath = path.isEmpty ? key.name : "\(path).\(key.name)"
      let keySupport =
        if let family = key.family { "\(family).\(key.name)" } else {
          support.isEmpty ? key.name : "\(support).\(key.name)"
        }
      let isKeySupported = isSupported && !Support.unsupportedKeys.contains(keySupport)
      return [Row(path: keyPath, support: keySupport, key: key, isSupported: isKeySupported)]
        + rows(inside: key.kind, path: keyPath, support: keySupport, isSupported: isKeySupported)
    }
  }

  private static func rows(inside kind: ValueKind, path: String, support: String, isSupported: Bool) -> [Row] {
    switch kind {
    case .object(let keys): rows(of: keys, path: path, support: support, isSupported: isSupported)
    case .map(let kind), .list(let kind), .namedList(let kind):
      rows(inside: kind, path: "\(path).<name>", support: "\(support).*", isSupported: isSupported)
    case .either(let kinds):
      kinds.flatMap { rows(inside: $0, path: path, support: support, isSupported: isSupported) }
    default: []
    }
  }
}

extension ValueKind {
  /// The words of a choice, wherever it is inside.
  var words: [String] {
    switch self {
    case .choice(let words): words
    case .either(let kinds): kinds.flatMap(\.words)
    case .list(let kind), .map(let kind): kind.words
    default: []
    }
  }
}
