import Testing

@testable import Histograms

@Suite struct HostileInputTests {
  static let good = HistogramEncoding.encodeV2(TestValues.histogram())
  static let goodInner = HistogramEncoding.encodeInner(TestValues.histogram())

  @Test func everyTruncationIsAnError() {
    for length in 0..<Self.good.count {
      let part = Array(Self.good.prefix(length))
      #expect(throws: HistogramDecodingError.truncated) { try HistogramEncoding.decodeV2(part) }
    }
    for length in 0..<Self.goodInner.count {
      let part = Array(Self.goodInner.prefix(length))
      #expect(throws: HistogramDecodingError.truncated) { try HistogramEncoding.decodeInner(part) }
    }
  }

  /// The compressed stream carries a checksum of its own.
  @Test func everyFlippedByteIsFound() {
    for index in Self.good.indices {
      var bytes = Self.good
      bytes[index] ^= 0x41
      #expect(throws: HistogramDecodingError.self, "byte \(index)") { try HistogramEncoding.decodeV2(bytes) }
    }
  }

  @Test func namesWhatIsWrong() {
    expect(.unknownCookie(0x1C84_9303)) { $0.replaceSubrange(0..<4, with: [0x1C, 0x84, 0x93, 0x03]) }
    expect(.invalidLength(-1)) { $0.replaceSubrange(4..<8, with: [0xFF, 0xFF, 0xFF, 0xFF]) }
    expect(.invalidLength(0x7FFF_FFFF)) { $0.replaceSubrange(4..<8, with: [0x7F, 0xFF, 0xFF, 0xFF]) }
    expect(.unsupportedScaling) { $0[11] = 1 }
    expect(.unsupportedScaling) { $0[33] = 0xE0 }
    expect(.unsupportedScaling) { $0.replaceSubrange(32..<34, with: [0x7F, 0xF8]) }  // Not a number.
    expect(.invalidLayout(lowestDiscernible: 1, highestTrackable: 60_000_000_000, significantDigits: 9)) { $0[15] = 9 }
    expect(.invalidLayout(lowestDiscernible: 0, highestTrackable: 60_000_000_000, significantDigits: 3)) { $0[23] = 0 }
    expect(.trailingBytes) { $0.append(0) }
    #expect(throws: HistogramDecodingError.trailingBytes) { try HistogramEncoding.decodeV2(Self.good + [0]) }
    for text in ["HISTF", "HISTF===", "HI=T", "HIS\u{e9}xxx", "A===", "====", "HIST FA="] {
      #expect(throws: HistogramDecodingError.invalidBase64, "\(text)") { try HistogramEncoding.decodeBase64(text) }
    }
  }

  @Test func refusesCountsThatDoNotFit() {
    // -27649 zeros where there are 27648 counters; the smallest number; one count too many.
    payload([0x81, 0xB0, 0x03], fails: .countsOutOfRange)
    payload([UInt8](repeating: 0xFF, count: 9), fails: .countsOutOfRange)
    payload([0xFF, 0xAF, 0x03, 0x02], fails: .countsOutOfRange)
    // 2^53 + 1 values; the largest number.
    payload([0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20, 0x02], fails: .tooManyCounts)
    payload([0xFE] + [UInt8](repeating: 0xFF, count: 8), fails: .tooManyCounts)
    payload([0x02, 0x80], fails: .truncated)
    payload([UInt8](repeating: 0x80, count: 8), fails: .truncated)
  }

  @Test func fullRangeOfZerosIsAnEmptyHistogram() throws {
    #expect(try decode(payload: [0xFF, 0xAF, 0x03]).isEmpty)
  }

  /// A small stream that unpacks to more than any layout may hold must not be unpacked whole.
  @Test func refusesABomb() {
    let zeros = ZlibStream.deflate([UInt8](repeating: 0, count: 100_001))
    #expect(zeros.count < 200)
    #expect(throws: HistogramDecodingError.countsOutOfRange) { try ZlibStream.inflate(zeros[...], limit: 100_000) }
  }

  /// Random bytes and random damage, at all layers: an answer or a typed error, never a trap.
  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func neverTraps(seed: UInt64) {
    var random = TestRandom(state: seed)
    for _ in 0..<500 {
      let bytes = damaged(&random)
      check(seed) { () throws(HistogramDecodingError) in try HistogramEncoding.decodeInner(bytes) }
      let compressed = ZlibStream.deflate(bytes)
      var outer: [UInt8] = []
      outer.appendBigEndian(HistogramEncoding.compressedCookie)
      outer.appendBigEndian(Int32(compressed.count))
      outer += compressed
      check(seed) { () throws(HistogramDecodingError) in try HistogramEncoding.decodeV2(outer) }
      check(seed) { () throws(HistogramDecodingError) in try HistogramEncoding.decodeBase64(Base64.encode(bytes)) }
    }
  }

  private func damaged(_ random: inout TestRandom) -> [UInt8] {
    var bytes = Array(Self.goodInner.prefix(40 + Int(random.next() % 300)))
    if random.next() % 4 == 0 {
      bytes = (0..<random.next() % 80).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }
    for _ in 0..<(random.next() % 6) where !bytes.isEmpty {
      bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
    }
    if bytes.count >= 40, random.next() % 2 == 0 {
      // A length that fits, so that the counters are reached.
      var length: [UInt8] = []
      length.appendBigEndian(Int32(bytes.count - 40))
      bytes.replaceSubrange(4..<8, with: length)
    }
    return bytes
  }

  private func check(_ seed: UInt64, _ decode: () throws(HistogramDecodingError) -> LatencyHistogram) {
    do {
      let histogram = try decode()
      #expect(histogram.count == histogram.counts.reduce(0, +), "seed \(seed)")
      #expect(histogram.value(atPercentile: 99) <= histogram.max, "seed \(seed)")
    } catch {
      #expect(!error.description.isEmpty)
    }
  }

  private func expect(
    _ expected: HistogramDecodingError, after damage: (inout [UInt8]) -> Void,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    var bytes = Self.goodInner
    damage(&bytes)
    #expect(throws: expected, sourceLocation: sourceLocation) { try HistogramEncoding.decodeInner(bytes) }
  }

  private func payload(
    _ payload: [UInt8], fails expected: HistogramDecodingError, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(throws: expected, sourceLocation: sourceLocation) { try decode(payload: payload) }
  }

  private func decode(payload: [UInt8]) throws(HistogramDecodingError) -> LatencyHistogram {
    var bytes = HistogramEncoding.encodeInner(LatencyHistogram())
    bytes.removeLast()
    bytes[7] = UInt8(payload.count)
    return try HistogramEncoding.decodeInner(bytes + payload)
  }
}
