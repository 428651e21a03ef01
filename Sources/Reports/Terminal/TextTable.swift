/// Rows of text whose columns stand under each other.
public struct TextTable: Sendable {
  /// The cells; a row may have fewer than others.
  public var rows: [[String]]
  /// Columns whose cells stand to the right, as numbers do.
  public var rightColumns: Set<Int>

  /// A table of those rows.
  public init(rows: [[String]] = [], rightColumns: Set<Int> = []) {
    self.rows = rows
    self.rightColumns = rightColumns
  }

  /// Adds a row.
  public mutating func append(_ cells: String...) { rows.append(cells) }

  /// Each row on a line, two blanks between columns and none at the end.
  public var lines: [String] {
    let columnCount = rows.map(\.count).max() ?? 0
    let widths = (0..<columnCount).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      let cells = row.enumerated().map { column, text in
        let blanks = String(repeating: " ", count: widths[column] - text.count)
        return rightColumns.contains(column) ? blanks + text : text + blanks
      }
      var line = cells.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  /// The lines after `indentation` blanks, a newline after each.
  public func text(indentation: Int = 0) -> String {
    lines.map { String(repeating: " ", count: indentation) + $0 + "\n" }.joined()
  }
}
