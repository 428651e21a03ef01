import Distributions
import Glibc
import Statistics
import Testing

/// Whether two variants differ, and what is said when nobody can know.
@Suite struct ComparisonStatisticsTests {
  private static func normal(_ count: Int, mean: Double, deviation: Double, seed: UInt64) -> [Double] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { _ in
      mean + deviation * NormalDistribution.quantile(UnitInterval.openAbove(random.next()))
    }
  }

  @Test func groupsWithoutDifferenceAreRarelyCalledDifferent() {
    var alarms = 0
    for seed in 0..<400 as Range<UInt64> {
      let one = Self.normal(10, mean: 100, deviation: 5, seed: 2 * seed)
      let other = Self.normal(10, mean: 100, deviation: 5, seed: 2 * seed + 1)
      if RankSumTest(one, other).p < 0.05 { alarms += 1 }
    }
    // 400 tries at 5 %: 20 expected, and 33 is three standard deviations more.
    #expect((7...33).contains(alarms), "\(alarms) of 400")
  }

  @Test func theSmallestPossiblePIsTheOneThatPlansAreWarnedAbout() {
    for count in 1...8 {
      let low = (0..<count).map(Double.init)
      let high = low.map { $0 + 100 }
      #expect(abs(RankSumTest(low, high).p - DetectableEffect.smallestUnpairedP(count, count)) < 1e-12)
      #expect(abs(SignFlipTest.p(high) - DetectableEffect.smallestPairedP(pairs: count)) < 1e-12)
    }
  }

  @Test func equalValuesDifferInNothing() {
    #expect(RankSumTest([1, 1, 1], [1, 1]).p == 1)
    #expect(RankSumTest([1, 1, 1], [1, 1], method: .normal).p == 1)
    #expect(SignFlipTest.p([0, 0, 0]) == 1)
    #expect(SignFlipTest.p([]) == 1)
  }

  @Test func swappingTheSidesChangesNoP() {
    for seed in 1...20 as ClosedRange<UInt64> {
      let one = Self.normal(7, mean: 1, deviation: 1, seed: seed).map { ($0 * 4).rounded() }
      let other = Self.normal(9, mean: 1.5, deviation: 1, seed: seed + 100).map { ($0 * 4).rounded() }
      #expect(abs(RankSumTest(one, other).p - RankSumTest(other, one).p) < 1e-12, "seed \(seed)")
      #expect(abs(SignFlipTest.p(one) - SignFlipTest.p(one.map { -$0 })) < 1e-12, "seed \(seed)")
    }
  }

  /// The same question answered by counting and by drawing.
  @Test func drawnSignsAgreeWithCountedOnes() {
    let values = Self.normal(SignFlipTest.exactCountLimit, mean: 0.3, deviation: 1, seed: 5)
    let counted = SignFlipTest.p(values)
    let drawn = SignFlipTest.p(values + [0])
    #expect(abs(counted - drawn) < 0.01, "\(counted) counted, \(drawn) drawn")
  }

  @Test func correctedPsNeverGetSmallerAndKeepTheirOrder() {
    var random = SplitMix64(seed: 3)
    for count in 0...20 {
      let p = (0..<count).map { _ in Double.random(in: 0...1, using: &random) }
      for adjusted in [MultipleTesting.holm(p), MultipleTesting.benjaminiHochberg(p)] {
        #expect(zip(adjusted, p).allSatisfy { $0 >= $1 && $0 <= 1 })
        let order = p.indices.sorted { p[$0] < p[$1] }
        #expect(zip(order, order.dropFirst()).allSatisfy { adjusted[$0] <= adjusted[$1] })
      }
    }
  }

  @Test func intervalsCoverTheTruthAsOftenAsTheySay() {
    let truths: [(name: String, median: Double, draw: (Double) -> Double)] = [
      ("normal", 100, { 100 + 10 * NormalDistribution.quantile($0) }),
      ("exponential", 0.6931471805599453, { UnitInterval.exponential(UInt64($0 * 0x1p53) << 11) }),
    ]
    for (name, median, draw) in truths {
      var random = SplitMix64(seed: 11)
      var hits = 0
      var ratioHits = 0
      let tries = 600
      for index in 0..<tries {
        let samples = (0..<2).map { _ in (0..<10).map { _ in draw(UnitInterval.openAbove(random.next())) } }
        let seed = UInt64(index)
        if let interval = AcceleratedBootstrap.median(of: samples[0], resamples: 400, seed: seed),
          (interval.low...interval.high).contains(median)
        {
          hits += 1
        }
        if let interval = AcceleratedBootstrap.ratioOfMedians(
          candidate: samples[0], baseline: samples[1], resamples: 400, seed: seed),
          (interval.low...interval.high).contains(1)
        {
          ratioHits += 1
        }
      }
      for share in [Double(hits) / Double(tries), Double(ratioHits) / Double(tries)] {
        #expect((0.93...0.97).contains(share), "\(name): \(share)")
      }
    }
  }

  /// Of samples whose spread is known, so that only the formula is tried: 250 each, 95 % and four deviations of chance below it.
  /// With 8 pairs only those of one sign are significant at 1 %, with 5 against 5 only groups that lie apart at 0.8 %.
  @Test(arguments: [(5, 0.1), (5, 0.009), (6, 0.05), (8, 0.01), (9, 0.01), (10, 0.01)])
  func aDifferenceAsLargeAsTheDetectableOneIsFoundByTheTests(count: Int, alpha: Double) throws {
    let (deviation, tries) = (0.02, 250)
    let paired = DetectableEffect.minimalPaired(deviation: deviation, count: count, alpha: alpha).map { log1p($0) }
    let unpaired = try #require(DetectableEffect.minimal(variation: deviation, count: count, alpha: alpha))
    #expect((paired == nil) == (DetectableEffect.smallestPairedP(pairs: count) >= alpha))
    var (foundPairs, foundGroups) = (0, 0)
    for seed in 0..<UInt64(tries) {
      let one = Self.normal(count, mean: 0, deviation: deviation, seed: 2 * seed)
      let other = Self.normal(count, mean: 0, deviation: deviation, seed: 2 * seed + 1)
      if paired == nil || SignFlipTest.p(one.map { $0 + (paired ?? 0) }) < alpha { foundPairs += 1 }
      if RankSumTest(one.map { 1 + $0 + unpaired }, other.map { 1 + $0 }).p < alpha { foundGroups += 1 }
    }
    for (name, found) in [("pairs", foundPairs), ("groups", foundGroups)] {
      #expect(Double(found) / Double(tries) > 0.95 - 4 * 0.014, "\(found) of \(tries) \(name)")
    }
  }

  @Test func aRealDifferenceIsWorseOrBetterByItsDirection() {
    let baseline = Self.normal(10, mean: 100, deviation: 1, seed: 1)
    let slower = Self.normal(10, mean: 110, deviation: 1, seed: 2)
    let cases: [(VariantComparison.Direction, VariantComparison.Verdict)] = [
      (.lowerIsBetter, .worse), (.higherIsBetter, .better),
    ]
    for (direction, verdict) in cases {
      let comparison = VariantComparison(candidate: slower, baseline: baseline, direction: direction)
      #expect(comparison.verdict(adjustedP: comparison.p, alpha: 0.01, tolerance: 0.05) == verdict)
      #expect(comparison.isWorse(byMoreThan: 0.05) == (verdict == .worse))
      #expect(!comparison.isWorse(byMoreThan: 0.2))
      #expect(abs(comparison.ratio - 1.1) < 0.02)
      #expect(comparison.detectableShare(alpha: 0.01).map { $0 < 0.05 } == true)
      let pairs = VariantComparison(pairs: slower, baseline, direction: direction)
      #expect(pairs.verdict(adjustedP: pairs.p, alpha: 0.01, tolerance: 0.05) == verdict)
      #expect(pairs.test == .signFlip)
    }
  }

  /// Eleven pairs a little faster and nine twice as slow: the test sees slower ones, the median faster ones.
  @Test func whatTestAndMedianSeeInDifferentDirectionsIsInconclusive() {
    let baseline = [Double](repeating: 1, count: 20)
    let candidate = [Double](repeating: 0.999, count: 11) + [Double](repeating: 2, count: 9)
    let comparison = VariantComparison(pairs: candidate, baseline, direction: .lowerIsBetter)
    #expect(comparison.p < 0.01 && comparison.ratio < 1)
    #expect(comparison.verdict(adjustedP: comparison.p, alpha: 0.01, tolerance: 0.05) == .inconclusive)
  }

  /// The same share in either direction: 5 % less throughput is allowed where 5 % are.
  @Test func whatIsAllowedEndsWhereTheSameEnds() {
    for (candidate, isWorse) in [(95.1, false), (94.9, true)] {
      let comparison = VariantComparison(exact: candidate, 100, direction: .higherIsBetter)
      #expect(comparison.isWorse(byMoreThan: 0.05) == isWorse)
    }
  }

  @Test func noiseWiderThanWhatIsAllowedIsInconclusiveAndQuietTrialsAreTheSame() {
    for (deviation, verdict) in [(30.0, VariantComparison.Verdict.inconclusive), (0.5, .same)] {
      let one = Self.normal(10, mean: 100, deviation: deviation, seed: 3)
      let other = Self.normal(10, mean: 100, deviation: deviation, seed: 4)
      let comparison = VariantComparison(candidate: one, baseline: other, direction: .lowerIsBetter)
      #expect(comparison.verdict(adjustedP: comparison.p, alpha: 0.01, tolerance: 0.05) == verdict)
    }
    let few = VariantComparison(candidate: [1, 2], baseline: [1, 2], direction: .lowerIsBetter)
    #expect(few.interval == nil)
    #expect(few.verdict(adjustedP: few.p, alpha: 0.01, tolerance: 0.05) == .inconclusive, "too few trials to know")
  }

  @Test func figuresWithoutNoiseDifferByTheSmallestDifference() {
    let more = VariantComparison(exact: 0.001, 0, direction: .lowerIsBetter)
    #expect(more.verdict(adjustedP: more.p, alpha: 0.01, tolerance: 0.05) == .worse)
    #expect(more.ratio == .infinity)
    let equal = VariantComparison(exact: 0, 0, direction: .lowerIsBetter)
    #expect(equal.verdict(adjustedP: equal.p, alpha: 0.01, tolerance: 0.05) == .same)
  }

  @Test func aSeriesThatDependsOnItselfKnowsItsMedianLess() throws {
    var level = 0.0
    let noise = Self.normal(200, mean: 0, deviation: 1, seed: 9)
    let dependent = TimeSeries(
      noise.map {
        level = 0.9 * level + $0
        return level
      })
    let independent = TimeSeries(noise)
    #expect(dependent.isAutocorrelated && !independent.isAutocorrelated)
    #expect(independent.isStationary)
    #expect(!TimeSeries((0..<50).map(Double.init)).isStationary)
    let blocks = try #require(dependent.medianInterval())
    let single = try #require(dependent.medianInterval(blockLength: 1))
    #expect(blocks.upperBound - blocks.lowerBound > 1.5 * (single.upperBound - single.lowerBound))
  }

  @Test func theWarmUpEndsWhereTheLineIsFlat() {
    let rising = (0..<20).map { 100 * (1 - 1 / Double($0 + 1)) }
    let flat = [Double](repeating: 100, count: 12)
    let rule = SteadyState(length: 8, limit: 0.02)
    let start = rule.start(of: [rising + flat])
    #expect(start.map { (12...20).contains($0) } == true, "\(String(describing: start))")
    #expect(rule.start(of: [flat]) == 0)
    #expect(rule.start(of: [rising]) == nil)
    #expect(rule.start(of: [rising + flat, flat + rising]) == nil, "one of both always moves")
    #expect(rule.start(of: [[1, 1]]) == nil, "shorter than a window")
    #expect(abs(SteadyState.relativeChange([9, 10, 11]) - 0.2) < 1e-12)
  }
}
