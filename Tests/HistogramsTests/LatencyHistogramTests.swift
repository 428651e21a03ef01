import Testing

@testable import Histograms

@Suite struct LatencyHistogramTests {
  /// The same values and answers as PyPI's hdrhistogram 0.10.8 gives, but for the ends, which are exact here.
  @Test func agreesWithTheReferenceLibrary() {
    let histogram = TestValues.histogram()
    #expect(histogram.count == 2000)
    #expect(histogram.min == 0)
    #expect(histogram.max == 998_037_396)
    let percentiles: [(Double, Int64)] = [
      (0, 0), (10, 7), (50, 43_167), (75, 6_574_079), (90, 138_543_103), (95, 557_842_431), (99, 886_046_719),
      (99.9, 996_147_199), (99.95, 997_720_063), (100, 998_037_396),
    ]
    for (percentile, value) in percentiles {
      #expect(histogram.value(atPercentile: percentile) == value, "p\(percentile)")
    }
    #expect(abs(histogram.mean - 64_065_755.6025) < 1e-6)
    #expect(abs(histogram.standardDeviation - 185_905_846.5393002) < 1e-5)
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func percentilesAreTheBucketsOfSortedValues(seed: UInt64) {
    var random = TestRandom(state: seed)
    var values: [Int64] = []
    var histogram = LatencyHistogram()
    for _ in 0..<(1 + Int(random.next() % 3000)) {
      let value = Int64(random.next() % (1 << (1 + random.next() % 35)))
      values.append(value)
      histogram.record(value)
    }
    values.sort()
    #expect(histogram.min == values.first)
    #expect(histogram.max == values.last)
    let layout = histogram.layout
    for rank in stride(from: 1, through: values.count, by: 41) {
      let index = layout.index(of: values[rank - 1])
      #expect(layout.index(of: histogram.value(atRank: rank)) == index, "seed \(seed), rank \(rank)")
      let bound = layout.highestEquivalent(atIndex: index)
      #expect(histogram.countAtOrBelow(values[rank - 1]) == values.count { $0 <= bound }, "seed \(seed)")
    }
  }

  @Test func ranksAreRoundedUpAndNeverByAnError() {
    var histogram = LatencyHistogram()
    histogram.record(5, count: 1000)
    let ranks: [(Double, Int)] = [
      (0, 1), (-5, 1), (0.1, 1), (0.11, 2), (50, 500), (50.01, 501), (99, 990), (99.9, 999), (99.91, 1000), (100, 1000),
      (200, 1000), (.infinity, 1000),
    ]
    for (percentile, rank) in ranks { #expect(histogram.rank(atPercentile: percentile) == rank, "p\(percentile)") }
    for count in [10, 100, 1000, 10_000, 1_000_000, 1_000_000_000] {
      var histogram = LatencyHistogram()
      histogram.record(5, count: count)
      for percent in 1...99 {
        let rank = histogram.rank(atPercentile: Double(percent))
        #expect(rank == (count * percent + 99) / 100, "\(percent) % of \(count)")
      }
    }
  }

  @Test func emptyAnswersZero() {
    let histogram = LatencyHistogram()
    #expect(histogram.isEmpty)
    #expect(histogram.count == 0)
    #expect(histogram.value(atPercentile: 50) == 0)
    #expect(histogram.rank(atPercentile: 50) == 0)
    #expect(histogram.mean == 0)
    #expect(histogram.standardDeviation == 0)
    #expect(histogram.countAtOrBelow(10) == 0)
    #expect(Array(histogram.buckets).isEmpty)
  }

  @Test func countsWhatIsOutOfRangeAndKeepsTheExactMaximum() {
    var histogram = LatencyHistogram(layout: HistogramLayout(highestTrackable: 1000, significantDigits: 3))
    histogram.record(1000)
    histogram.record(1001)
    histogram.record(5_000_000_000, count: 2)
    histogram.record(-3)
    #expect(histogram.count == 5)
    #expect(histogram.saturatedCount == 3)
    #expect(histogram.negativeCount == 1)
    #expect(histogram.min == 0)
    #expect(histogram.max == 5_000_000_000)
    #expect(histogram.value(atPercentile: 50) == 1000)
    #expect(histogram.countAtOrBelow(1000) == 5)
    #expect(histogram.countAtOrBelow(.max) == 5)
  }

  @Test func mergingIsRecordingEverything() {
    var random = TestRandom(state: 9)
    for _ in 0..<8 {
      var parts = [LatencyHistogram(), LatencyHistogram(), LatencyHistogram()]
      var whole = LatencyHistogram()
      for _ in 0..<(random.next() % 100) {
        let value = Int64(random.next() % (1 << (1 + random.next() % 40))) - 5
        parts[Int(random.next() % 3)].record(value)
        whole.record(value)
      }
      var merged = LatencyHistogram()
      for part in parts { merged.merge(part) }
      #expect(merged == whole)
    }
  }

  @Test func subtractingASnapshotLeavesTheInterval() {
    var earlier = LatencyHistogram()
    for value in [100, 5000, 5001, 70_000] as [Int64] { earlier.record(value) }
    var later = earlier
    for value in [-1, 5001, 90_001, 61_000_000_000] as [Int64] { later.record(value) }
    let interval = later.subtracting(earlier)
    #expect(interval.count == 4)
    #expect(interval.negativeCount == 1)
    #expect(interval.saturatedCount == 1)
    #expect(interval.min == 0)
    #expect(interval.max == 61_000_000_000)
    #expect(later.subtracting(later) == LatencyHistogram())
    #expect(later.subtracting(LatencyHistogram()) == later)

    var inside = earlier
    inside.record(6001)
    let middle = inside.subtracting(earlier)
    #expect(middle.count == 1)
    #expect(middle.min <= 6001 && 6001 <= middle.max)
    #expect(middle.max - middle.min <= 6)
  }

  @Test func sparseFormIsSmallAndGivesTheSameBack() {
    let histogram = TestValues.histogram()
    #expect(LatencyHistogram(SparseHistogram(histogram)) == histogram)
    #expect(LatencyHistogram(SparseHistogram(LatencyHistogram())) == LatencyHistogram())
    var narrow = LatencyHistogram()
    for value in 1_000_000..<1_000_200 as Range<Int64> { narrow.record(value * 1000) }
    narrow.record(70_000_000_000)
    narrow.record(-1)
    let sparse = SparseHistogram(narrow)
    #expect(LatencyHistogram(sparse) == narrow)
    #expect(sparse.byteCount < 20)
    #expect(sparse.count == 202)
    #expect(sparse.max == 70_000_000_000)
  }
}
