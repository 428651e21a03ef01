/// Compares a file with the key table: unknown keys, values of the wrong kind, and what is not supported yet.
///
/// Combinations of settings are not its business; see `ScenarioBuilder`.
struct KeyChecker {
  private(set) var problems: [ScenarioProblem] = []

  /// A place in the file and in the table.
  struct Place {
    /// What messages call it, e.g. `workload.producers.zoo.payload`.
    var name: String
    /// What `Support` calls it, e.g. `producer.payload`.
    var support: String
    /// Whether something around it is refused already, so that saying it again would be noise.
    var isRefused: Bool

    static let root = Place(name: "", support: "", isRefused: false)

    func inside(_ name: String, support: String? = nil) -> Place {
      let path = { (base: String, step: String) in base.isEmpty ? step : "\(base).\(step)" }
      return Place(
        name: path(self.name, name), support: path(self.support, support ?? name), isRefused: isRefused)
    }
  }

  /// Checks a whole file.
  mutating func check(_ root: SourceNode) {
    check(root, is: .object(KeyTable.root), at: .root)
  }

  mutating func check(_ node: SourceNode, is kind: ValueKind, at place: Place) {
    switch (kind, node.kind) {
    case (_, .null): break
    case (_, .missing(let beforeComment)): reportMissing(node, kind, place, beforeComment: beforeComment)
    case (.either(let kinds), _): check(node, isOneOf: kinds, at: place)
    case (.anything, _): break
    case (.axes, .map(let entries)): check(axes: entries, at: place)
    case (.object(let keys), .map(let entries)): check(entries, against: keys, at: place)
    case (.map(let kind), .map(let entries)):
      for entry in entries { check(entry.value, is: kind, at: place.inside(entry.key, support: "*")) }
    case (.list(let kind), .list(let items)):
      for (index, item) in items.enumerated() { check(item, is: kind, at: place.inside("\(index)", support: "*")) }
    case (.namedList(let kind), .list(let items)):
      for item in items { check(namedItem: item, is: kind, at: place) }
    case (_, .scalar(let text)) where kind.isScalar:
      if let problem = ScalarCheck(name: place.name, position: node.position, node: node).problem(with: text, as: kind)
      {
        problems.append(problem)
      } else {
        refuseIfUnsupported(text, node.position, place)
      }
    default:
      problems.append(
        .init(.wrongShape, "`\(place.name)` is \(kind.phrase), not \(node.shape)", at: node.position))
    }
  }

  private mutating func check(_ node: SourceNode, isOneOf kinds: [ValueKind], at place: Place) {
    let fitting = kinds.filter { $0.fits(node.kind) }
    guard let first = fitting.first else {
      problems.append(
        .init(
          .wrongShape, "`\(place.name)` is \(ValueKind.either(kinds).phrase), not \(node.shape)", at: node.position))
      return
    }
    let check = ScalarCheck(name: place.name, position: node.position)
    let codes = fitting.map { kind in node.scalar.flatMap { check.problem(with: $0, as: kind)?.code } }
    // The kind that it is, else the one that it would be if it were smaller or larger.
    let index = codes.firstIndex(of: nil) ?? codes.firstIndex(of: .outOfRange)
    self.check(node, is: index.map { fitting[$0] } ?? first, at: place)
  }

  private mutating func check(_ entries: [SourceNode.Entry], against keys: [ScenarioKey], at place: Place) {
    for entry in entries {
      guard let key = keys.key(entry.key) else {
        reportUnknown(entry, among: keys, at: place)
        continue
      }
      var inner = place.inside(entry.key)
      if let family = key.family { inner.support = "\(family).\(entry.key)" }
      if !inner.isRefused, Support.unsupportedKeys.contains(inner.support) {
        inner.isRefused = true
        problems.append(.init(.notSupportedYet, "`\(inner.name)` is not supported yet", at: entry.keyPosition))
      }
      check(entry.value, is: key.kind, at: inner)
    }
  }

  private mutating func check(namedItem item: SourceNode, is kind: ValueKind, at place: Place) {
    guard case .map(let entries) = item.kind, entries.count == 1 else {
      problems.append(
        .init(
          .wrongShape, "each item of `\(place.name)` is a map with one key, its name", at: item.position,
          suggestion: "write - steady: { constant: 50k/s, for: 5s }"))
      return
    }
    check(entries[0].value, is: kind, at: place.inside(entries[0].key, support: "*"))
  }

  private mutating func check(axes entries: [SourceNode.Entry], at place: Place) {
    // Which names can be axes, and the other keys, are the matrix's own business.
    for entry in entries where !Matrix.reservedKeys.contains(entry.key) {
      if case .list = entry.value.kind { continue }
      guard KeyTable.isAxis(entry.key) else { continue }
      problems.append(
        .init(
          .wrongShape, "the axis `\(entry.key)` is a list of values, not \(entry.value.shape)",
          at: entry.value.position))
    }
  }

  // MARK: - Reports

  private mutating func refuseIfUnsupported(_ text: String, _ position: SourcePosition, _ place: Place) {
    guard !place.isRefused else { return }
    let refused: String? =
      if Support.unsupportedValues[place.support]?.contains(text) == true {
        "`\(place.name): \(text)`"
      } else {
        nil
      }
    if let refused { problems.append(.init(.notSupportedYet, "\(refused) is not supported yet", at: position)) }
  }

  private mutating func reportMissing(
    _ node: SourceNode, _ kind: ValueKind, _ place: Place, beforeComment: Bool
  ) {
    let suggestion =
      if beforeComment {
        "`#` starts a comment: quote it if it belongs to the value"
      } else if kind.fits(.map([])) {
        "write {} for all defaults"
      } else {
        "it is \(kind.phrase)"
      }
    problems.append(
      .init(.wrongShape, "`\(place.name)` has no value", at: node.position, suggestion: suggestion))
  }

  private mutating func reportUnknown(_ entry: SourceNode.Entry, among keys: [ScenarioKey], at place: Place) {
    let key = entry.key
    let home = place.name.isEmpty ? "a scenario" : "`\(place.name)`"
    let suggestion: String? =
      if key == "<<" {
        "merge keys are not known here; use `extends`, or repeat the keys"
      } else if let ours = KeyTable.fieldNames[key], keys.key(ours) != nil {
        "the key for it is `\(ours)`"
      } else if let elsewhere = KeyTable.rows.first(where: {
        $0.path.split(separator: ".").last.map(String.init) == key
      }) {
        Spelling.suggestion(for: key, among: keys.map(\.name)) ?? "`\(key)` is a key of \(elsewhere.parent)"
      } else {
        Spelling.suggestion(for: key, among: keys.map(\.name))
          ?? "its keys are \(keys.map(\.name).joined(separator: ", "))"
      }
    problems.append(
      .init(.unknownKey, "\(home) has no key `\(key)`", at: entry.keyPosition, suggestion: suggestion))
  }
}

extension ValueKind {
  /// Whether a single value may stand for it.
  var isScalar: Bool {
    switch self {
    case .object, .map, .list, .namedList, .axes, .either: false
    default: true
    }
  }

  /// Whether the shape of a value is right, whatever is in it.
  func fits(_ shape: SourceNode.Kind) -> Bool {
    switch (self, shape) {
    case (.either(let kinds), _): kinds.contains { $0.fits(shape) }
    case (.anything, _): true
    case (.object, .map), (.map, .map), (.axes, .map): true
    case (.list, .list), (.namedList, .list): true
    case (_, .scalar): isScalar
    default: false
    }
  }
}
