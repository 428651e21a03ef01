import Distributions
import Glibc

/// Values in the order in which they were measured: whether they depend on their neighbours, whether their level moves, and how well
/// they know their median all the same.
public struct TimeSeries: Sendable, Equatable {
  /// The values, oldest first.
  public let values: [Double]

  /// A series.
  public init(_ values: [Double]) { self.values = values }

  /// How strongly values depend on those `lag` places before, from -1 to 1; 0 for a series without spread.
  ///
  /// Source: G. E. P. Box and G. M. Jenkins, "Time Series Analysis", 1970, section 2.1.
  public func autocorrelation(lag: Int) -> Double {
    precondition(lag >= 0, "a lag of \(lag)")
    guard lag < values.count, let mean = SampleStatistics.mean(values) else { return 0 }
    let deviations = values.map { $0 - mean }
    let variance = deviations.reduce(0) { $0 + $1 * $1 }
    guard variance > 0 else { return 0 }
    return zip(deviations, deviations.dropFirst(lag)).reduce(0) { $0 + $1.0 * $1.1 } / variance
  }

  /// Whether neighbours depend on each other more than independent ones would with a probability of 95 %: the first autocorrelation
  /// beyond 1.96 / √n.
  public var isAutocorrelated: Bool {
    values.count >= 8 && abs(autocorrelation(lag: 1)) > 1.96 / Double(values.count).squareRoot()
  }

  /// How far the level wanders: the statistic of Kwiatkowski, Phillips, Schmidt and Shin for a constant level, with Bartlett weights
  /// over 4 (n / 100)^(1/4) lags. Beyond 0.463 a constant level is refused at 5 %, beyond 0.739 at 1 %.
  ///
  /// Source: D. Kwiatkowski et al., "Testing the Null Hypothesis of Stationarity", 1992.
  public var levelStatistic: Double {
    guard values.count >= 2, let mean = SampleStatistics.mean(values) else { return 0 }
    let deviations = values.map { $0 - mean }
    let count = Double(values.count)
    var sum = 0.0
    let partial = deviations.reduce(0.0) { total, deviation in
      sum += deviation
      return total + sum * sum
    }
    let lags = min(values.count - 1, Int(4 * pow(count / 100, 0.25)))
    var variance = deviations.reduce(0) { $0 + $1 * $1 }
    for lag in stride(from: 1, through: lags, by: 1) {
      let product = zip(deviations, deviations.dropFirst(lag)).reduce(0) { $0 + $1.0 * $1.1 }
      variance += 2 * (1 - Double(lag) / Double(lags + 1)) * product
    }
    return variance > 0 ? partial / (count * variance) : 0
  }

  /// Whether a constant level is not refused at 5 %.
  public var isStationary: Bool { values.count < 8 || levelStatistic <= 0.463 }

  /// An interval of the median that allows for dependence: whole blocks of neighbours are drawn, in a circle.
  ///
  /// Source: D. N. Politis and J. P. Romano, "A Circular Block-Resampling Procedure for Stationary Data", 1992.
  /// - Parameter blockLength: Nil takes ⌈n^(1/3)⌉ for values that are independent, and twice that for those that depend on their
  ///   neighbours or on the time.
  /// - Returns: Nil with fewer than `AcceleratedBootstrap.leastCount` values.
  public func medianInterval(
    confidence: Double = 0.95, blockLength: Int? = nil, resamples: Int = 2_000, seed: UInt64 = 1
  ) -> ClosedRange<Double>? {
    precondition((0..<1).contains(confidence), "a confidence of \(confidence)")
    precondition(resamples > 1, "an interval needs at least two resamples")
    guard values.count >= AcceleratedBootstrap.leastCount else { return nil }
    let usual = Int(cbrt(Double(values.count)).rounded(.up)) * (isAutocorrelated || !isStationary ? 2 : 1)
    let length = min(max(1, blockLength ?? usual), values.count)
    var random = Xoshiro256(seed: seed)
    let medians = (0..<resamples).compactMap { _ in
      var sample: [Double] = []
      sample.reserveCapacity(values.count + length)
      while sample.count < values.count {
        let start = Int.random(in: values.indices, using: &random)
        for offset in 0..<length { sample.append(values[(start + offset) % values.count]) }
      }
      return SampleStatistics.median(Array(sample.prefix(values.count)))
    }.sorted()
    let tail = (1 - confidence) / 2
    return SampleStatistics.quantile(tail, ofSorted: medians)...SampleStatistics.quantile(1 - tail, ofSorted: medians)
  }
}
