import Histograms
import ResultModel
import Testing

@Suite struct LatencySummaryTests {
  @Test func nothingRecordedIsNoSummary() {
    #expect(LatencySummary(histogram: LatencyHistogram()) == nil)
  }

  @Test func percentilesAreSupportedByTenValuesBeyond() throws {
    let claims: [(count: Int, supported: [String])] = [
      (19, []), (20, ["50"]), (99, ["50", "75"]), (100, ["50", "75", "90"]),
      (10_000, ["50", "75", "90", "95", "99", "99.9"]),
      (100_000, ["50", "75", "90", "95", "99", "99.9", "99.99"]),
    ]
    for claim in claims {
      let summary = try #require(LatencySummary(histogram: SampleResult.histogram(count: claim.count)))
      #expect(summary.supported == claim.supported, "\(claim.count) values")
    }
  }

  @Test func rankAndIntervalEncloseTheValue() throws {
    var histogram = LatencyHistogram()
    for value in 1...1000 { histogram.record(Int64(value)) }
    let summary = try #require(LatencySummary(histogram: histogram))
    #expect(summary.count == 1000)
    #expect(summary.percentiles["50"] == 500)
    #expect(summary.countsAtOrBelow["50"] == 500)
    #expect(summary.percentiles["100"] == 1000)
    #expect(summary.countsAtOrBelow["100"] == 1000)
    #expect(summary.percentileCI95["100"] == nil)
    for (name, interval) in summary.percentileCI95 {
      let value = try #require(summary.percentiles[name])
      #expect(interval.low <= value && value <= interval.high, "\(name)")
    }
    // Ranks 469 and 532: np - 1.96 sqrt(np(1-p)) and its mirror image, rounded outwards.
    #expect(summary.percentileCI95["50"] == Interval(469, 532))
  }

  @Test func histogramComesBackFromItsEncoding() throws {
    let histogram = SampleResult.histogram(scale: 3)
    let decoded = try #require(try LatencySummary(histogram: histogram)?.histogram())
    #expect(Array(decoded.buckets) == Array(histogram.buckets))
    #expect(try LatencySummary(histogram: histogram, keepingHistogram: false)?.histogram() == nil)
  }

  /// They used to be given as the end of the range, as if they had been measured.
  @Test func percentilesBeyondTheRangeAreNotSupported() throws {
    var histogram = LatencyHistogram(layout: HistogramLayout(highestTrackable: 1_000_000, significantDigits: 3))
    for _ in 0..<980 { histogram.record(10) }
    for _ in 0..<20 { histogram.record(70_000_000) }
    let summary = try #require(LatencySummary(histogram: histogram))
    #expect(summary.supported == ["50", "75", "90", "95"])
    #expect(summary.percentileCI95["99"] == nil)
    #expect(summary.saturatedCount == 20)
    #expect(summary.max == 70_000_000)
    #expect(summary.percentiles["100"] == 70_000_000)
    // What comes back from the encoding is told by whoever knows.
    let decoded = try #require(try summary.histogram())
    #expect(LatencySummary(histogram: decoded)?.supported.contains("99") == true)
    #expect(LatencySummary(histogram: decoded, saturatedCount: 20)?.supported == summary.supported)
  }

  @Test func whatWasOutOfRangeIsCounted() throws {
    var histogram = SampleResult.histogram(count: 100)
    #expect(LatencySummary(histogram: histogram)?.saturatedCount == nil)
    histogram.record(61_000_000_000, count: 3)
    histogram.record(-5, count: 2)
    let summary = try #require(LatencySummary(histogram: histogram))
    #expect(summary.saturatedCount == 3)
    #expect(summary.negativeCount == 2)
    #expect(summary.max == 61_000_000_000)
  }
}
