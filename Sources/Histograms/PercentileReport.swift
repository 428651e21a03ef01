/// A percentile distribution as text (`.hgrm`), for HdrHistogram's plotter and everything that reads its files.
///
/// Values in microseconds, as the upper ends of their buckets; percentiles as fractions, five steps to each halving of
/// the distance to 100 %. Source: `AbstractHistogram.outputPercentileDistribution` and `PercentileIterator` of
/// HdrHistogram 2.x (Java), whose halvings are whole; the Python library's are not.
public struct PercentileReport: Sendable {
  /// The whole file.
  public let text: String

  /// The report of `histogram`, whose values are nanoseconds.
  public init(_ histogram: LatencyHistogram) {
    let titles = [("Value", 12), ("Percentile", 14), ("TotalCount", 10), ("1/(1-Percentile)", 14)]
    var text = titles.map { FixedPointText.rightAligned($0.0, width: $0.1) }.joined(separator: " ") + "\n\n"
    for step in PercentileSteps(histogram) { text += Self.row(step) }
    let layout = histogram.layout
    let mean = Self.microseconds(histogram.mean)
    let deviation = Self.microseconds(histogram.standardDeviation)
    let highest = histogram.isEmpty ? 0 : layout.highestEquivalent(atIndex: histogram.counts.count - 1)
    let max = Self.microseconds(Double(highest))
    let count = FixedPointText.text(histogram.count, width: 12)
    let buckets = FixedPointText.text(layout.bucketCount, width: 12)
    let subBuckets = FixedPointText.text(layout.subBucketCount, width: 12)
    text += """
      #[Mean    = \(mean), StdDeviation   = \(deviation)]
      #[Max     = \(max), Total count    = \(count)]
      #[Buckets = \(buckets), SubBuckets     = \(subBuckets)]

      """
    self.text = text
  }

  private static func row(_ step: PercentileSteps.Step) -> String {
    let value = microseconds(Double(step.value))
    let fraction = FixedPointText.text(step.percentile / 100, width: 2, digits: 12)
    let row = "\(value) \(fraction) \(FixedPointText.text(step.countSoFar, width: 10))"
    guard step.percentile != 100 else { return row + "\n" }
    return row + " \(FixedPointText.text(1 / (1 - step.percentile / 100), width: 14, digits: 2))\n"
  }

  private static func microseconds(_ nanoseconds: Double) -> String {
    FixedPointText.text(nanoseconds / 1000, width: 12, digits: 3)
  }
}
