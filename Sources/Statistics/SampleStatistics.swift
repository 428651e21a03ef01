/// Location and spread of a sample of numbers, usually one figure per trial. Nil where the sample is too small.
public enum SampleStatistics {
  /// The arithmetic mean; of at least one number.
  public static func mean(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let first = values.reduce(0, +) / Double(values.count)
    // A second pass takes back what the first lost by rounding.
    return first + values.reduce(0) { $0 + ($1 - first) } / Double(values.count)
  }

  /// The middle number, or the mean of the two in the middle; of at least one number. O(n log n).
  public static func median(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : sorted[middle - 1] / 2 + sorted[middle] / 2
  }

  /// The standard deviation of the population that the sample is drawn from (divided by n - 1); of at least two.
  public static func standardDeviation(_ values: [Double]) -> Double? {
    guard values.count >= 2, let mean = mean(values) else { return nil }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(values.count - 1)).squareRoot()
  }

  /// The coefficient of variation: the standard deviation as a share of the mean, which must not be 0.
  public static func coefficientOfVariation(_ values: [Double]) -> Double? {
    guard let mean = mean(values), mean != 0, let deviation = standardDeviation(values) else { return nil }
    return deviation / abs(mean)
  }

  /// The median absolute deviation from the median, as it is (1.4826 times it estimates a normal standard deviation).
  public static func medianAbsoluteDeviation(_ values: [Double]) -> Double? {
    guard let centre = median(values) else { return nil }
    return median(values.map { abs($0 - centre) })
  }

  /// The value below which lies the share `share` (0...1) of a sorted, not empty sample, by linear interpolation between its values:
  /// definition 7 of R. J. Hyndman and Y. Fan, "Sample Quantiles in Statistical Packages", 1996.
  public static func quantile(_ share: Double, ofSorted sorted: [Double]) -> Double {
    let place = share * Double(sorted.count - 1)
    let index = Int(place)
    guard index + 1 < sorted.count else { return sorted[sorted.count - 1] }
    return sorted[index] + (place - Double(index)) * (sorted[index + 1] - sorted[index])
  }
}
