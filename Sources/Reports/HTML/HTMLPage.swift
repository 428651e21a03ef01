import ResultModel

/// A report as one self-contained page: no script, no request, light and dark, narrow and wide, on paper too.
struct HTMLPage {
  private let title: String
  private let blocks: [ReportBlock]

  /// The page of a document.
  init(_ document: ReportDocument) {
    title = document.title
    blocks = document.blocks
  }

  /// The whole file.
  var text: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <link rel="icon" href="data:,">
    <title>\(HTMLText.escaped(title))</title>
    <style>
    \(PageStyle.text)</style>
    </head>
    <body>
    <main>
    <h1>\(HTMLText.escaped(title))</h1>
    \(blocks.map(html).joined())</main>
    </body>
    </html>

    """
  }

  private func html(_ block: ReportBlock) -> String {
    switch block {
    case .heading(let text): "<h2>\(HTMLText.escaped(text))</h2>\n"
    case .paragraph(let text, let tone): "<p\(attribute(tone))>\(HTMLText.escaped(text))</p>\n"
    case .list(let items, let tone):
      items.isEmpty
        ? ""
        : "<ul\(attribute(tone))>\n" + items.map { "<li>\(word(tone))\(HTMLText.escaped($0))</li>\n" }.joined()
          + "</ul>\n"
    case .table(let table): html(table)
    case .chart(let chart): SVGChart(chart).html
    case .code(let text): "<pre tabindex=\"0\">\(HTMLText.escaped(text))</pre>\n"
    case .fold(let title, let blocks):
      "<details><summary>\(HTMLText.escaped(title))</summary>\n" + blocks.map(html).joined() + "</details>\n"
    }
  }

  /// A wide table is scrolled by itself, so that a narrow page stays narrow; the keyboard can do so too.
  private func html(_ table: ReportTable) -> String {
    let header = table.header.enumerated().map { column, text in
      "<th scope=\"col\"\(table.rightColumns.contains(column) ? " class=\"right\"" : "")>\(HTMLText.escaped(text))</th>"
    }
    let rows = table.rows.map { row in
      "<tr>" + row.enumerated().map { cell($1, column: $0, of: table) }.joined()
        + "</tr>\n"
    }
    return "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"\(HTMLText.escaped(table.caption))\">"
      + "<table><caption>\(HTMLText.escaped(table.caption))</caption>\n"
      + "<thead><tr>\(header.joined())</tr></thead>\n<tbody>\n\(rows.joined())</tbody></table></div>\n"
  }

  private func cell(_ cell: ReportTable.Cell, column: Int, of table: ReportTable) -> String {
    let isFirst = column == 0
    var classes: [String] = []
    if table.rightColumns.contains(column) { classes.append("right") }
    // Short ones keep the table narrow; long ones would make it endless.
    if table.proseColumns.contains(column), cell.text.count > 24 { classes.append("prose") }
    if table.wordColumns.contains(column) { classes.append("words") }
    if cell.tone != .neutral { classes.append(cell.tone.rawValue) }
    var content = HTMLText.escaped(cell.text)
    if table.wordColumns.contains(column) { content = Self.breakable(content) }
    // A sentence that ends with a bracket is broken wherever it must be.
    if !table.proseColumns.contains(column), let (figure, interval) = Self.halves(cell.text) {
      classes.append("split")
      content = "<span>\(figure)</span><span>\(interval)</span>"
    }
    let kind = classes.isEmpty ? "" : " class=\"\(classes.joined(separator: " "))\""
    // Mixed with the page's own background, so that text stays readable in either scheme.
    let shade = cell.shade.map { " style=\"--heat:\(Int(($0 * 60).rounded()))%\"" } ?? ""
    let tag = isFirst ? "th scope=\"row\"" : "td"
    return "<\(tag)\(kind)\(shade)>\(content)</\(isFirst ? "th" : "td")>"
  }

  /// The figure and its interval or a remark in brackets, which goes to a line of its own where the table would be too wide; nil for other
  /// texts.
  private static func halves(_ text: String) -> (figure: String, interval: String)? {
    let bracket: Character = text.hasSuffix(")") ? "(" : "["
    guard text.hasSuffix("]") || text.hasSuffix(")"), let start = text.firstIndex(of: bracket), start > text.startIndex
    else { return nil }
    return (HTMLText.escaped(String(text[..<start])), HTMLText.escaped(String(text[start...])))
  }

  /// A long name that may be broken behind its parts: `allocated_bytes_per_message@steady`.
  private static func breakable(_ name: String) -> String {
    name.replacing("_", with: "_<wbr/>").replacing("@", with: "<wbr/>@")
  }

  /// What a list's colour says, for those who do not see it.
  private func word(_ tone: ReportBlock.Tone) -> String {
    switch tone {
    case .bad: "<b>error:</b> "
    case .warning: "<b>warning:</b> "
    case .good, .neutral: ""
    }
  }

  private func attribute(_ tone: ReportBlock.Tone) -> String {
    tone == .neutral ? "" : " class=\"\(tone.rawValue)\""
  }
}
