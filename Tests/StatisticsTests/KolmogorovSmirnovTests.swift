import Testing

@testable import Statistics

/// The figures come from SciPy 1.17.1: `kstwobign.sf`, `kstwo.sf`, `kstest`.
@Suite struct KolmogorovSmirnovTests {
  @Test func theLimitDistributionAgreesWithSciPy() {
    let table: [(Double, Double)] = [
      (0.3, 0.9999906941986655), (0.5, 0.9639452436648751), (0.8, 0.5441424115741981), (1, 0.26999967167735456),
      (1.18, 0.1234538094297657), (1.5, 0.022217962616525127), (2, 0.0006709252557796953),
      (2.7, 9.311431431566156e-07), (3.5, 4.579469691291106e-11),
    ]
    for (x, probability) in table {
      let found = KolmogorovSmirnov.survival(x)
      #expect(abs(found - probability) <= 1e-12 * max(probability, 1e-3), "\(x): \(found)")
    }
    #expect(KolmogorovSmirnov.survival(0) == 1)
    #expect(KolmogorovSmirnov.survival(0.01) == 1)
    #expect(KolmogorovSmirnov.survival(40) == 0)
  }

  @Test func probabilitiesOfSmallSamplesAreCloseToTheExactOnes() {
    let table: [(Int, Double, Double)] = [
      (20, 0.2, 0.352720173623415), (20, 0.35, 0.01075496344438931), (50, 0.1, 0.6623112704658186),
      (100, 0.15, 0.019839242125641813), (1000, 0.03, 0.3226902143914636), (1000, 0.05, 0.013012074781090332),
      (4096, 0.042, 1.0253863570417089e-06),
    ]
    for (count, statistic, probability) in table {
      let found = KolmogorovSmirnov.p(statistic: statistic, count: count)
      let tolerance = probability < 0.05 ? probability / 8 : 0.02
      #expect(abs(found - probability) < tolerance, "\(count), \(statistic): \(found)")
    }
    #expect(KolmogorovSmirnov.p(statistic: 0.042, count: 4096) < 1.2e-6)
    #expect(KolmogorovSmirnov.p(statistic: 0, count: 100) == 1)
    #expect(KolmogorovSmirnov.p(statistic: 1, count: 0) == 1)
  }

  @Test func theStatisticIsThatOfSciPy() {
    let sample = [0.1, 0.35, 0.42, 0.77, 1.2, 1.31, 2.05, 3.3, 0.02, 0.58]
    let found = KolmogorovSmirnov(sample, exponentialMean: 1)
    #expect(abs(found.statistic - 0.10483741803595957) < 1e-15)
    #expect(found.count == 10)
    #expect(abs(found.p - 0.9991942438003558) < 0.02)
    #expect(KolmogorovSmirnov([], exponentialMean: 1).statistic == 0)
  }

  @Test func aSampleOfAnotherDistributionIsFarAway() {
    let evenlySpaced = [Double](repeating: 1, count: 1000)
    #expect(KolmogorovSmirnov(evenlySpaced, exponentialMean: 1).p < 1e-100)
    let grid = (0..<1000).map { (Double($0) + 0.5) / 1000 }
    #expect(KolmogorovSmirnov(grid) { min(1, max(0, $0)) }.statistic < 0.000_500_1)
    #expect(KolmogorovSmirnov(grid) { min(1, max(0, $0)) }.p == 1)
    #expect(KolmogorovSmirnov(grid.map { $0 * 2 }, exponentialMean: 2).p < 1e-6)
  }
}
