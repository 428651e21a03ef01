import Statistics
import Testing

/// The tables come from SciPy 1.17.1 (`norm.ppf`, `norm.cdf`, `binom.cdf`, `binom.sf`, `median_abs_deviation`).
@Suite struct StatisticsTests {
  @Test func normalQuantilesAgreeWithSciPy() {
    let table: [(Double, Double)] = [
      (1e-300, -37.0470962993612), (1e-12, -7.034483825301131), (1e-06, -4.753424308822899),
      (0.001, -3.090232306167813), (0.01, -2.3263478740408408), (0.024, -1.977368428181947),
      (0.025, -1.9599639845400545), (0.1, -1.2815515655446004), (0.3, -0.5244005127080409), (0.5, 0),
      (0.7, 0.5244005127080407), (0.9, 1.2815515655446004), (0.975, 1.959963984540054), (0.99, 2.3263478740408408),
      (0.9999, 3.719016485455709), (0.999999999, 5.997807019601637),
    ]
    for (probability, quantile) in table {
      let found = NormalDistribution.quantile(probability)
      #expect(abs(found - quantile) <= 1e-13 * max(1, abs(quantile)), "\(probability): \(found)")
    }
    #expect(NormalDistribution.quantile(0) == -.infinity)
    #expect(NormalDistribution.quantile(1) == .infinity)
  }

  @Test func normalProbabilitiesAgreeWithSciPy() {
    let table: [(Double, Double)] = [
      (-10, 7.61985302416047e-24), (-3, 0.0013498980316300933), (-1, 0.15865525393145707), (-0.5, 0.3085375387259869),
      (0, 0.5), (0.5, 0.6914624612740131), (1, 0.8413447460685429), (2, 0.9772498680518208), (5, 0.9999997133484281),
    ]
    for (x, probability) in table {
      #expect(abs(NormalDistribution.cumulative(x) - probability) <= 1e-13 * probability, "\(x)")
    }
  }

  @Test func sampleFiguresAgreeWithSciPy() throws {
    let sample = [12.5, 3.25, 8.0, 8.0, 100.0, 7.75, 9.125]
    let close = { (a: Double?, b: Double) in abs(a! - b) <= 1e-14 * abs(b) }
    #expect(close(SampleStatistics.mean(sample), 21.232142857142858))
    #expect(SampleStatistics.median(sample) == 8)
    #expect(close(SampleStatistics.standardDeviation(sample), 34.838947058469735))
    #expect(close(SampleStatistics.coefficientOfVariation(sample), 1.640858734461148))
    #expect(SampleStatistics.medianAbsoluteDeviation(sample) == 1.125)
    let shifted = [1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16]
    #expect(SampleStatistics.median(shifted) == 1_000_000_010)
    #expect(close(SampleStatistics.standardDeviation(shifted), 5.477225575051661))
    #expect(SampleStatistics.medianAbsoluteDeviation(shifted) == 4.5)
  }

  @Test func samplesThatAreTooSmallHaveNoFigures() {
    #expect(SampleStatistics.mean([]) == nil)
    #expect(SampleStatistics.median([]) == nil)
    #expect(SampleStatistics.medianAbsoluteDeviation([]) == nil)
    #expect(SampleStatistics.standardDeviation([1]) == nil)
    #expect(SampleStatistics.coefficientOfVariation([1, -1]) == nil)
    #expect(SampleStatistics.median([3]) == 3)
  }

  struct Ranks: Sendable {
    let count: Int
    let percentile: Double
    let confidence: Double
    let expected: (low: Int, high: Int)?
  }

  static let exactRanks = [
    Ranks(count: 5, percentile: 50, confidence: 0.95, expected: nil),
    Ranks(count: 6, percentile: 50, confidence: 0.95, expected: (1, 6)),
    Ranks(count: 10, percentile: 50, confidence: 0.95, expected: (2, 9)),
    Ranks(count: 10, percentile: 50, confidence: 0.99, expected: (1, 10)),
    Ranks(count: 20, percentile: 50, confidence: 0.95, expected: (6, 15)),
    Ranks(count: 100, percentile: 50, confidence: 0.95, expected: (40, 61)),
    Ranks(count: 100, percentile: 90, confidence: 0.95, expected: (84, 96)),
    Ranks(count: 100, percentile: 99, confidence: 0.95, expected: nil),
    Ranks(count: 368, percentile: 99, confidence: 0.95, expected: (360, 368)),
    Ranks(count: 1000, percentile: 99, confidence: 0.95, expected: (983, 997)),
    Ranks(count: 1000, percentile: 99.9, confidence: 0.95, expected: nil),
    Ranks(count: 10_000, percentile: 99.9, confidence: 0.95, expected: (9983, 9997)),
    Ranks(count: 10_000, percentile: 1, confidence: 0.95, expected: (81, 121)),
    Ranks(count: 100_000, percentile: 99.99, confidence: 0.95, expected: (99_983, 99_997)),
    Ranks(count: 1_000_000, percentile: 99, confidence: 0.95, expected: (989_805, 990_196)),
    Ranks(count: 1_000_000, percentile: 99.9, confidence: 0.99, expected: (998_918, 999_081)),
    Ranks(count: 1_000_000, percentile: 99.999, confidence: 0.95, expected: (999_983, 999_997)),
  ]

  @Test(arguments: exactRanks) func ranksAgreeWithSciPy(ranks: Ranks) {
    let found = PercentileInterval.orderStatistic(
      count: ranks.count, percentile: ranks.percentile, confidence: ranks.confidence)
    #expect(found?.lowRank == ranks.expected?.low)
    #expect(found?.highRank == ranks.expected?.high)
  }

  static let approximatedRanks = [
    Ranks(count: 100_000, percentile: 50, confidence: 0.95, expected: (49_690, 50_311)),
    Ranks(count: 10_000_000, percentile: 50, confidence: 0.95, expected: (4_996_901, 5_003_100)),
    Ranks(count: 10_000_000, percentile: 99, confidence: 0.95, expected: (9_899_383, 9_900_617)),
    Ranks(count: 1_000_000_000, percentile: 90, confidence: 0.95, expected: (899_981_406, 900_018_594)),
    Ranks(count: 1_000_000_000, percentile: 99.99, confidence: 0.95, expected: (999_899_380, 999_900_620)),
  ]

  @Test(arguments: approximatedRanks) func ranksOfLargeSamplesAreWithinOne(ranks: Ranks) throws {
    let found = try #require(
      PercentileInterval.orderStatistic(
        count: ranks.count, percentile: ranks.percentile, confidence: ranks.confidence))
    #expect(abs(found.lowRank - ranks.expected!.low) <= 1, "\(found)")
    #expect(abs(found.highRank - ranks.expected!.high) <= 1, "\(found)")
  }

  @Test func theEndsOfTheScaleHaveNoInterval() {
    for percentile in [0, 100, -1, 101] as [Double] {
      #expect(PercentileInterval.orderStatistic(count: 1000, percentile: percentile) == nil)
    }
    #expect(PercentileInterval.orderStatistic(count: 0, percentile: 50) == nil)
  }

  @Test func aPercentileNeedsTenValuesAboveIt() {
    let limits: [(Double, Int)] = [(50, 20), (90, 100), (99, 1000), (99.9, 10_000), (99.99, 100_000)]
    for (percentile, count) in limits {
      #expect(PercentileInterval.isSupported(count: count, percentile: percentile), "p\(percentile)")
      #expect(!PercentileInterval.isSupported(count: count - 1, percentile: percentile), "p\(percentile)")
    }
    #expect(!PercentileInterval.isSupported(count: .max, percentile: 100))
  }
}
