import Testing

@testable import Histograms

@Suite struct HistogramLayoutTests {
  static let layouts = [
    HistogramLayout.latency,
    HistogramLayout(highestTrackable: 1000, significantDigits: 1),
    HistogramLayout(highestTrackable: 2, significantDigits: 0),
    HistogramLayout(highestTrackable: 3_600_000_000, significantDigits: 2),
    HistogramLayout(highestTrackable: 60_000_000_000, significantDigits: 3, lowestDiscernible: 1000),
    HistogramLayout(highestTrackable: 1 << 62, significantDigits: 4, lowestDiscernible: 7),
    HistogramLayout(highestTrackable: .max, significantDigits: 5),
    HistogramLayout(highestTrackable: .max, significantDigits: 3),
  ]
  /// Those that a test may walk through.
  static let smallLayouts = layouts.filter { $0.counterCount < 60_000 }

  /// Sizes that PyPI's hdrhistogram 0.10.8 works out.
  @Test func hasTheSizesOfTheReferenceLibrary() {
    let sizes: [(HistogramLayout, buckets: Int, subBuckets: Int, counters: Int)] = [
      (Self.layouts[0], 26, 2048, 27_648), (Self.layouts[1], 6, 32, 112), (Self.layouts[3], 25, 256, 3328),
      (Self.layouts[4], 17, 2048, 18_432), (Self.layouts[5], 47, 32_768, 786_432),
      (Self.layouts[6], 46, 262_144, 6_160_384),
    ]
    for (layout, buckets, subBuckets, counters) in sizes {
      #expect(layout.bucketCount == buckets)
      #expect(layout.subBucketCount == subBuckets)
      #expect(layout.counterCount == counters)
    }
  }

  /// Value, index, lowest and highest equivalent, of the same library.
  @Test func placesValuesAsTheReferenceLibraryDoes() {
    let places: [(HistogramLayout, Int64, Int, ClosedRange<Int64>)] = [
      (Self.layouts[0], 999, 999, 999...999),
      (Self.layouts[0], 123_456, 8073, 123_456...123_519),
      (Self.layouts[0], 59_999_999_999, 27_388, 59_995_324_416...60_028_878_847),
      (Self.layouts[1], 999, 111, 992...1023),
      (Self.layouts[3], 1000, 506, 1000...1003),
      (Self.layouts[3], 123_456, 1393, 123_392...123_903),
      (Self.layouts[4], 7, 0, 0...511),
      (Self.layouts[4], 1000, 1, 512...1023),
      (Self.layouts[4], 59_999_999_999, 18_172, 59_995_324_416...60_028_878_847),
      (Self.layouts[5], 999, 249, 996...999),
      (Self.layouts[6], 59_999_999_999, 2_588_177, 59_999_780_864...60_000_043_007),
    ]
    for (layout, value, index, range) in places {
      #expect(layout.index(of: value) == index)
      #expect(layout.lowestEquivalent(atIndex: index)...layout.highestEquivalent(atIndex: index) == range)
    }
  }

  @Test func everyValueUpToTheHighestHasOneCounterAndItsDigits() {
    for layout in Self.layouts {
      for value in TestValues.edges(reach: 3) + [layout.highestTrackable]
      where value >= 0 && value <= layout.highestTrackable {
        let index = layout.index(of: value)
        #expect((0..<layout.counterCount).contains(index))
        let range = layout.lowestEquivalent(atIndex: index)...layout.highestEquivalent(atIndex: index)
        #expect(range.contains(value))
        #expect(layout.index(of: range.lowerBound) == index)
        #expect(layout.index(of: range.upperBound) == index)
        #expect(range.contains(layout.medianEquivalent(atIndex: index)))
        var precision: Int64 = 1
        for _ in 0..<layout.significantDigits { precision *= 10 }
        let width = layout.rangeSize(atIndex: index)
        #expect(width <= max(layout.lowestDiscernible, value / precision), "\(value) in \(layout)")
      }
    }
  }

  @Test func countersFollowEachOtherWithoutGaps() {
    for layout in Self.smallLayouts {
      var expected: Int64 = 0
      for index in 0..<layout.counterCount {
        guard layout.lowestEquivalent(atIndex: index) == expected else {
          Issue.record("\(layout) at \(index)")
          return
        }
        let highest = layout.highestEquivalent(atIndex: index)
        guard highest < .max else { break }
        expected = highest + 1
      }
    }
  }

  @Test func refusesNumbersThatDescribeNoLayout() {
    let refused: [(highest: Int64, digits: Int, lowest: Int64)] = [
      (1, 3, 1), (0, 3, 1), (-1, 3, 1), (1000, 6, 1), (1000, -1, 1), (1000, 3, 0), (1000, 3, -5), (1000, 3, 501),
      (.max, 3, .max), (.max, 5, 1 << 60), (.min, 3, .min),
    ]
    for (highest, digits, lowest) in refused {
      let layout = HistogramLayout(
        validatingHighestTrackable: highest, significantDigits: digits, lowestDiscernible: lowest)
      #expect(layout == nil, "\(lowest)...\(highest) at \(digits)")
    }
  }
}
