/// A piece of a report, before it is known whether it becomes a page or Markdown.
indirect enum ReportBlock: Equatable {
  /// How something is meant.
  enum Tone: String { case good, bad, warning, neutral }

  /// A section's title.
  case heading(String)
  /// A sentence or two.
  case paragraph(String, tone: Tone = .neutral)
  /// Short sentences of equal rank.
  case list([String], tone: Tone = .neutral)
  /// Figures.
  case table(ReportTable)
  /// A picture; what it shows is also in a table.
  case chart(Chart)
  /// A command or another text that is copied as it is.
  case code(String)
  /// What only some readers want to see.
  case fold(String, [ReportBlock])
}

/// A table of a report.
struct ReportTable: Equatable {
  /// A cell: its text, how it is meant, and how dark its background is on a heat map, from 0 to 1.
  struct Cell: Equatable, ExpressibleByStringLiteral {
    var text: String
    var tone: ReportBlock.Tone = .neutral
    var shade: Double?

    init(_ text: String, tone: ReportBlock.Tone = .neutral, shade: Double? = nil) {
      self.text = text
      self.tone = tone
      self.shade = shade
    }

    init(stringLiteral text: String) { self.init(text) }
  }

  /// What the table shows, for those who cannot see it at a glance.
  var caption: String
  var header: [String]
  var rows: [[Cell]]
  /// Columns of numbers, which stand to the right.
  var rightColumns: Set<Int> = []
  /// Columns of sentences, which may be broken into lines.
  var proseColumns: Set<Int> = []
  /// Columns of a few words, or of long names, which may be broken where the table would be too wide.
  var wordColumns: Set<Int> = []
}
