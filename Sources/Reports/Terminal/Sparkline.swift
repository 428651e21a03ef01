import Histograms

/// The shape of a histogram in one line: time from minimum to maximum on a logarithmic axis, and in each column how many
/// values fell there, on a logarithmic scale too, so that a thin tail is seen beside a tall body.
enum Sparkline {
  static func text(_ histogram: LatencyHistogram, columns: Int = 20, style: TerminalStyle) -> String {
    guard !histogram.isEmpty, columns > 0 else { return "" }
    let low = logarithm(histogram.min)
    let span = logarithm(histogram.max) - low
    var counts = [Int](repeating: 0, count: columns)
    for bucket in histogram.buckets {
      let value = min(max(bucket.values.lowerBound, histogram.min), histogram.max)
      let place = span > 0 ? (logarithm(value) - low) / span : 0
      counts[min(columns - 1, Int(place * Double(columns)))] += bucket.count
    }
    let levels = Array(style.usesUnicode ? " ▁▂▃▄▅▆▇█" : " .:-=+*#@")
    let tallest = logarithm(Int64(counts.max() ?? 1)) + 1
    return String(
      counts.map { count in
        guard count > 0 else { return levels[0] }
        let height = (logarithm(Int64(count)) + 1) / tallest * Double(levels.count - 1)
        return levels[max(1, Int(height.rounded()))]
      })
  }

  /// The binary logarithm, near enough for a column: the exponent and, linearly, the fraction; 0 counts as 1.
  private static func logarithm(_ value: Int64) -> Double {
    let number = Double(max(value, 1))
    return Double(number.exponent) + number.significand - 1
  }
}
