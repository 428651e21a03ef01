/// An axis of a matrix: what it is called in the file and where its values go.
struct MatrixAxis {
  let name: String
  let position: SourcePosition
  let values: [SourceNode]

  /// The path that a value of this axis is put at.
  static func path(of name: String, for value: SourceNode) -> [String] {
    switch name {
    case "ring": if case .map = value.kind { ["workload", "ring"] } else { ["workload", "ring", "kind"] }
    case "pool": ["workload", "workers", "pool"]
    case "workers": ["workload", "workers", "count"]
    case let short where KeyTable.axes.contains(short): ["workload", short]
    default: name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    }
  }

  /// Whether values of the axis are variables, so that what they mean shows only when they are replaced.
  static func isVariable(_ name: String) -> Bool { name.hasPrefix("vars.") }
}

/// The value of one axis in one variant.
struct MatrixCell {
  let axis: String
  let value: SourceNode

  /// The value as one would write it on one line.
  var text: String { value.flowText }

  /// What puts the value into the file.
  var assignment: PathAssignment {
    PathAssignment(
      steps: MatrixAxis.path(of: axis, for: value).map { .init(name: $0, position: value.position) }, value: value)
  }
}

extension SourceNode {
  /// The value on one line: the text of a scalar, `{a: 1}`, `[a, b]`; a value that is left out is its `default`.
  var flowText: String {
    switch kind {
    case .scalar(let text): text
    case .null, .missing: "default"
    case .list(let items): "[" + items.map(\.flowText).joined(separator: ", ") + "]"
    case .map(let entries): "{" + entries.map { "\($0.key): \($0.value.flowText)" }.joined(separator: ", ") + "}"
    }
  }
}
