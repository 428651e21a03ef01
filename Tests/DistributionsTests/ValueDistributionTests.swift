import Statistics
import Testing

@testable import Distributions

@Suite struct ValueDistributionTests {
  static let all: [ValueDistribution] = [
    .fixed(5), .exponential(mean: 20_000), .lognormal(p50: 128, p99: 2_048), .uniform(100...199),
    .cycle([5_000_000, 100_000]), .recorded([1, 2, 3, 5]), .chosen([(100, 0.9), (5_000, 0.1)]),
  ]

  private func sample(_ distribution: ValueDistribution, count: UInt64 = 10_000, seed: UInt64 = 1) -> [Double] {
    (0..<4 as Range<UInt64>).flatMap { producer in
      (0..<count / 4).map { Double(distribution.value(seed: seed, producer: producer, sequence: $0)) }
    }
  }

  @Test(arguments: all) func valuesDependOnNothingButTheMessage(distribution: ValueDistribution) {
    let values = sample(distribution)
    #expect(values == sample(distribution))
    #expect(values.allSatisfy { (distribution.lowest...distribution.highest).contains(Int64($0)) })
    let other = sample(distribution, seed: 2)
    #expect((values != other) == !(distribution.isFixed || distribution == .cycle([5_000_000, 100_000])))
    let mean = values.reduce(0, +) / Double(values.count)
    #expect(abs(mean - distribution.mean) < 0.1 * distribution.mean, "\(mean), \(distribution.mean)")
  }

  @Test(arguments: all) func anotherProcessDrawsTheSameFromTheWords(distribution: ValueDistribution) {
    let again = ValueDistribution(words: distribution.words)
    #expect(again == distribution)
    #expect(again.map { sample($0) } == sample(distribution))
    // No part of the words is a distribution, and what is behind them is not overlooked.
    for count in distribution.words.indices {
      #expect(ValueDistribution(words: Array(distribution.words.prefix(count))) == nil)
    }
    #expect(ValueDistribution(words: distribution.words + [0]) == nil)
  }

  @Test func exponentialValuesAreExponential() {
    let values = sample(.exponential(mean: 20_000))
    #expect(KolmogorovSmirnov(values, exponentialMean: 20_000).p > 0.001)
    #expect(Set(values).count > 7000)
  }

  @Test func logarithmsOfLognormalValuesAreNormal() {
    let values = sample(.lognormal(p50: 1e6, p99: 1e8))
    let deviation = (NaturalLogarithm.of(1e8) - NaturalLogarithm.of(1e6)) / NormalDistribution.quantile(0.99)
    let test = KolmogorovSmirnov(values) { value in
      NormalDistribution.cumulative((NaturalLogarithm.of(value) - NaturalLogarithm.of(1e6)) / deviation)
    }
    #expect(test.p > 0.001, "\(test)")
    #expect(abs(Double(values.count { $0 <= 1e8 }) / 10_000 - 0.99) < 0.004)
  }

  @Test func uniformValuesAreEquallyLikely() {
    let counts = Dictionary(grouping: sample(.uniform(100...199), count: 100_000), by: \.self).mapValues(\.count)
    #expect(counts.count == 100)
    // Chi squared of 99 degrees of freedom: 148.2 is exceeded once in a thousand times.
    #expect(counts.values.reduce(0.0) { $0 + Double(($1 - 1_000) * ($1 - 1_000)) / 1_000 } < 148.2)
    _ = ValueDistribution.uniform(.min ... .max).value(seed: 1, producer: 1, sequence: 1)
  }

  @Test func aCycleGoesRoundForEachProducer() {
    let cycle = ValueDistribution.cycle([7, 8, 9])
    for producer in 0..<3 as Range<UInt64> {
      #expect((0..<7).map { cycle.value(seed: 1, producer: producer, sequence: $0) } == [7, 8, 9, 7, 8, 9, 7])
    }
    #expect(cycle.mean == 8)
  }

  @Test func sharesAreKept() {
    let values = sample(.chosen([(1, 0.9), (2, 0.09), (3, 0.01), (4, 0)]), count: 100_000)
    let shares = (1...4).map { value in Double(values.count { $0 == Double(value) }) / 100_000 }
    for (share, expected) in zip(shares, [0.9, 0.09, 0.01, 0]) {
      #expect(abs(share - expected) <= 4 * (expected * (1 - expected) / 100_000).squareRoot(), "\(shares)")
    }
    #expect(abs(ValueDistribution.chosen([(100, 90), (5_000, 10)]).mean - 590) < 1e-9)
  }

  @Test func recordedValuesAreEquallyLikely() {
    let values = sample(.recorded([10, 20, 20, 40]), count: 40_000)
    #expect(abs(values.count { $0 == 20 } - 20_000) < 400)
    #expect(abs(values.count { $0 == 40 } - 10_000) < 400)
  }

