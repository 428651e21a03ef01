/// The axes of a scenario's `matrix` and what is combined with what.
///
/// All axes are combined with all, the last one changing fastest; axes that are zipped advance together. What `exclude`
/// matches is dropped, and each item of `include` is added as it is: an axis that it does not name keeps the file's value.
struct Matrix {
  /// The most variants that a matrix may have: a week at a minute each.
  static let variantCountLimit = 10_000

  private let node: SourceNode
  private(set) var axes: [MatrixAxis] = []
  private(set) var problems: [ScenarioProblem] = []

  /// Keys of a matrix that are no axes.
  static let reservedKeys = ["exclude", "include", "zip"]

  init(_ node: SourceNode) {
    self.node = node
    for entry in node.entries where !Self.reservedKeys.contains(entry.key) { add(entry) }
    if !node.entries.contains(where: { $0.key != "exclude" && $0.key != "zip" }) {
      report(.missingKey, "the matrix has no axis", node.position, "add wait: [spin, park], or remove `matrix`")
    }
  }

  private mutating func report(
    _ code: ScenarioProblem.Code, _ message: String, _ position: SourcePosition, _ suggestion: String? = nil
  ) {
    problems.append(.init(code, message, at: position, suggestion: suggestion))
  }

  private mutating func add(_ entry: SourceNode.Entry) {
    // The key check names a wrong shape.
    guard isAxis(entry), case .list(let values) = entry.value.kind else { return }
    if values.isEmpty {
      report(.missingKey, "the axis `\(entry.key)` has no values", entry.value.position, "name at least one")
    }
    var seen: Set<String> = []
    for value in values where !seen.insert(value.flowText).inserted {
      report(.conflict, "the axis `\(entry.key)` has the value `\(value.flowText)` twice", value.position, "keep one")
    }
    axes.append(MatrixAxis(name: entry.key, position: entry.keyPosition, values: values))
  }

  /// Whether a name can be an axis; one that cannot be is reported.
  private mutating func isAxis(_ entry: SourceNode.Entry) -> Bool {
    if KeyTable.isAxis(entry.key) { return true }
    let root = entry.key.split(separator: ".").first.map(String.init) ?? entry.key
    if KeyTable.unvariedKeys.contains(root) {
      report(.conflict, "`\(root)` holds for the whole run and cannot differ between variants", entry.keyPosition)
    } else {
      report(
        .unknownKey, "there is no axis `\(entry.key)`", entry.keyPosition,
        Spelling.suggestion(for: entry.key, among: KeyTable.axes)
          ?? "an axis is one of \(KeyTable.axes.joined(separator: ", ")), or a dotted path")
    }
    return false
  }

  // MARK: - Combining

