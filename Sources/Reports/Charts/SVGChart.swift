/// Draws a chart as an SVG element that takes its colours from the page's style sheet, so that it suits light and dark.
struct SVGChart {
  private let chart: Chart

  private static let width = 720.0
  private static let height = 320.0
  private static let left = 76.0
  private static let right = 32.0
  private static let top = 12.0
  private static let bottom = 44.0
  /// Of the names of markers: 12 pixels high.
  private static let rowHeight = 14.0
  private static let characterWidth = 6.5

  init(_ chart: Chart) { self.chart = chart }

  /// The element, and its legend below.
  var html: String {
    let shown = Array(chart.series.prefix(Chart.seriesLimit))
    let points = shown.flatMap(\.points)
    let x = ChartScale(
      chart.x, values: points.map(\.x) + chart.markers.map(\.x), start: Self.left,
      length: Self.width - Self.left - Self.right)
    let y = ChartScale(
      chart.y, values: points.map(\.y), start: Self.height - Self.bottom,
      length: Self.top + Self.bottom - Self.height)
    let parts =
      grid(x, y) + shown.enumerated().map { curve($1, number: $0, x, y) } + markers(x)
    return
      "<figure><div class=\"plot\" tabindex=\"0\" role=\"group\" aria-label=\"Chart\"><svg viewBox=\"0 0 \(number(Self.width)) \(number(Self.height))\" role=\"img\" "
      + "aria-label=\"\(HTMLText.escaped(label))\"><title>\(HTMLText.escaped(chart.title))</title>"
      + parts.joined()
      + "</svg></div><figcaption>\(HTMLText.escaped(chart.title))\(legend(shown))</figcaption></figure>\n"
  }

  private var label: String {
    "\(chart.title): \(chart.y.title) over \(chart.x.title), " + chart.series.map(\.name).joined(separator: ", ")
  }

  private func legend(_ series: [Chart.Series]) -> String {
    let items = series.enumerated().map { index, series in
      "<span class=\"key\"><span class=\"\(series.isFloor ? "floor" : "s\(index)") swatch\"></span>"
        + HTMLText.escaped(series.name) + "</span>"
    }
    let rest = chart.series.count - series.count
    return " " + items.joined(separator: " ") + (rest > 0 ? " and \(rest) more in the table" : "")
  }

  private func grid(_ x: ChartScale, _ y: ChartScale) -> [String] {
    let base = Self.height - Self.bottom
    let vertical = x.marks.map { mark in
      line(mark.place, Self.top, mark.place, base, "grid")
        + text(mark.place, base + 16, mark.text, anchor: "middle")
    }
    let horizontal = y.marks.map { mark in
      line(Self.left, mark.place, Self.width - Self.right, mark.place, "grid")
        + text(Self.left - 6, mark.place + 4, mark.text, anchor: "end")
    }
    return vertical + horizontal + [
      text((Self.left + Self.width - Self.right) / 2, Self.height - 8, chart.x.title, anchor: "middle")
    ]
  }

  private func curve(_ series: Chart.Series, number index: Int, _ x: ChartScale, _ y: ChartScale) -> String {
    let points = series.points.filter { x.shows($0.x) && y.shows($0.y) }
    guard let first = points.first, let last = points.last else { return "" }
    let path = points.map { "\(number(x.place($0.x))),\(number(y.place($0.y)))" }.joined(separator: " ")
    guard series.isFloor else { return "<polyline class=\"curve s\(index)\" points=\"\(path)\"/>" }
    let base = number(Self.height - Self.bottom)
    return "<polygon class=\"floor\" points=\"\(number(x.place(first.x))),\(base) \(path) "
      + "\(number(x.place(last.x))),\(base)\"/>"
  }

  /// Lines with their names at the top; a name that would lie over an earlier one stands a row below it.
  private func markers(_ x: ChartScale) -> [String] {
    var rowEnds: [Double] = []
    return chart.markers.map { marker in
      let place = x.place(marker.x)
      let mark = line(place, Self.top, place, Self.height - Self.bottom, "marker")
      guard !marker.text.isEmpty else { return mark }
      let width = Self.characterWidth * Double(marker.text.count)
      // At the right end there is room on the left only.
      let isLeft = place + 3 + width > Self.width
      let start = isLeft ? place - 3 - width : place + 3
      let row = rowEnds.firstIndex { $0 <= start } ?? rowEnds.count
      if row < rowEnds.count { rowEnds[row] = start + width + 3 } else { rowEnds.append(start + width + 3) }
      return mark
        + text(
          isLeft ? place - 3 : place + 3, Self.top + 10 + Self.rowHeight * Double(row), marker.text,
          anchor: isLeft ? "end" : "start")
    }
  }

  private func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ kind: String) -> String {
    "<line class=\"\(kind)\" x1=\"\(number(x1))\" y1=\"\(number(y1))\" x2=\"\(number(x2))\" y2=\"\(number(y2))\"/>"
  }

  private func text(_ x: Double, _ y: Double, _ text: String, anchor: String) -> String {
    "<text x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor)\">\(HTMLText.escaped(text))</text>"
  }

  /// With one decimal at most, and none where it is 0.
  private func number(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
  }
}
