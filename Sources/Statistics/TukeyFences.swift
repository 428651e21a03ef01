/// Which values of a sample lie far out, by Tukey's fences: beyond 1.5 interquartile ranges from the quartiles (mild), and
/// beyond 3 (severe). They are counted and never dropped.
///
/// Source: J. W. Tukey, "Exploratory Data Analysis", 1977, section 2D. Quartiles by linear interpolation (R's type 7).
public struct TukeyFences: Sendable, Equatable {
  /// Values between these are no outliers.
  public let inner: ClosedRange<Double>
  /// Values outside of these are severe ones.
  public let outer: ClosedRange<Double>

  /// The fences of a sample; nil with fewer than four values, which have no quartiles to speak of.
  public init?(of values: [Double]) {
    guard values.count >= 4 else { return nil }
    let sorted = values.sorted()
    let lower = SampleStatistics.quantile(0.25, ofSorted: sorted)
    let upper = SampleStatistics.quantile(0.75, ofSorted: sorted)
    let range = upper - lower
    inner = (lower - 1.5 * range)...(upper + 1.5 * range)
    outer = (lower - 3 * range)...(upper + 3 * range)
  }

  /// How many of `values` lie outside: each is mild or severe, not both.
  public func outliers(in values: [Double]) -> (mild: Int, severe: Int) {
    let severe = values.count { !outer.contains($0) }
    return (values.count { !inner.contains($0) } - severe, severe)
  }
}
