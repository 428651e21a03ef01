import ResultModel

/// The report of a run, from its result alone: what a reviewer reads from top to bottom, and stops when it is enough.
struct ReportDocument {
  /// The first line.
  let title: String
  /// All else, in order.
  let blocks: [ReportBlock]

  /// The report of `result`.
  init(_ result: RunResult) {
    let merged = result.variants.map { MergedVariant($0, showsDisturbed: true) }
    title = "\(result.scenario.name): \(result.status.rawValue)"
    blocks =
      HeadlineSection(result).blocks + ValiditySection(result, merged).blocks + ObjectivesSection(result).blocks
      + MatrixSection(result, merged).blocks + ComparisonSection(result).blocks
      + SpectrumSection(result, merged).blocks + TimeSeriesSection(result).blocks + CapacitySection(result).blocks
      + ResourcesSection(result, merged).blocks + EnvironmentSection(result).blocks + TrialsSection(result).blocks
  }

  /// One self-contained HTML file.
  var html: String { HTMLPage(self).text }

  /// Markdown for the summary of a CI job.
  var markdown: String { MarkdownPage(self).text }
}
