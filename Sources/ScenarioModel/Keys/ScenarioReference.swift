/// The reference of every key, for `Scenarios/README.md`.
public enum ScenarioReference {
  /// One Markdown table per part of the file, generated from the key table.
  public static var markdown: String {
    var text = "### The file\n\n" + table(rows.filter { isTopLevel($0) })
    for part in [
      "target", "topology", "workload", "load", "trials", "slo", "verify", "faults", "measure", "output",
      "compare", "search",
    ] {
      let inner = rows.filter { $0.path.hasPrefix("\(part).") }
      text += "\n### `\(part)`\n\n" + table(inner)
    }
    return text
  }

  private static let rows = KeyTable.rows

  private static func isTopLevel(_ row: KeyTable.Row) -> Bool { !row.path.contains(".") }

  private static func table(_ rows: [KeyTable.Row]) -> String {
    var text = "| key | value | default | meaning |\n|---|---|---|---|\n"
    for row in rows {
      let defaultText = row.key.defaultText.map { $0.isEmpty ? "empty" : "`\($0)`" } ?? ""
      let note = row.isSupported ? unsupportedWords(of: row) : "**Not supported yet.** "
      text += "| `\(row.path)` | \(row.key.kind.cell) | \(defaultText) | \(note)\(row.key.documentation) |\n"
    }
    return text
  }

  /// The words of a key that can be used which cannot be used yet.
  private static func unsupportedWords(of row: KeyTable.Row) -> String {
    let refused = Support.unsupportedValues[row.support] ?? Support.unsupportedValues["\(row.support).*"] ?? []
    let words = row.words.filter(refused.contains)
    return words.isEmpty ? "" : "Not yet: \(words.map { "`\($0)`" }.joined(separator: ", ")). "
  }
}
