/// How the results directory is named: a path in which `{name}` stands for the scenario's name and `{started}` for the time of
/// the start.
public enum ResultsDirectoryPattern {
  /// What may stand in braces.
  public static let placeholders = ["{name}", "{started}"]

  /// What is wrong with a pattern and what to write instead; nil when nothing is.
  public static func problem(with pattern: String) -> (message: String, suggestion: String)? {
    if pattern.isEmpty {
      return ("the path of the results directory is empty", "write Results/{name}/{started}, or . for this directory")
    }
    if pattern.utf8.allSatisfy({ $0 == UInt8(ascii: "/") }) {
      return ("the root directory is no place for results", "write Results/{name}/{started}")
    }
    if pattern.utf8.contains(0) { return ("a path has no zero byte", "write Results/{name}/{started}") }
    guard let unknown = unknownPlaceholder(in: pattern[...]) else { return nil }
    return (
      "nothing stands for `\(unknown)`",
      Spelling.suggestion(for: unknown, among: placeholders) ?? "there is \(Spelling.list(placeholders))"
    )
  }

  /// The first `{…}` that is not one of those above.
  private static func unknownPlaceholder(in text: Substring) -> String? {
    guard let start = text.firstIndex(of: "{"), let end = text[start...].firstIndex(of: "}") else { return nil }
    let word = String(text[start...end])
    return placeholders.contains(word) ? unknownPlaceholder(in: text[text.index(after: end)...]) : word
  }
}
