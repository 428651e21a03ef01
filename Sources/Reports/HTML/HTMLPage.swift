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
    \(Self.style)</style>
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
        : "<ul\(attribute(tone))>\n" + items.map { "<li>\(HTMLText.escaped($0))</li>\n" }.joined() + "</ul>\n"
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
      "<tr>" + row.enumerated().map { cell($1, isRight: table.rightColumns.contains($0), isFirst: $0 == 0) }.joined()
        + "</tr>\n"
    }
    return "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"\(HTMLText.escaped(table.caption))\">"
      + "<table><caption>\(HTMLText.escaped(table.caption))</caption>\n"
      + "<thead><tr>\(header.joined())</tr></thead>\n<tbody>\n\(rows.joined())</tbody></table></div>\n"
  }

  private func cell(_ cell: ReportTable.Cell, isRight: Bool, isFirst: Bool) -> String {
    var classes: [String] = []
    if isRight { classes.append("right") }
    if cell.tone != .neutral { classes.append(cell.tone.rawValue) }
    let kind = classes.isEmpty ? "" : " class=\"\(classes.joined(separator: " "))\""
    // Mixed with the page's own background, so that text stays readable in either scheme.
    let shade = cell.shade.map { " style=\"--heat:\(Int(($0 * 60).rounded()))%\"" } ?? ""
    let tag = isFirst ? "th scope=\"row\"" : "td"
    return "<\(tag)\(kind)\(shade)>\(HTMLText.escaped(cell.text))</\(isFirst ? "th" : "td")>"
  }

  private func attribute(_ tone: ReportBlock.Tone) -> String {
    tone == .neutral ? "" : " class=\"\(tone.rawValue)\""
  }

  /// Colours that can be told apart by the colour-blind: those of M. Okabe and K. Ito, "Color Universal Design", 2008, darker or
  /// lighter as the background asks.
  private static let style = """
    :root { --page: #fff; --ink: #1b1f24; --dim: #57606a; --line: #d0d7de; --good: #1a7f37; --bad: #b42318; --warning: #8a5a00;
      --heat-ink: #d55e00; --s0: #0072b2; --s1: #d55e00; --s2: #00795a; --s3: #a8497f; --s4: #8f6a00; --s5: #2a7fa8; --s6: #6b6b00; --s7: #444; }
    @media (prefers-color-scheme: dark) {
      :root { --page: #0d1117; --ink: #e6edf3; --dim: #9da7b3; --line: #30363d; --good: #56d364; --bad: #ff7b72; --warning: #e3b341;
        --heat-ink: #d55e00; --s0: #56b4e9; --s1: #ff9d4d; --s2: #2fd0a0; --s3: #e39ac4; --s4: #f0c23c; --s5: #8fd0f5; --s6: #f0e442; --s7: #bbb; }
    }
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
    main { max-width: 1100px; margin: 0 auto; padding: 1rem; }
    h1 { font-size: 1.5rem; margin: .5rem 0; overflow-wrap: anywhere; }
    h2 { font-size: 1.15rem; margin: 1.8rem 0 .5rem; border-bottom: 1px solid var(--line); }
    p, li { overflow-wrap: anywhere; }
    .good { color: var(--good); } .bad { color: var(--bad); } .warning { color: var(--warning); }
    p.good, p.bad, p.warning { font-weight: 600; }
    .scroll { overflow-x: auto; margin: .5rem 0 1rem; }
    table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; }
    caption { text-align: left; color: var(--dim); padding: .2rem 0; }
    th, td { padding: .25rem .6rem; border-bottom: 1px solid var(--line); text-align: left; white-space: nowrap; vertical-align: top;
      background: color-mix(in srgb, var(--heat-ink) var(--heat, 0%), var(--page)); }
    thead th { border-bottom-width: 2px; } tbody th { font-weight: 500; } .right { text-align: right; }
    figure { margin: .5rem 0 1rem; overflow-x: auto; } svg { width: 100%; min-width: 560px; height: auto; max-width: 900px; display: block; }
    svg text { font: 12px system-ui, sans-serif; fill: var(--dim); }
    .grid { stroke: var(--line); stroke-width: 1; } .marker { stroke: var(--bad); stroke-dasharray: 4 3; }
    .curve { fill: none; stroke-width: 2; stroke-linejoin: round; } polygon.floor { fill: var(--line); stroke: none; }
    figcaption { font-size: .875rem; color: var(--dim); } .key { margin-left: .8rem; white-space: nowrap; }
    .swatch { display: inline-block; width: 1rem; height: .25rem; margin-right: .3rem; vertical-align: middle; }
    .swatch.floor { height: .7rem; background: var(--line); }
    .s0 { stroke: var(--s0); } .s1 { stroke: var(--s1); } .s2 { stroke: var(--s2); } .s3 { stroke: var(--s3); }
    .s4 { stroke: var(--s4); } .s5 { stroke: var(--s5); } .s6 { stroke: var(--s6); } .s7 { stroke: var(--s7); }
    .swatch.s0 { background: var(--s0); } .swatch.s1 { background: var(--s1); } .swatch.s2 { background: var(--s2); }
    .swatch.s3 { background: var(--s3); } .swatch.s4 { background: var(--s4); } .swatch.s5 { background: var(--s5); }
    .swatch.s6 { background: var(--s6); } .swatch.s7 { background: var(--s7); }
    pre { overflow-x: auto; padding: .6rem; border: 1px solid var(--line); font-size: .875rem; }
    summary { cursor: pointer; font-weight: 600; padding: .3rem 0; }
    @media print { main { max-width: none; } .scroll { overflow: visible; } details > * { display: block; } h2 { break-after: avoid; } figure { break-inside: avoid; } }

    """
}
