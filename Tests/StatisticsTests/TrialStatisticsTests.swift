import Distributions
import Statistics
import Testing

/// What a handful of trials says: intervals of medians, outliers, and what could have been seen at all.
@Suite struct TrialStatisticsTests {
  @Test func tooFewValuesHaveNoInterval() {
    #expect(AcceleratedBootstrap.median(of: []) == nil)
    #expect(AcceleratedBootstrap.median(of: [1, 2, 3, 4, 5]) == nil)
    #expect(AcceleratedBootstrap.median(of: [1, 2, 3, 4, 5, 6]) != nil)
  }

  @Test func anIntervalEnclosesTheMedianAndLiesInTheSample() throws {
    for count in 6...40 {
      var random = SplitMix64(seed: UInt64(count))
      let values = (0..<count).map { _ in Double.random(in: 0..<100, using: &random) }
      let interval = try #require(AcceleratedBootstrap.median(of: values, seed: 7))
      let median = try #require(SampleStatistics.median(values))
      #expect(interval.low <= median && median <= interval.high, "\(count) values")
      #expect(values.min()! <= interval.low && interval.high <= values.max()!)
      let shifted = try #require(AcceleratedBootstrap.median(of: values.reversed().map { $0 * 2 }, seed: 7))
      #expect(shifted.low == interval.low * 2 && shifted.high == interval.high * 2, "neither order nor scale matters")
    }
  }

  /// 95 % of the intervals of normal samples should hold the true median; medians of few
  /// values are discrete, so that it is a little more or less.
  @Test func coversTheTrueMedianAboutAsOftenAsItSays() throws {
    var random = Xoshiro256(seed: 11)
    var covered = 0
    for round in 0..<1_000 {
      let values = (0..<15).map { _ in
        NormalDistribution.quantile(Double.random(in: 1e-9..<1, using: &random))
      }
      let interval = try #require(AcceleratedBootstrap.median(of: values, resamples: 400, seed: UInt64(round)))
      if interval.low <= 0, 0 <= interval.high { covered += 1 }
    }
    #expect((910...985).contains(covered), "\(covered) of 1000")
  }

  @Test func equalValuesHaveAnIntervalOfNoWidth() throws {
    let interval = try #require(AcceleratedBootstrap.median(of: Array(repeating: 3, count: 10)))
    #expect(interval.low == 3 && interval.high == 3)
    let fences = try #require(TukeyFences(of: Array(repeating: 3, count: 10)))
    #expect(fences.outliers(in: [3, 3, 3.1]) == (0, 1))
  }

  /// Quartiles of 1...9 are 3 and 7 (type 7): fences at -3 and 13, and at -9 and 19.
  @Test func outliersAreMildOrSevere() throws {
    let fences = try #require(TukeyFences(of: (1...9).map(Double.init)))
    #expect(fences.inner == -3...13)
    #expect(fences.outer == -9...19)
    #expect(fences.outliers(in: [-9.5, -9, -3, 0, 13, 13.5, 19, 20]) == (3, 2))
    #expect(TukeyFences(of: [1, 2, 3]) == nil)
  }

  /// By hand: a variation of 11.6 % and 10 trials, at 5 % and a power of 80 %. The textbook's normal quantiles say 14.5 %; that the
  /// spread is estimated from 20 values and that ranks are compared makes it 15.7 %. A simulation beside the
  /// comparisons shows that the tests keep it.
  @Test func theDetectableEffectFollowsTheFormula() throws {
    let effect = try #require(DetectableEffect.minimal(variation: 0.116, count: 10, alpha: 0.05, power: 0.8))
    #expect(abs(effect - 0.1573) < 0.0002)
    #expect(DetectableEffect.minimal(variation: 0.1, count: 1, alpha: 0.05) == nil)
    #expect(DetectableEffect.minimal(variation: 0, count: 5, alpha: 0.05) == 0)
    #expect(DetectableEffect.minimal(variation: .nan, count: 5, alpha: 0.05) == nil)
    #expect(DetectableEffect.minimal(variation: 0, count: 4, alpha: 0.01) == nil, "4 against 4 reach 2 / 70")
    #expect(DetectableEffect.minimalPaired(deviation: 0, count: 7, alpha: 0.01) == nil, "7 pairs reach 1 / 64")
    #expect(DetectableEffect.minimalPaired(deviation: 0, count: 8, alpha: 0.01) == 0)
    // 1 - alpha / 2 is 1 in a double, which used to end the program.
    let rare = try #require(DetectableEffect.minimal(variation: 0.1, count: 40, alpha: 1e-17))
    let common = try #require(DetectableEffect.minimal(variation: 0.1, count: 40, alpha: 0.01))
    #expect(rare > common && rare < 1)
  }

  /// 6 pairs reach 0.031 and 8 reach 0.0078; 5 against 5 reach 2 / 252.
  @Test func theSmallestPFollowsFromTheNumberOfTrials() {
    #expect(DetectableEffect.smallestPairedP(pairs: 6) == 0.03125)
    #expect(DetectableEffect.smallestPairedP(pairs: 8) == 0.0078125)
    #expect(DetectableEffect.smallestPairedP(pairs: 0) == 1)
    #expect(abs(DetectableEffect.smallestUnpairedP(5, 5) - 2.0 / 252) < 1e-12)
    #expect(DetectableEffect.smallestUnpairedP(0, 5) == 1)
    #expect(DetectableEffect.leastCount(alpha: 0.01, isPaired: true) == 8)
    #expect(DetectableEffect.leastCount(alpha: 0.01, isPaired: false) == 5)
    // Three against three reach 0.1 itself, which is not below it; `plan` used to be content with them.
    #expect(DetectableEffect.leastCount(alpha: 0.1, isPaired: false) == 4)
    #expect(DetectableEffect.leastCount(alpha: 0.125, isPaired: true) == 5)
  }
}
