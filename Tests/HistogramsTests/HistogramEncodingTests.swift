import Testing

@testable import Histograms

@Suite struct HistogramEncodingTests {
  struct Vector: Sendable {
    let digits: Int
    let values: [(value: Int64, count: Int)]
    let payload: [UInt8]
    let base64: String?

    var histogram: LatencyHistogram {
      var histogram = LatencyHistogram(
        layout: HistogramLayout(highestTrackable: 3_600_000_000, significantDigits: digits))
      for (value, count) in values { histogram.record(value, count: count) }
      return histogram
    }
  }

  /// Made with PyPI's hdrhistogram 0.10.8; the payload of the first is Java's, whose single zero is a count of 0.
  static let vectors = [
    Vector(digits: 3, values: [(1, 1)], payload: [0x00, 0x02], base64: nil),
    Vector(
      digits: 3, values: [(1, 1), (2, 1), (3, 1), (1000, 1), (1_000_000, 1)],
      payload: [0x00, 0x02, 0x02, 0x02, 0xC7, 0x0F, 0x02, 0xEF, 0x9E, 0x01, 0x02],
      base64: "HISTFAAAACp4nJNpmSzMwMDAzQABzFCaEURcm7yEwf4DVICJiek4P9P7eYxMAJA7BwE="),
    Vector(
      digits: 3, values: [(0, 1), (5, 3)], payload: [0x02, 0x07, 0x06],
      base64: "HISTFAAAACJ4nJNpmSzMwMDAzAABMJoRRFybvITB/gNEgImdDQBe9QSZ"),
    Vector(
      digits: 2, values: [(100, 10), (123_456, 2)], payload: [0xC7, 0x01, 0x14, 0x97, 0x14, 0x04],
      base64: "HISTFAAAACZ4nJNpmSzMwMDAxgABTFCaEURcm7yEwf4DROA4o8h0ERYAc78GFw=="),
  ]

  @Test(arguments: vectors) func encodesTheGoldenVectors(vector: Vector) throws {
    let header: [UInt8] = [
      0x1C, 0x84, 0x93, 0x13, 0, 0, 0, UInt8(vector.payload.count), 0, 0, 0, 0, 0, 0, 0, UInt8(vector.digits),
      0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0xD6, 0x93, 0xA4, 0, 0x3F, 0xF0, 0, 0, 0, 0, 0, 0,
    ]
    #expect(HistogramEncoding.encodeInner(vector.histogram) == header + vector.payload)
    let text = HistogramEncoding.encodeBase64(vector.histogram)
    #expect(text.hasPrefix("HISTF"))
    let again = try HistogramEncoding.decodeBase64(text)
    #expect(again.counts == vector.histogram.counts)
    #expect(again.layout == vector.histogram.layout)
    if let base64 = vector.base64 {
      let foreign = try HistogramEncoding.decodeBase64(base64)
      #expect(foreign.counts == vector.histogram.counts)
      #expect(foreign.count == vector.histogram.count)
    }
  }

  @Test func decodedExtremesAreTheEndsOfTheirBuckets() throws {
    let decoded = try HistogramEncoding.decodeBase64(Self.vectors[1].base64!)
    #expect(decoded.min == 1)
    #expect(decoded.max == 1_000_447)
  }

  @Test func readsBothWaysToWriteNothing() throws {
    let layout = HistogramLayout(highestTrackable: 3_600_000_000, significantDigits: 3)
    let empty = LatencyHistogram(layout: layout)
    let inner = HistogramEncoding.encodeInner(empty)
    #expect(inner.count == 41)
    #expect(inner.last == 0)
    #expect(try HistogramEncoding.decodeInner(inner) == empty)
    var shorter = Array(inner.dropLast())
    shorter[7] = 0
    #expect(try HistogramEncoding.decodeInner(shorter) == empty)
    // One zero: -1 as Python writes it, count 0 as Java does.
    for zero in [0x01, 0x00] as [UInt8] {
      var bytes = inner.dropLast() + [zero, 0x02]
      bytes[7] = 2
      #expect(try HistogramEncoding.decodeInner(Array(bytes)).counts == [0, 1])
    }
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func anyHistogramComesBack(seed: UInt64) throws {
    var random = TestRandom(state: seed)
    for layout in HistogramLayoutTests.smallLayouts {
      var histogram = LatencyHistogram(layout: layout)
      for _ in 0..<(random.next() % 200) {
        let value = Int64(random.next() % UInt64(min(layout.highestTrackable, 1 << 39)))
        histogram.record(value, count: 1 << Int(random.next() % 45))
      }
      let decoded = try HistogramEncoding.decodeV2(HistogramEncoding.encodeV2(histogram))
      #expect(decoded.counts == histogram.counts, "seed \(seed)")
      #expect(decoded.count == histogram.count, "seed \(seed)")
      #expect(decoded.layout == layout)
    }
  }

  @Test func base64ComesBackAtEveryLength() throws {
    for length in 0..<70 {
      let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ 77) }
      #expect(try Base64.decode(Base64.encode(bytes)) == bytes)
    }
    #expect(Base64.encode(Array("Man is".utf8)) == "TWFuIGlz")
    #expect(Base64.encode(Array("Ma".utf8)) == "TWE=")
  }
}
