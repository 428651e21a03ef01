import Histograms

/// A linear congruential generator (Knuth's MMIX constants), easily written again in another language.
struct TestRandom {
  var state: UInt64

  mutating func next() -> UInt64 {
    step()
    return state >> 24
  }

  mutating func step() {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
  }
}

enum TestValues {
  /// The numbers around every power of two.
  static func edges(reach: Int64) -> [Int64] {
    var values: [Int64] = []
    for bit in 0..<63 as Range<Int64> { values += (-reach...reach).map { (1 << bit) + $0 } }
    return values
  }

  /// Two thousand values of all magnitudes up to 10^9, the same as the oracle was given:
  /// `s = lcg(s); (s >> 33) % 10 ** (1 + (s >> 20) % 9)` from 12345 on.
  static func histogram() -> LatencyHistogram {
    var random = TestRandom(state: 12_345)
    var histogram = LatencyHistogram()
    for _ in 0..<2000 {
      random.step()
      var limit: UInt64 = 10
      for _ in 0..<(random.state >> 20) % 9 { limit *= 10 }
      histogram.record(Int64((random.state >> 33) % limit))
    }
    return histogram
  }
}
