import Distributions
import DriverInterface
import Serialization
import Testing

@testable import WorkloadLoops

@Suite struct PayloadEncodingTests {
  static let encodings: [PayloadEncoding] = Serializer.allCases.flatMap { serializer in
    PayloadShape.allCases.flatMap { shape in
      Compression.allCases.map { PayloadEncoding(shape: shape, serializer: serializer, compression: $0) }
    }
  }

  private static let largest = 1500

  /// Bodies of all kinds of sizes: whole units, and what is left of one.
  private static func bodies(_ encoding: PayloadEncoding, seed: UInt64, _ body: (MessageBody) throws -> Void) rethrows {
    var random = SplitMix64(seed: seed)
    var stamper = MessageStamper(
      byteCount: largest, checksPayload: true, seed: seed, compressibleShare: Double(seed % 3) / 2,
      shape: encoding.shape)
    for (sequence, byteCount)
      in ([32, 33, 40, 63, 64, 65, largest] + (0..<8).map { _ in Int(32 + random.next() % 1400) })
      .enumerated()
    {
      let number = SequenceNumber(stream: sequence % 7 * 9000, sequence: random.next() >> 16)
      let stamp = MessageStamp(
        number: number, intendedNanoseconds: Int64(bitPattern: random.next()), sentNanoseconds: Int64(sequence))
      try body(stamper.stamp(stamp, byteCount: byteCount))
    }
  }

  @Test(arguments: encodings)
  func everyBodyComesBackAsItWas(encoding: PayloadEncoding) throws {
    for seed in 1...3 as ClosedRange<UInt64> {
      var encoder = BodyEncoder([.plain, encoding], largestBodyByteCount: Self.largest)
      var decoder = BodyDecoder([encoding, .plain], largestBodyByteCount: Self.largest)
      try Self.bodies(encoding, seed: seed) { body in
        let encoded = try encoder.encode(body, as: 1)
        let count = decoder.decode(encoded, at: 1)
        let decoded = decoder.body(at: 1, byteCount: count)
        #expect(unsafe Array(decoded.bytes) == Array(body.bytes), "seed \(seed), \(body.count) bytes")
        #expect(decoder.encodingIndex(of: decoded) == 0)
      }
    }
  }

  /// Whatever becomes of the bytes on their way, no body that passes its check is another one than was sent.
  @Test(arguments: encodings)
  func damageIsNoticed(encoding: PayloadEncoding) throws {
    var random = SplitMix64(seed: 7)
    var encoder = BodyEncoder([encoding], largestBodyByteCount: Self.largest)
    var decoder = BodyDecoder([encoding], largestBodyByteCount: Self.largest)
    try Self.bodies(encoding, seed: 5) { body in
      var bytes = unsafe Array(try encoder.encode(body, as: 0).bytes)
      let original = unsafe Array(body.bytes)
      for _ in 0..<4 {
        let place = Int(random.next() % UInt64(bytes.count))
        let kept = bytes[place]
        bytes[place] ^= 1 << UInt8(random.next() % 8)
        // Cut short now and then as well.
        let count = random.next() % 4 == 0 ? place : bytes.count
        unsafe bytes.withUnsafeBytes { buffer in
          guard let start = buffer.baseAddress else { return }
          let encoded = unsafe MessageBody(start: start, count: count)
          let decoded = decoder.body(at: 0, byteCount: decoder.decode(encoded, at: 0))
          // What means the same is no damage: a blank in front of a number of JSON.
          let isSame = unsafe Array(decoded.bytes) == original
          #expect(isSame || MessageStamp(of: decoded, checksPayload: true) == nil)
        }
        bytes[place] = kept
      }
    }
  }

  @Test func anEncodingThatWasNotAskedForIsNotAccepted() throws {
    let sent = PayloadEncoding(shape: .record, serializer: .messagepack)
    var encoder = BodyEncoder([sent], largestBodyByteCount: Self.largest)
    var decoder = BodyDecoder(
      [PayloadEncoding(shape: .text, serializer: .messagepack), .plain], largestBodyByteCount: Self.largest)
    try Self.bodies(sent, seed: 1) { body in
      let encoded = try encoder.encode(body, as: 0)
      #expect(decoder.decode(encoded, at: 0) == 0)
    }
  }

  @Test(arguments: PayloadShape.allCases)
  func marksNameTheirEncoding(shape: PayloadShape) {
    for serializer in Serializer.allCases {
      for compression in Compression.allCases {
        let encoding = PayloadEncoding(shape: shape, serializer: serializer, compression: compression)
        #expect(PayloadEncoding(mark: encoding.mark) == encoding)
      }
    }
    #expect(PayloadEncoding(mark: 0) == nil)
  }
}
