/// A report in GitHub's Markdown, for the summary of a CI job: everything but the pictures, whose figures are in tables.
struct MarkdownPage {
  private let document: ReportDocument

  /// The page of a document.
  init(_ document: ReportDocument) { self.document = document }

  /// The whole text.
  var text: String { "# \(Self.escaped(document.title))\n\n" + document.blocks.map(markdown).joined() }

  private func markdown(_ block: ReportBlock) -> String {
    switch block {
    case .heading(let text): "## \(Self.escaped(text))\n\n"
    case .paragraph(let text, let tone): "\(sign(tone))\(Self.escaped(text))\n\n"
    case .list(let items, let tone):
      items.isEmpty ? "" : items.map { "- \(sign(tone))\(Self.escaped($0))\n" }.joined() + "\n"
    case .table(let table): markdown(table)
    case .chart: ""
    case .code(let text): "\(Self.fence(text))text\n\(text)\n\(Self.fence(text))\n\n"
    case .fold(let title, let blocks):
      "<details><summary>\(HTMLText.escaped(title))</summary>\n\n" + blocks.map(markdown).joined() + "</details>\n\n"
    }
  }

  private func markdown(_ table: ReportTable) -> String {
    let rule = table.header.indices.map { table.rightColumns.contains($0) ? "--:" : ":--" }
    let rows = table.rows.map { row in row.map { sign($0.tone) + Self.escaped($0.text) } }
    // GitHub's tables have no captions of their own.
    let caption = table.caption.isEmpty ? "" : "*\(Self.escaped(table.caption))*\n\n"
    return caption
      + ([table.header.map(Self.escaped), rule] + rows).map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
      + "\n"
  }

  private func sign(_ tone: ReportBlock.Tone) -> String {
    switch tone {
    case .good: "✅ "
    case .bad: "❌ "
    case .warning: "⚠️ "
    case .neutral: ""
    }
  }

  /// A row of backquotes longer than any in the text, so that the text cannot end it.
  private static func fence(_ text: String) -> String {
    var longest = 2
    var run = 0
    for character in text {
      run = character == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    return String(repeating: "`", count: longest + 1)
  }

  /// With the signs escaped that would change how a text or a table looks.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "|", "*", "_", "`", "[", "]", "#", "\\", "~": result += "\\\(character)"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\n", "\r\n", "\r": result += " "
      default: result.append(character)
      }
    }
    return result
  }
}