  @Test func valuesBeyondTheBoundsAreTheBounds() {
    let sizes = sample(.lognormal(p50: 64, p99: 100_000, within: 32...4_096))
    #expect(sizes.min() == 32 && sizes.max() == 4_096)
    let times = sample(.exponential(mean: 1e30, within: 0...1_000))
    #expect(times.allSatisfy { $0 == 1_000 })
  }

  @Test func oneValueIsFixed() {
    for distribution in [ValueDistribution.fixed(9), .uniform(9...9), .cycle([9, 9]), .chosen([(9, 1)])] {
      #expect(distribution.isFixed)
      #expect(distribution.value(seed: 1, producer: 2, sequence: 3) == 9)
    }
    #expect(ValueDistribution.fixed(0).isZero)
    #expect(!ValueDistribution.cycle([0, 1]).isZero)
    #expect(!ValueDistribution.cycle([0, 1]).isFixed)
  }

  @Test func theSizeOfAMessageSaysNothingAboutItsWork() {
    let sizes = MessageBits.seed(1, for: .size)
    #expect(sizes != 1 && sizes != MessageBits.seed(1, for: .key))
    let uniform = ValueDistribution.uniform(0...1_000)
    let pairs = (0..<10_000 as Range<UInt64>).map {
      (
        Double(uniform.value(seed: 1, producer: 0, sequence: $0)),
        Double(uniform.value(seed: sizes, producer: 0, sequence: $0))
      )
    }
    let covariance = pairs.reduce(0) { $0 + ($1.0 - 500) * ($1.1 - 500) } / 10_000
    // The variance of each is 83,500; of a correlation by chance, a hundredth of it.
    #expect(abs(covariance) < 4 * 835)
  }

  @Test(arguments: [0.5, 1, 1.1, 2])
  func zipfKeysHaveTheSharesOfTheLaw(exponent: Double) {
    let keys = KeyDistribution.zipf(exponent: exponent, count: 50)
    var counts = [Int](repeating: 0, count: 50)
    for number in 0..<200_000 as Range<UInt64> { counts[keys.index(seed: 3, producer: 1, number: number)] += 1 }
    let weights = (1...50).map { NaturalLogarithm.power(Double($0), -exponent) }
    let sum = weights.reduce(0, +)
    let chiSquared = zip(counts, weights).reduce(0.0) { total, pair in
      let expected = 200_000 * pair.1 / sum
      return total + (Double(pair.0) - expected) * (Double(pair.0) - expected) / expected
    }
    // 49 degrees of freedom: 85.4 is exceeded once in a thousand times.
    #expect(chiSquared < 85.4, "exponent \(exponent)")
  }

  @Test func uniformKeysAreEquallyLikely() {
    let keys = KeyDistribution.uniform(count: 10)
    var counts = [Int](repeating: 0, count: 10)
    for number in 0..<100_000 as Range<UInt64> { counts[keys.index(seed: 3, producer: 0, number: number)] += 1 }
    // Nine degrees of freedom: 27.9 is exceeded once in a thousand times.
    #expect(counts.reduce(0.0) { $0 + Double(($1 - 10_000) * ($1 - 10_000)) / 10_000 } < 27.9)
  }

  /// Whatever the weights, the table holds exactly their shares.
  @Test(arguments: 1...30 as ClosedRange<UInt64>)
  func aliasTablesHoldTheShares(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let count = Int.random(in: 1...60, using: &random)
    var weights = (0..<count).map { _ in Bool.random(using: &random) ? 0 : Double.random(in: 0...1, using: &random) }
    weights[0] = 1e-9
    let sum = weights.reduce(0, +)
    for (share, weight) in zip(AliasTable(weights: weights).probabilities, weights) {
      #expect(abs(share - weight / sum) < 1e-12, "seed \(seed)")
    }
  }
}

/// By another way than the code's: the integral of 1/x, and Newton's method for its inverse.
enum NaturalLogarithm {
  static func of(_ x: Double) -> Double {
    // x = m 2^e; ln m by the series of the inverse hyperbolic tangent.
    let t = (x.significand - 1) / (x.significand + 1)
    var sum = 0.0
    for index in 0..<60 { sum += integerPower(t, 2 * index + 1) / Double(2 * index + 1) }
    return 2 * sum + Double(x.exponent) * 0.6931471805599453
  }

  static func power(_ x: Double, _ exponent: Double) -> Double {
    var sum = 1.0
    var term = 1.0
    for index in 1..<200 {
      term *= of(x) * exponent / Double(index)
      sum += term
    }
    return sum
  }

  private static func integerPower(_ x: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { result, _ in result * x }
  }
}
