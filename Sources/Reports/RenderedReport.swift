public import ResultModel

/// A result rendered for readers that are not spreadsheets: people, CI systems.
public enum RenderedReport {
  /// What it is rendered as.
  public enum Format: String, Sendable, CaseIterable {
    /// One self-contained page.
    case html
    /// GitHub's Markdown, for the summary of a job.
    case markdown
    /// JUnit's XML.
    case junit
    /// GitHub's workflow commands: one line for each failure.
    case annotations

    /// The file's name in a results directory; nil for what goes to a log.
    public var fileName: String? {
      switch self {
      case .html: "report.html"
      case .markdown: "summary.md"
      case .junit: "junit.xml"
      case .annotations: nil
      }
    }
  }

  /// The text of `result` in `format`. O(size of the result).
  public static func text(of result: RunResult, as format: Format) -> String {
    texts(of: result, as: [format])[0]
  }

  /// The same in several formats, in their order: what they have in common, such as merged histograms, is worked out once.
  public static func texts(of result: RunResult, as formats: [Format]) -> [String] {
    var document: ReportDocument?
    return formats.map { format in
      if format == .junit { return JUnitXML.text(of: result) }
      if format == .annotations { return Annotations.text(of: result) }
      let known = document ?? ReportDocument(result)
      document = known
      return format == .html ? known.html : known.markdown
    }
  }
}
