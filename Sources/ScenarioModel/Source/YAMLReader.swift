import Yams

/// Parses YAML (and so JSON) into `SourceNode`s with true positions.
///
/// Differences from plain YAML, all on purpose: every scalar is text, duplicate keys are refused with the place of the
/// second one, there is exactly one document, and merge keys (`<<`) are not known; `extends` does that job.
struct YAMLReader {
  /// What `text` is called in positions.
  let file: String
  let text: String
  /// Columns that stand before the text on its first line, for a value inside a command-line option.
  let columnOffset: Int

  /// Aliases can make a small file huge; beyond this many nodes it is refused.
  private static let nodeLimit = 100_000

  private var problems: [ScenarioProblem] = []
  private var nodeCount = 0
  private var renamedKeys: [SourcePosition: String] = [:]
  private lazy var lines = SourceText.lines(of: text).map { Array($0.unicodeScalars) }

  private init(file: String, text: String, columnOffset: Int) {
    self.file = file
    self.text = text
    self.columnOffset = columnOffset
  }

  /// The root of the document, nil when it is empty or not YAML, and all problems found on the way.
  static func read(
    _ text: String, file: String, columnOffset: Int = 0
  ) -> (root: SourceNode?, problems: [ScenarioProblem]) {
    var reader = YAMLReader(file: file, text: text, columnOffset: columnOffset)
    let root = reader.compose().map { reader.convert($0) }
    return (root, reader.problems)
  }

  // MARK: - To Yams

  private mutating func compose() -> Node? {
    if let forbidden = SourceText.firstForbidden(in: text) {
      let code = String(forbidden.scalar.value, radix: 16, uppercase: true)
      problems.append(
        .init(
          .syntax,
          "the control character U+\(String(repeating: "0", count: max(0, 4 - code.count)))\(code) is not allowed",
          at: position(forbidden.line, forbidden.column), suggestion: "remove it"))
      return nil
    }
    var attempt = text
    while true {
      do {
        return try Yams.compose(yaml: attempt, .basic, .default, .utf8)
      } catch YamlError.duplicatedKeysInMapping(let names, let context) {
        // Yams gives up at the first duplicate and names only the first occurrence. Giving that one another name of the
        // same length keeps all positions true and lets us go on and report every duplicate where it is.
        guard let renamed = renameKey(names.first ?? "", at: context.mark, in: attempt) else {
          problems.append(
            .init(
              .duplicateKey, "the key `\(names.first ?? "")` stands twice in this map",
              at: position(context.mark.line, context.mark.column), suggestion: "keep one of them"))
          return nil
        }
        attempt = renamed
      } catch let error as YamlError {
        problems.append(problem(for: error))
        return nil
      } catch {
        problems.append(.init(.syntax, "this is not YAML: \(error)", at: position(1, 1)))
        return nil
      }
    }
  }

  /// `attempt` with another first letter for the key at `mark`, or nil when the key's name does not stand there.
  private mutating func renameKey(_ name: String, at mark: Mark, in attempt: String) -> String? {
    guard let letter = Unicode.Scalar(UInt32(0xF0000 + renamedKeys.count)), renamedKeys.count < 100 else { return nil }
    let rest = SourceText.rest(of: attempt, line: mark.line, column: mark.column)
    let quoteCount = rest.first == "\"" || rest.first == "'" ? 1 : 0
    guard let first = name.unicodeScalars.first, rest.dropFirst(quoteCount).first == first else { return nil }
    var lines = attempt.unicodeScalars.split(omittingEmptySubsequences: false) { $0 == "\n" }.map { Array($0) }
    guard mark.line <= lines.count, mark.column - 1 + quoteCount < lines[mark.line - 1].count else { return nil }
    guard lines[mark.line - 1][mark.column - 1 + quoteCount] == first else { return nil }
    lines[mark.line - 1][mark.column - 1 + quoteCount] = letter
    renamedKeys[position(mark.line, mark.column)] = name
    var renamed = String.UnicodeScalarView()
    renamed.append(contentsOf: lines.joined(separator: ["\n"]))
    return String(renamed)
  }

