public import ResultModel

/// A result in the formats of other benchmark tools, so that their dashboards and comparisons can read it.
public enum ResultExport {
  /// What it is exported as.
  public enum Format: String, Sendable, CaseIterable {
    /// github-action-benchmark's `customSmallerIsBetter`: times, bytes and processor time.
    case githubSmaller = "github-action-benchmark"
    /// github-action-benchmark's `customBiggerIsBetter`: throughput. A file of that tool has one direction only.
    case githubBigger = "github-action-benchmark-bigger"
    /// The JSON results of JMH, the Java harness.
    case jmh
    /// The text that Go's benchmarks print, one line for each trial; benchstat reads it.
    case goBench = "go-bench"
    /// OpenMetrics text, which Prometheus reads.
    case openMetrics = "openmetrics"
  }

  /// The text of `result` in `format`: every phase but the warm-up, of the trials whose figures count. O(size of the result).
  public static func text(of result: RunResult, as format: Format) -> String {
    switch format {
    case .githubSmaller: GitHubActionBenchmark.text(of: result, biggerIsBetter: false)
    case .githubBigger: GitHubActionBenchmark.text(of: result, biggerIsBetter: true)
    case .jmh: JMHExport.text(of: result)
    case .goBench: GoBenchmarkExport.text(of: result)
    case .openMetrics: OpenMetricsExport.text(of: result)
    }
  }
}
