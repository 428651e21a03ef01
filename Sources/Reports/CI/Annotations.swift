import ResultModel

/// What failed as GitHub's workflow commands, which show up at the line of the scenario that asked for it.
enum Annotations {
  /// One line for each verdict that did not hold, then one for each mark of the run; empty when there is neither.
  static func text(of result: RunResult) -> String {
    let lines = result.verdicts.filter { !$0.ok }.map { line($0, result) } + result.marks.map { line($0, result) }
    return lines.map { $0 + "\n" }.joined()
  }

  private static func line(_ mark: ResultMark, _ result: RunResult) -> String {
    "::warning file=\(property(result.scenario.path)),line=1,col=1,title=\(property(mark.rawValue))::\(data(mark.sentence))"
  }

  private static func line(_ verdict: Verdict, _ result: RunResult) -> String {
    let level = verdict.severity == .error ? "error" : "warning"
    let source = verdict.source ?? SourceLocation(file: result.scenario.path, line: 1, column: 1)
    return "::\(level) file=\(property(source.file)),line=\(source.line),col=\(source.column),"
      + "title=\(property(title(verdict)))::\(data(Words.sentence(verdict)))"
  }

  private static func title(_ verdict: Verdict) -> String {
    switch verdict.kind {
    case .slo: "SLO"
    case .verify: "Verification"
    case .load: "Load"
    case .trial: "Trial"
    case .environment: "Environment"
    case .comparison: "Comparison"
    }
  }

  /// Signs that would end the message or its line.
  private static func data(_ text: String) -> String {
    text.map { character -> String in
      switch character {
      case "%": "%25"
      case "\r\n": "%0D%0A"
      case "\n": "%0A"
      case "\r": "%0D"
      default: String(character)
      }
    }.joined()
  }

  /// The same for a property, which commas and colons end too.
  private static func property(_ text: String) -> String {
    data(text).map { character -> String in
      switch character {
      case ":": "%3A"
      case ",": "%2C"
      default: String(character)
      }
    }.joined()
  }
}
