import Distributions

/// Whether differences of pairs centre on 0: without a true difference each is as likely to have the other sign, two-sided.
///
/// The mean of the differences is compared with the means under every choice of signs; beyond `exactCountLimit` pairs under
/// random choices, where the observed one counts as one of them, so that p is never 0.
/// Source: R. A. Fisher, "The Design of Experiments", 1935, section 21; B. Phipson and G. K. Smyth, "Permutation P-values Should
/// Never Be Zero", 2010.
public enum SignFlipTest {
  /// Up to so many pairs all choices of signs are counted: 2 · 2^(n/2) sums, sorted and met in the middle.
  public static let exactCountLimit = 36
  /// How many random choices are drawn beyond that.
  public static let drawCount = 100_000

  /// The p of `differences`, which are independent of each other.
  /// - Parameter seed: Of the random choices; the same seed gives the same p.
  public static func p(_ differences: [Double], seed: UInt64 = 1) -> Double {
    guard !differences.isEmpty else { return 1 }
    let observed = abs(differences.reduce(0, +))
    // Sums that differ by rounding alone are equal.
    let limit = observed - 1e-12 * differences.reduce(0) { $0 + abs($1) }
    return differences.count <= exactCountLimit
      ? exactP(differences, limit: limit) : drawnP(differences, limit: limit, seed: seed)
  }

  private static func exactP(_ differences: [Double], limit: Double) -> Double {
    guard limit > 0 else { return 1 }
    let middle = differences.count / 2
    let left = sums(differences[..<middle])
    let right = sums(differences[middle...]).sorted()
    let count = left.reduce(0) { count, sum in
      count + right.count - partition(right) { $0 >= limit - sum } + partition(right) { $0 > -limit - sum }
    }
    return Double(count) / (Double(left.count) * Double(right.count))
  }

  /// The index of the first element with a property that all later ones have too.
  private static func partition(_ sorted: [Double], _ property: (Double) -> Bool) -> Int {
    var low = 0
    var high = sorted.count
    while low < high {
      let middle = (low + high) / 2
      if property(sorted[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  private static func sums(_ values: ArraySlice<Double>) -> [Double] {
    values.reduce([0]) { sums, value in sums.map { $0 - value } + sums.map { $0 + value } }
  }

  private static func drawnP(_ differences: [Double], limit: Double, seed: UInt64) -> Double {
    var random = Xoshiro256(seed: seed)
    var count = 1
    for _ in 0..<drawCount {
      var sum = 0.0
      var bits: UInt64 = 0
      for (index, difference) in differences.enumerated() {
        if index % 64 == 0 { bits = random.next() }
        sum += bits & 1 == 0 ? difference : -difference
        bits >>= 1
      }
      if abs(sum) >= limit { count += 1 }
    }
    return Double(count) / Double(drawCount + 1)
  }
}
