/// Puts one value at one path of a file: an override of the command line, or a value on an axis of a matrix.
struct PathAssignment {
  /// A step from a value to one inside it.
  struct Step {
    var name: String
    /// Where problems with it point.
    var position: SourcePosition
  }

  let steps: [Step]
  let value: SourceNode

  /// Puts the value into `root`, making the maps on the way that do not exist yet.
  /// - Throws: What stands in the way, as an override that cannot be.
  func apply(to root: inout SourceNode) throws(ScenarioProblem) {
    root = try place(in: root, step: 0)
  }

  private func place(in node: SourceNode?, step: Int) throws(ScenarioProblem) -> SourceNode {
    guard step < steps.count else { return value }
    if case .list(let items) = node?.kind { return try place(inItems: items, of: node, step: step) }
    let name = steps[step].name
    let position = steps[step].position
    var entries = node.map { self.entries(of: $0, at: step) } ?? []
    let index = entries.firstIndex { $0.key == name }
    let inner = try place(in: index.map { entries[$0].value }, step: step + 1)
    if let index {
      entries[index].value = inner
      // The last step is what was given; the maps on the way are still where they were written.
      if step == steps.count - 1 { entries[index].keyPosition = position }
    } else {
      entries.append(.init(key: name, keyPosition: position, value: inner))
    }
    return SourceNode(kind: .map(entries), position: node?.position ?? position)
  }

  /// The entries of a map; a short form such as `trials: 20` is the map that it stands for.
  private func entries(of node: SourceNode, at step: Int) -> [SourceNode.Entry] {
    guard step == 1, node.scalar != nil, let key = KeyTable.shortForms[steps[0].name] else { return node.entries }
    return [.init(key: key, keyPosition: node.position, value: node)]
  }

  /// Items are found by number from 0, and phases by name.
  private func place(
    inItems items: [SourceNode], of node: SourceNode?, step: Int
  ) throws(ScenarioProblem) -> SourceNode {
    let name = steps[step].name
    var items = items
    if let index = Int(name), items.indices.contains(index) {
      items[index] = try place(in: items[index], step: step + 1)
    } else if let index = items.firstIndex(where: { $0.entries.count == 1 && $0.entries[0].key == name }) {
      items[index] = try place(in: items[index], step: step)
    } else {
      let names = items.compactMap { $0.entries.count == 1 ? $0.entries[0].key : nil }
      throw ScenarioProblem(
        .invalidOverride, "the list has no item `\(name)`", at: steps[step].position,
        suggestion: Spelling.suggestion(for: name, among: names)
          ?? (items.isEmpty ? nil : "items are numbered from 0 to \(items.count - 1)"))
    }
    return SourceNode(kind: .list(items), position: node?.position ?? value.position)
  }
}
