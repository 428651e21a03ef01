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
    switch format {
    case .html: ReportDocument(result).html
    case .markdown: ReportDocument(result).markdown
    case .junit: JUnitXML.text(of: result)
    case .annotations: Annotations.text(of: result)
    }
  }
}
