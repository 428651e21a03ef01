/// One `--set path=value`.
struct Override {
  /// What positions call it.
  let file: String
  /// The whole option value, which positions point into.
  let text: String
  private let steps: [(name: String, column: Int)]
  private let value: SourceNode

  /// Parses `path=value`; the value is YAML, so that `topology.queues={a: {}}` works.
  init(parsing text: String) throws(ScenarioProblems) {
    file = Self.file(for: text)
    self.text = text
    func refuse(_ problems: [ScenarioProblem]) -> ScenarioProblems {
      ScenarioProblems(problems: problems, sources: [Self.file(for: text): text])
    }
    let start = SourcePosition(file: file, line: 1, column: 1)
    guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
      throw refuse([
        .init(
          .invalidOverride, "an override is written path=value", at: start,
          suggestion: "for example --set load.constant=50k/s")
      ])
    }
    var steps: [(name: String, column: Int)] = []
    var column = 1
    for step in text[..<equals].split(separator: ".", omittingEmptySubsequences: false) {
      steps.append((String(step), column))
      column += step.unicodeScalars.count + 1
    }
    if let empty = steps.first(where: { $0.name.isEmpty }) {
      throw refuse([
        .init(
          .invalidOverride, "the path has an empty step", at: .init(file: file, line: 1, column: empty.column))
      ])
    }
    let (root, problems) = YAMLReader.read(
      String(text[text.index(after: equals)...]), file: file, columnOffset: column - 1)
    guard problems.isEmpty else { throw refuse(problems) }
    self.steps = steps
    value =
      root
      ?? SourceNode(
        kind: .missing(beforeComment: false), position: .init(file: file, line: 1, column: column))
  }

  /// The name of an override in positions and messages.
  static func file(for text: String) -> String { "--set \(text)" }

  /// Puts the value into `root`, making the maps on the way that do not exist yet; says why when it cannot.
  func problems(applyingTo root: inout SourceNode) -> [ScenarioProblem] {
    do throws(ScenarioProblem) {
      root = try place(in: root, step: 0)
      return []
    } catch {
      return [error]
    }
  }

  private func place(in node: SourceNode?, step: Int) throws(ScenarioProblem) -> SourceNode {
    guard step < steps.count else { return value }
    if case .list(let items) = node?.kind { return try place(inItems: items, of: node, step: step) }
    let name = steps[step].name
    let position = SourcePosition(file: file, line: 1, column: steps[step].column)
    var entries = node?.entries ?? []
    let index = entries.firstIndex { $0.key == name }
    let inner = try place(in: index.map { entries[$0].value }, step: step + 1)
    if let index {
      entries[index].value = inner
      // The last step is what the user gave; the maps on the way are still where they were written.
      if step == steps.count - 1 { entries[index].keyPosition = position }
    } else {
      entries.append(.init(key: name, keyPosition: position, value: inner))
    }
    return SourceNode(kind: .map(entries), position: node?.position ?? position)
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
        .invalidOverride, "the list has no item `\(name)`",
        at: SourcePosition(file: file, line: 1, column: steps[step].column),
        suggestion: Spelling.suggestion(for: name, among: names)
          ?? (items.isEmpty ? nil : "items are numbered from 0 to \(items.count - 1)"))
    }
    return SourceNode(kind: .list(items), position: node?.position ?? value.position)
  }
}
