/// Says in our words what libYAML found wrong, and what was probably meant.
struct YAMLProblem {
  private let context: String?
  private let problem: String
  private let rest: Substring.UnicodeScalarView

  /// A problem that libYAML reported at `line` and `column` of `text`, with its own words.
  init(context: String?, problem: String, line: Int, column: Int, in text: String) {
    self.context = context
    self.problem = problem
    rest = SourceText.rest(of: text, line: line, column: column)
  }

  /// The same for our users.
  func scenarioProblem(at position: SourcePosition) -> ScenarioProblem {
    let first = rest.first.map(String.init) ?? ""
    if problem.contains("undefined alias") || context?.contains("alias") == true {
      return .init(
        .syntax, "an unquoted value that starts with `*` is a YAML alias", at: position,
        suggestion: "quote it: \"\(word)\"")
    }
    if context?.contains("anchor") == true {
      return .init(
        .syntax, "an unquoted value that starts with `&` is a YAML anchor", at: position,
        suggestion: "quote it: \"\(word)\"")
    }
    if problem.contains("cannot start any token") {
      return first == "\t"
        ? .init(.syntax, "a tab cannot indent", at: position, suggestion: "indent with spaces")
        : .init(
          .syntax, "an unquoted value cannot start with `\(first)`", at: position,
          suggestion: "quote it: \"\(word)\"")
    }
    if problem.contains("mapping values are not allowed") {
      return .init(
        .syntax, "a `:` does not belong here", at: position,
        suggestion: "start the key on its own line, indent it like its neighbours, or quote the value")
    }
    if problem.contains("found another document") {
      return .init(.syntax, "a scenario file holds one document", at: position, suggestion: "remove the `---`")
    }
    if problem.contains("',' or ']'") || problem.contains("',' or '}'") {
      return .init(
        .syntax, "this \(problem.contains("]") ? "list" : "map") is not closed, or a comma is missing", at: position,
        suggestion: "an unquoted value that contains `#`, `,`, brackets or braces must be quoted")
    }
    if problem.contains("end of stream") {
      return .init(
        .syntax, "the quoted text is not closed", at: position, suggestion: "add the quote it starts with at its end")
    }
    if problem.contains("nesting level") {
      return .init(.syntax, "this is nested too deeply", at: position)
    }
    return .init(.syntax, [problem, context].compactMap(\.self).joined(separator: ", "), at: position)
  }

  /// The unquoted value that starts here.
  private var word: String {
    var word = String.UnicodeScalarView()
    for scalar in rest {
      if scalar == "," || scalar == "]" || scalar == "}" || scalar == " " { break }
      word.append(scalar)
    }
    return String(word)
  }
}
