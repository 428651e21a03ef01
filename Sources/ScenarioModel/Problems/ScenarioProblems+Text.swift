extension ScenarioProblems: CustomStringConvertible {
  /// Each problem as `file:line:column: error: message`, the line with a caret under it, and what to write instead; of
  /// very many, the first 50.
  public var description: String {
    let shown = problems.prefix(50).map { text(of: $0) }.joined(separator: "\n")
    return problems.count > 50 ? shown + "\nand \(problems.count - 50) more\n" : shown
  }

  /// One problem, in the form that editors and CI systems find in a log. Ends with a line break.
  public func text(of problem: ScenarioProblem) -> String {
    guard let source = sources[problem.file] else {
      // A file that could not be read has no lines to show; one that is not text has a place at least.
      let place = problem.code == .fileNotUTF8 ? "\(problem.file):\(problem.line):\(problem.column)" : problem.file
      return "\(place): error: \(problem.message)\n" + hint(problem, indentation: 2)
    }
    let isOverride = problem.file == Override.file(for: source)
    let place = isOverride ? problem.file : "\(problem.file):\(problem.line):\(problem.column)"
    let (excerpt, caretColumn) = Self.excerpt(of: SourceText.line(problem.line, of: source), at: problem.column)
    let gutter = isOverride ? "" : "\(problem.line)"
    let margin = String(repeating: " ", count: gutter.count)
    return """
      \(place): error: \(problem.message)
        \(gutter) | \(excerpt)
        \(margin) | \(String(repeating: " ", count: caretColumn))^

      """ + hint(problem, indentation: gutter.count + 3)
  }

  private func hint(_ problem: ScenarioProblem, indentation: Int) -> String {
    guard let suggestion = problem.suggestion else { return "" }
    return String(repeating: " ", count: indentation) + "= \(suggestion)\n"
  }

  /// The part of a line around a column, tabs and other control characters shown as spaces, and the caret's place in it.
  private static func excerpt(of line: String, at column: Int) -> (text: String, caretColumn: Int) {
    let scalars = line.unicodeScalars.map { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) ? " " : $0 }
    let first = max(0, min(column - 1, scalars.count) - 100)
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars[first..<min(scalars.count, first + 160)])
    let isCut = first > 0
    return ((isCut ? "…" : "") + String(text), max(0, column - 1 - first) + (isCut ? 1 : 0))
  }
}
