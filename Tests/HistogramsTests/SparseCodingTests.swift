import Foundation
import Histograms
import Testing

/// Sparse histograms travel between processes with everything that they know.
@Suite struct SparseCodingTests {
  @Test(arguments: [1, 2, 3])
  func comesBackEqual(seed: UInt64) throws {
    var histogram = LatencyHistogram(layout: HistogramLayout(highestTrackable: 1_000_000, significantDigits: 3))
    var state = seed
    for _ in 0..<1_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      histogram.record(Int64(state >> 43) - 100)  // Some below 0, some beyond the range.
    }
    let sparse = SparseHistogram(histogram)
    let again = try JSONDecoder().decode(SparseHistogram.self, from: JSONEncoder().encode(sparse))
    #expect(again == sparse, "seed \(seed)")
    #expect(LatencyHistogram(again) == histogram)
  }

  @Test func refusesWhatIsNoHistogram() throws {
    let good = String(decoding: try JSONEncoder().encode(SparseHistogram(LatencyHistogram())), as: UTF8.self)
    #expect(throws: Never.self) { try JSONDecoder().decode(SparseHistogram.self, from: Data(good.utf8)) }
    for (part, other) in [
      ("\"digits\":3", "\"digits\":77"), ("\"counts\":\"", "\"counts\":\"////////"), ("\"min\"", "\"mim\""),
    ] {
      let bad = good.replacingOccurrences(of: part, with: other)
      #expect(bad != good)
      #expect(throws: (any Error).self) { try JSONDecoder().decode(SparseHistogram.self, from: Data(bad.utf8)) }
    }
  }
}