  // MARK: - From Yams

  private mutating func convert(_ node: Node) -> SourceNode {
    nodeCount += 1
    let position = node.mark.map { self.position($0.line, $0.column) } ?? self.position(1, 1)
    guard nodeCount <= Self.nodeLimit else {
      if nodeCount == Self.nodeLimit + 1 {
        problems.append(
          .init(.syntax, "with its aliases the file has more than \(Self.nodeLimit) values", at: position))
      }
      return SourceNode(kind: .null, position: position)
    }
    switch node {
    case .scalar(let scalar):
      return SourceNode(kind: kind(of: scalar), position: position, layout: layout(of: scalar))
    case .sequence(let sequence):
      return SourceNode(kind: .list(sequence.map { convert($0) }), position: position)
    case .mapping(let mapping): return SourceNode(kind: .map(entries(of: mapping)), position: position)
    case .alias: return SourceNode(kind: .null, position: position)  // Yams resolves aliases before we see them.
    }
  }

  private mutating func kind(of scalar: Node.Scalar) -> SourceNode.Kind {
    guard scalar.style == .plain else { return .scalar(scalar.string) }
    switch scalar.string {
    case "~", "null", "Null", "NULL": return .null
    case "":
      guard let mark = scalar.mark, lines.indices.contains(mark.line - 1) else { return .missing(beforeComment: false) }
      let rest = lines[mark.line - 1].dropFirst(mark.column - 1)
      return .missing(beforeComment: rest.first { $0 != " " && $0 != "\t" } == "#")
    default: return .scalar(scalar.string)
    }
  }

  /// Nil for a scalar that is not written as it is read: over several lines, or with escapes.
  private mutating func layout(of scalar: Node.Scalar) -> ScalarLayout? {
    guard let mark = scalar.mark, lines.indices.contains(mark.line - 1) else { return nil }
    let quoteWidth = scalar.style == .plain ? 0 : 1
    let written = lines[mark.line - 1].dropFirst(mark.column - 1 + quoteWidth)
    return written.starts(with: scalar.string.unicodeScalars) ? ScalarLayout(quoteWidth: quoteWidth) : nil
  }

  private mutating func entries(of mapping: Node.Mapping) -> [SourceNode.Entry] {
    var entries: [SourceNode.Entry] = []
    var seen: Set<String> = []
    for (keyNode, valueNode) in mapping {
      let keyPosition = keyNode.mark.map { position($0.line, $0.column) } ?? position(1, 1)
      let value = convert(valueNode)
      guard case .scalar(let scalar) = keyNode else {
        problems.append(.init(.wrongShape, "a key is a single word, not a list or a map", at: keyPosition))
        continue
      }
      let key = renamedKeys[keyPosition] ?? scalar.string
      guard seen.insert(key).inserted else {
        problems.append(
          .init(
            .duplicateKey, "the key `\(key)` stands twice in this map", at: keyPosition,
            suggestion: "keep one of them"))
        continue
      }
      entries.append(.init(key: key, keyPosition: keyPosition, value: value))
    }
    return entries
  }

  private func position(_ line: Int, _ column: Int) -> SourcePosition {
    SourcePosition(file: file, line: line, column: line == 1 ? column + columnOffset : column)
  }

  // MARK: - Errors

  private func problem(for error: YamlError) -> ScenarioProblem {
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      // Inside an alias or anchor libYAML points behind its first character, and in something that is never closed at
      // the end of the file; where it started is what helps.
      let isReference = context?.text.contains("alias") == true || context?.text.contains("anchor") == true
      let isAtEnd = SourceText.isEnd(of: text, line: mark.line, column: mark.column)
      let mark = isReference || isAtEnd ? context?.mark ?? mark : mark
      return YAMLProblem(context: context?.text, problem: problem, line: mark.line, column: mark.column, in: text)
        .scenarioProblem(at: position(mark.line, mark.column))
    default:
      return .init(.syntax, "this is not YAML: \(error)", at: position(1, 1))
    }
  }
}
