import Checksums
import Testing

@Suite struct CRC32CTests {
  /// The check value of the catalogue of CRCs, and RFC 3720, appendix B.4.
  @Test func agreesWithPublishedVectors() {
    let command: [UInt8] = [
      0x01, 0xC0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
      0x14, 0x00, 0x00, 0x00, 0x00, 0x00, 0x04, 0x00, 0x00, 0x00, 0x00, 0x14, 0x00, 0x00, 0x00, 0x18,
      0x28, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    ]
    let vectors: [(bytes: [UInt8], checksum: UInt32)] = [
      ([], 0),
      (Array("123456789".utf8), 0xE306_9283),
      ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
      ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
      (Array(0..<32), 0x46DD_794E),
      (Array((0..<32).reversed()), 0x113F_DB5C),
      (command, 0xD996_3A56),
    ]
    for vector in vectors {
      #expect(checksum(vector.bytes) == vector.checksum)
      #expect(checksumByTable(vector.bytes) == vector.checksum)
    }
  }

  /// Every length around the sizes at which the code changes its way, then random ones, at every alignment.
  @Test func instructionAndTableAgreeOnAnyLengthAndAlignment() {
    var random = Generator(state: 1)
    let bytes = (0..<12_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    let lengths = Array(0...700) + [1023, 1024, 1025, 3071, 3072, 3073, 6144, 6145, 9999]
    let drawn = (0..<300).map { _ in Int(random.next() % 5001) }
    unsafe bytes.withUnsafeBytes { all in
      for length in lengths + drawn {
        let start = Int(random.next() % 64)
        let seed = UInt32(truncatingIfNeeded: random.next())
        let body = unsafe UnsafeRawBufferPointer(rebasing: all[start..<start + length])
        let fast = unsafe CRC32C.checksum(body, seed: seed)
        let byTable = unsafe CRC32C.checksumByTable(body, seed: seed)
        #expect(fast == byTable, "length \(length), start \(start), seed \(seed)")
      }
    }
  }

  @Test func continuesFromTheChecksumOfThePartBefore() {
    let bytes = (0..<2000).map { UInt8(truncatingIfNeeded: $0 * 31) }
    let whole = checksum(bytes)
    for cut in stride(from: 0, through: 2000, by: 37) {
      #expect(checksum(Array(bytes[cut...]), seed: checksum(Array(bytes[..<cut]))) == whole, "cut at \(cut)")
    }
  }

  @Test func seesEverySingleFlippedBit() {
    var bytes = (0..<160).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let intact = checksum(bytes)
    for bit in 0..<(160 * 8) {
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(checksum(bytes) != intact, "bit \(bit)")
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
    }
  }

  @Test func namesItsMethod() {
    #expect(["sse4.2+pclmulqdq", "armv8-crc", "table"].contains(CRC32C.method))
  }

  private func checksum(_ bytes: [UInt8], seed: UInt32 = 0) -> UInt32 {
    unsafe bytes.withUnsafeBytes { unsafe CRC32C.checksum($0, seed: seed) }
  }

  private func checksumByTable(_ bytes: [UInt8]) -> UInt32 {
    unsafe bytes.withUnsafeBytes { unsafe CRC32C.checksumByTable($0) }
  }
}

/// A linear congruential generator (Knuth's MMIX constants): enough to fill test bodies.
private struct Generator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 24
  }
}
