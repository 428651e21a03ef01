/// An interval log (`.hlog`, format version 1.3): one line for each interval of each series, with the whole histogram.
///
/// Read by HdrHistogram's own tools (HistogramLogAnalyzer, HistogramLogProcessor) and libraries. The writer only makes
/// text; whoever has the file appends `header` once and then lines.
/// Source: `HistogramLogWriter.java` of HdrHistogram 2.x.
public struct HistogramLogWriter: Sendable {
  /// The first lines of the file, with the newline at their end.
  public let header: String

  /// A log of a run that began `startSeconds` after the beginning of 1970 (UTC), written by `version` of ringside.
  public init(version: String, startSeconds: Double) {
    let start = FixedPointText.text(startSeconds, digits: 3)
    let date = UTCDate(secondsSinceEpoch: Int(startSeconds.rounded(.down))).text
    header = """
      #[Logged with ringside \(version)]
      #[Histogram log format version 1.3]
      #[StartTime: \(start) (seconds since epoch), \(date)]
      "StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"

      """
  }

  /// One interval, with the newline at its end.
  ///
  /// - Parameters:
  ///   - histogram: Of the interval only, in nanoseconds.
  ///   - tag: The series, `<slug>.<series>`; commas and white space in it become `_`.
  ///   - startSeconds: When the interval began, in seconds from the start of the run.
  ///   - lengthSeconds: How long it was.
  public func line(
    _ histogram: LatencyHistogram, tag: String, startSeconds: Double, lengthSeconds: Double
  ) -> String {
    let safeTag = String(tag.map { $0 == "," || $0.isWhitespace ? "_" : $0 })
    let start = FixedPointText.text(startSeconds, digits: 3)
    let length = FixedPointText.text(lengthSeconds, digits: 3)
    let maxMilliseconds = FixedPointText.text(Double(histogram.max) / 1_000_000, digits: 3)
    return "Tag=\(safeTag),\(start),\(length),\(maxMilliseconds),\(HistogramEncoding.encodeBase64(histogram))\n"
  }
}
