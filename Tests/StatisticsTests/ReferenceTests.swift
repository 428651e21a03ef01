import Distributions
import Statistics
import Testing

/// The tests and quantiles agree with SciPy and statsmodels to nine digits.
@Suite struct ReferenceTests {
  private func agrees(_ value: Double, _ reference: Double) -> Bool {
    abs(value - reference) <= 1e-9 * max(1, abs(reference))
  }

  @Test func rankSums() {
    for reference in ReferenceValues.rankSums {
      let normal = RankSumTest(reference.first, reference.second, method: .normal)
      #expect(agrees(normal.statistic, reference.statistic))
      #expect(agrees(normal.p, reference.normal), "\(reference.first.count) and \(reference.second.count) values")
      if let exact = reference.exact {
        let test = RankSumTest(reference.first, reference.second)
        #expect(test.method == .exact)
        #expect(agrees(test.p, exact), "\(reference.first.count) and \(reference.second.count) values")
      }
    }
  }

  @Test func signFlips() {
    for reference in ReferenceValues.signFlips {
      #expect(agrees(SignFlipTest.p(reference.differences), reference.p), "\(reference.differences.count) pairs")
    }
  }

  @Test func corrections() {
    for reference in ReferenceValues.corrections {
      #expect(zip(MultipleTesting.holm(reference.p), reference.holm).allSatisfy(agrees))
      #expect(zip(MultipleTesting.benjaminiHochberg(reference.p), reference.benjaminiHochberg).allSatisfy(agrees))
    }
  }

  @Test func timeSeries() {
    for reference in ReferenceValues.series {
      let series = TimeSeries(reference.values)
      for (index, expected) in reference.autocorrelations.enumerated() {
        #expect(agrees(series.autocorrelation(lag: index + 1), expected))
      }
      #expect(agrees(series.levelStatistic, reference.level))
    }
  }

  @Test func quantiles() {
    for reference in ReferenceValues.quantiles {
      for (share, expected) in zip(reference.shares, reference.quantiles) {
        #expect(agrees(SampleStatistics.quantile(share, ofSorted: reference.sorted), expected))
      }
    }
  }
}
