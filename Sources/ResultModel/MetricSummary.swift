/// What the trials of a variant together say about one metric.
public struct MetricSummary: Codable, Sendable, Equatable {
  /// Outliers by Tukey's fences; none is ever dropped.
  public struct Outliers: Codable, Sendable, Equatable {
    /// Beyond 1.5 interquartile ranges.
    public var mild: Int
    /// Beyond 3 interquartile ranges.
    public var severe: Int

    /// So many outliers.
    public init(mild: Int, severe: Int) {
      self.mild = mild
      self.severe = severe
    }
  }

  /// The median of the trials.
  public var median: Double
  /// Its 95 % confidence interval; absent with too few trials.
  public var ci95: Interval<Double>?
  /// The median absolute deviation.
  public var medianAbsoluteDeviation: Double?
  /// The coefficient of variation, as a share.
  public var variation: Double?
  /// How many trials.
  public var n: Int
  /// The value of each trial, by index.
  public var values: [Double]
  /// How many of them lie far out.
  public var outliers: Outliers?
  /// The smallest change these trials could have shown, in percent.
  public var minimalDetectableEffectPercent: Double?

  /// A summary; leave out what too few trials cannot say.
  public init(
    median: Double, ci95: Interval<Double>? = nil, medianAbsoluteDeviation: Double? = nil, variation: Double? = nil,
    values: [Double], outliers: Outliers? = nil, minimalDetectableEffectPercent: Double? = nil
  ) {
    self.median = median
    self.ci95 = ci95
    self.medianAbsoluteDeviation = medianAbsoluteDeviation
    self.variation = variation
    self.n = values.count
    self.values = values
    self.outliers = outliers
    self.minimalDetectableEffectPercent = minimalDetectableEffectPercent
  }

  enum CodingKeys: String, CodingKey {
    case median, ci95
    case medianAbsoluteDeviation = "mad"
    case variation = "cv"
    case n, values, outliers
    case minimalDetectableEffectPercent = "mde_pct"
  }
}