  /// The cells of every variant; empty when there were problems.
  mutating func combinations() -> [[MatrixCell]] {
    let dimensions = self.dimensions()
    let included = items("include")
    let excluded = items("exclude")
    guard problems.isEmpty else { return [] }
    var count = 1
    for dimension in dimensions { count = min(Self.variantCountLimit + 1, count * (dimension[0].values.count)) }
    guard count + included.count <= Self.variantCountLimit else {
      report(
        .outOfRange, "the matrix has more than \(Self.variantCountLimit) variants", node.position,
        "use fewer values, `zip` axes, or split the scenario")
      return []
    }
    var combinations: [[MatrixCell]] = dimensions.isEmpty ? [] : [[]]
    for dimension in dimensions {
      combinations = combinations.flatMap { cells in
        dimension[0].values.indices.map { index in
          cells + dimension.map { MatrixCell(axis: $0.name, value: $0.values[index]) }
        }
      }
    }
    combinations.removeAll { cells in excluded.contains { Self.matches(cells, $0) } }
    let order = Dictionary(axes.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    let all = (combinations + included).map { cells in
      cells.sorted { (order[$0.axis] ?? .max, $0.axis) < (order[$1.axis] ?? .max, $1.axis) }
    }
    if all.isEmpty, !axes.isEmpty {
      report(.conflict, "`exclude` leaves no variant", node["exclude"]?.position ?? node.position)
    }
    return all
  }

  /// Whether the variant has every value that `item` names.
  static func matches(_ cells: [MatrixCell], _ item: [MatrixCell]) -> Bool {
    item.allSatisfy { wanted in cells.contains { $0.axis == wanted.axis && $0.text == wanted.text } }
  }

  /// Axes that advance together, in the order of the first of each.
  private mutating func dimensions() -> [[MatrixAxis]] {
    let groups = zipped()
    var used: Set<String> = []
    var dimensions: [[MatrixAxis]] = []
    for axis in axes where !used.contains(axis.name) {
      let names = groups.first { $0.contains(axis.name) } ?? [axis.name]
      used.formUnion(names)
      dimensions.append(axes.filter { names.contains($0.name) })
    }
    return dimensions
  }

  /// Names of axes that are zipped: one list of names, or a list of such lists.
  private mutating func zipped() -> [[String]] {
    guard let zip = node["zip"] else { return [] }
    let lists = zip.items.contains { if case .list = $0.kind { true } else { false } } ? zip.items : [zip]
    var groups: [[String]] = []
    for list in lists {
      let names = list.items.compactMap(\.scalar)
      guard names.count > 1, names.count == list.items.count else {
        report(.wrongShape, "`zip` is a list of axes, or a list of such lists", list.position, "write [batch, payload]")
        continue
      }
      for item in list.items {
        guard let name = item.scalar else { continue }
        if let other = groups.first(where: { $0.contains(name) }) {
          report(.conflict, "`\(name)` is zipped already, with \(other.joined(separator: ", "))", item.position)
        } else if !axes.contains(where: { $0.name == name }) {
          reportUnknown(name, item.position)
        }
      }
      let counts = Set(axes.filter { names.contains($0.name) }.map(\.values.count))
      if counts.count > 1 {
        report(
          .conflict,
          "zipped axes have equally many values, and these have \(counts.sorted().map(String.init).joined(separator: " and "))",
          list.position)
      }
      groups.append(names)
    }
    return groups
  }

  /// The maps of `exclude` or `include`.
  private mutating func items(_ name: String) -> [[MatrixCell]] {
    guard let list = node[name] else { return [] }
    guard case .list(let items) = list.kind else {
      report(.wrongShape, "`\(name)` is a list of maps from axes to values, not \(list.shape)", list.position)
      return []
    }
    return items.compactMap { item in
      guard case .map(let entries) = item.kind, !entries.isEmpty else {
        report(.wrongShape, "each item of `\(name)` is a map from axes to values", item.position)
        return nil
      }
      for entry in entries {
        if name == "include" {
          _ = isAxis(entry)
        } else if let axis = axes.first(where: { $0.name == entry.key }) {
          checkValue(entry.value, of: axis)
        } else {
          reportUnknown(entry.key, entry.keyPosition)
        }
      }
      return entries.map { MatrixCell(axis: $0.key, value: $0.value) }
    }
  }

  private mutating func checkValue(_ value: SourceNode, of axis: MatrixAxis) {
    let texts = axis.values.map(\.flowText)
    guard !texts.contains(value.flowText) else { return }
    report(
      .unknownReference, "the axis `\(axis.name)` has no value `\(value.flowText)`", value.position,
      Spelling.suggestion(for: value.flowText, among: texts) ?? "it has \(texts.joined(separator: ", "))")
  }

  private mutating func reportUnknown(_ name: String, _ position: SourcePosition) {
    report(
      .unknownReference, "this matrix has no axis `\(name)`", position,
      Spelling.suggestion(for: name, among: axes.map(\.name)) ?? "it has \(axes.map(\.name).joined(separator: ", "))")
  }
}
