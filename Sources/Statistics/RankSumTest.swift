import Glibc

/// Whether two independent groups tend to values of the same size: the test of Mann, Whitney and Wilcoxon, two-sided.
///
/// Small groups are compared with every way to split their values, ties included; larger ones by the normal approximation with
/// corrections for ties and for continuity.
/// Source: H. B. Mann and D. R. Whitney, "On a Test of Whether one of Two Random Variables is Stochastically Larger than the
/// Other", 1947; E. L. Lehmann, "Nonparametrics", 1975, sections 1.4 and 1.A.
public struct RankSumTest: Sendable, Equatable {
  /// How p was found.
  public enum Method: Sendable, Equatable {
    /// By counting all splits.
    case exact
    /// By the normal approximation.
    case normal
  }

  /// U: how often a value of the first group exceeds one of the second, where a tie counts as a half.
  public let statistic: Double
  /// How likely groups without a difference are to lie at least this far apart.
  public let p: Double
  /// How p was found.
  public let method: Method

  /// Groups of together at most so many values are compared exactly: O(n³) steps.
  public static let exactCountLimit = 60

  /// Compares two groups, neither of them empty; `method` nil leaves the choice to `exactCountLimit`.
  public init(_ first: [Double], _ second: [Double], method: Method? = nil) {
    precondition(!first.isEmpty && !second.isEmpty, "a test needs values in both groups")
    let ranks = Ranks(first + second)
    let rankSum = ranks.doubled.prefix(first.count).reduce(0, +)
    let least = first.count * (first.count + 1)
    statistic = Double(rankSum - least) / 2
    self.method = method ?? (first.count + second.count <= Self.exactCountLimit ? .exact : .normal)
    switch self.method {
    case .exact: p = Self.exactP(ranks.doubled, rankSum: rankSum, count: first.count)
    case .normal: p = Self.normalP(ranks, statistic: statistic, first.count, second.count)
    }
  }

  /// Twice the smaller tail of the rank sum over all choices of `count` ranks.
  private static func exactP(_ doubledRanks: [Int], rankSum: Int, count: Int) -> Double {
    let largest = doubledRanks.reduce(0, +)
    // ways[k][s]: in how many ways k of the ranks seen so far have the sum s, as a share of all ways in the end.
    var ways = [[Double]](repeating: [Double](repeating: 0, count: largest + 1), count: count + 1)
    ways[0][0] = 1
    var reach = 0
    for rank in doubledRanks {
      reach += rank
      for chosen in stride(from: count, through: 1, by: -1) {
        for sum in stride(from: reach, through: rank, by: -1) where ways[chosen - 1][sum - rank] != 0 {
          ways[chosen][sum] += ways[chosen - 1][sum - rank]
        }
      }
    }
    let total = ways[count].reduce(0, +)
    let below = ways[count][...rankSum].reduce(0, +)
    let above = ways[count][rankSum...].reduce(0, +)
    return min(1, 2 * min(below, above) / total)
  }

  private static func normalP(_ ranks: Ranks, statistic: Double, _ first: Int, _ second: Int) -> Double {
    let pairs = Double(first) * Double(second)
    let total = Double(first + second)
    let tied = ranks.tieSizes.reduce(0.0) { $0 + Double($1) * (Double($1) * Double($1) - 1) }
    let variance = pairs / 12 * (total + 1 - (total > 1 ? tied / (total * (total - 1)) : 0))
    guard variance > 0 else { return 1 }
    let distance = abs(statistic - pairs / 2) - 0.5
    return min(1, erfc(distance / variance.squareRoot() / 2.0.squareRoot()))
  }
}
