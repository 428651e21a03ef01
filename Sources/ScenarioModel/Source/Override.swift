/// One `--set path=value`.
struct Override {
  /// What positions call it.
  let file: String
  /// The whole option value, which positions point into.
  let text: String
  private let assignment: PathAssignment

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
    var steps: [PathAssignment.Step] = []
    var column = 1
    for step in text[..<equals].split(separator: ".", omittingEmptySubsequences: false) {
      steps.append(.init(name: String(step), position: .init(file: file, line: 1, column: column)))
      column += step.unicodeScalars.count + 1
    }
    if let empty = steps.first(where: { $0.name.isEmpty }) {
      throw refuse([.init(.invalidOverride, "the path has an empty step", at: empty.position)])
    }
    let (root, problems) = YAMLReader.read(
      String(text[text.index(after: equals)...]), file: file, columnOffset: column - 1)
    guard problems.isEmpty else { throw refuse(problems) }
    assignment = PathAssignment(
      steps: steps,
      value: root
        ?? SourceNode(kind: .missing(beforeComment: false), position: .init(file: file, line: 1, column: column)))
  }

  /// The name of an override in positions and messages.
  static func file(for text: String) -> String { "--set \(text)" }

  /// Puts the value into `root`; says why when it cannot.
  func problems(applyingTo root: inout SourceNode) -> [ScenarioProblem] {
    do throws(ScenarioProblem) {
      try assignment.apply(to: &root)
      return []
    } catch {
      return [error]
    }
  }
}
