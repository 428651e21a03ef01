import Distributions

/// A confidence interval of the median by drawing the sample again from itself.
///
/// The percentile method: of many samples drawn with replacement, the middle `confidence` of their medians. It assumes
/// nothing about the distribution, and is a little too narrow for few values.
/// Source: B. Efron and R. J. Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13.
public enum BootstrapInterval {
  /// With fewer values not even the smallest and the largest enclose the median with 95 %: 1 - 2 / 2ⁿ.
  public static let leastCount = 6

  /// The interval; nil with fewer than `leastCount` values.
  ///
  /// - Parameters:
  ///   - values: Independent values, usually one per trial, in any order.
  ///   - confidence: How often such an interval should enclose the true median.
  ///   - resamples: How many samples are drawn; each costs `values.count` random numbers.
  ///   - seed: The same seed gives the same interval.
  public static func median(
    of values: [Double], confidence: Double = 0.95, resamples: Int = 2_000, seed: UInt64 = 1
  ) -> (low: Double, high: Double)? {
    precondition((0..<1).contains(confidence), "a confidence of \(confidence)")
    precondition(resamples > 1, "an interval needs at least two resamples")
    guard values.count >= leastCount else { return nil }
    let sorted = values.sorted()
    guard sorted[0] < sorted[sorted.count - 1] else { return (sorted[0], sorted[0]) }
    var random = Xoshiro256(seed: seed)
    var counts = [Int](repeating: 0, count: sorted.count)
    let medians = (0..<resamples).map { _ in
      for index in counts.indices { counts[index] = 0 }
      for _ in sorted.indices { counts[Int.random(in: sorted.indices, using: &random)] += 1 }
      return median(of: sorted, counts)
    }.sorted()
    let outside = Int(Double(resamples) * (1 - confidence) / 2)
    return (medians[outside], medians[resamples - 1 - outside])
  }

  /// The median of a sample that has `sorted[i]` so many times as `counts` says: no sorting, since the order is known.
  private static func median(of sorted: [Double], _ counts: [Int]) -> Double {
    let lowRank = (sorted.count - 1) / 2
    let highRank = sorted.count / 2
    var seen = 0
    var low: Double?
    for (value, count) in zip(sorted, counts) {
      seen += count
      if low == nil, seen > lowRank { low = value }
      if seen > highRank { return ((low ?? value) + value) / 2 }
    }
    return sorted[sorted.count - 1]
  }
}
