import Foundation
import Platform
import Serialization
import Testing

/// What encoding and decoding a task message costs in each format, beside Foundation's Codable JSON. Prints figures and asserts
/// only what was encoded. Run alone on a quiet machine, with jemalloc to see the bytes allocated:
///
///     RINGSIDE_MEASURE=1 LD_PRELOAD=libjemalloc.so.2 swift test -c release -Xswiftc -enable-testing --filter SpeedMeasurement
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["RINGSIDE_MEASURE"] != nil))
struct SpeedMeasurement {
  @Test(arguments: [Serializer.json, .messagepack, .cbor, .raw])
  func taskMessage(serializer: Serializer) throws {
    let message = TaskMessage.sample
    var bytes = ByteWriter(capacity: 1024)
    try serializer.encode(message, into: &bytes)
    #expect(try serializer.decode(TaskMessage.self, from: bytes.bytes) == message)
    let size = bytes.count
    let encoding = try measure(100_000) {
      bytes.removeAll()
      try serializer.encode(message, into: &bytes)
    }
    var retries = 0
    let decoding = try measure(100_000) {
      retries += try serializer.decode(TaskMessage.self, from: bytes.bytes).retries
    }
    #expect(retries == message.retries * decoding.callCount)
    print("\(serializer): \(size) bytes, encode \(encoding), decode \(decoding)")
  }

  /// What a consumer pays that looks at every field but keeps no text: a `String` and an `Array` for each are most of the time of
  /// a decoded value.
  @Test(arguments: [Serializer.json, .messagepack, .cbor, .raw])
  func taskMessageInPlace(serializer: Serializer) throws {
    var document = ByteWriter()
    try serializer.encode(TaskMessage.sample, into: &document)
    var total = 0
    let reading = try measure(100_000) {
      switch serializer {
      case .json: total += try Self.sum(JSONReader(document.bytes))
      case .messagepack: total += try Self.sum(MessagePackReader(document.bytes))
      case .cbor: total += try Self.sum(CBORReader(document.bytes))
      default: total += try Self.sum(RawReader(document.bytes))
      }
    }
    #expect(total == TaskMessage.sample.sum * reading.callCount)
    print("\(serializer): \(document.count) bytes, read in place \(reading)")
  }

  @inline(__always)
  private static func sum<Reader: ValueReader & ~Copyable>(
    _ reader: consuming Reader
  ) throws(SerializationError) -> Int {
    let sum = try TaskMessage.sum(reading: &reader)
    try reader.finish()
    return sum
  }

  @Test func foundation() throws {
    let message = TaskMessage.sample
    let (encoder, decoder) = (JSONEncoder(), JSONDecoder())
    let document = try encoder.encode(message)
    #expect(try decoder.decode(TaskMessage.self, from: document) == message)
    var total = 0
    let encoding = try measure(5_000) { total += try encoder.encode(message).count }
    let decoding = try measure(5_000) { total += try decoder.decode(TaskMessage.self, from: document).retries }
    #expect(total == document.count * encoding.callCount + message.retries * decoding.callCount)
    print("Foundation JSON: \(document.count) bytes, encode \(encoding), decode \(decoding)")
  }

  /// The median of 15 rounds, and the spread.
  struct Cost: CustomStringConvertible {
    /// All calls, and those that were measured.
    var callCount: Int
    var count: Int
    var nanoseconds: [Double] = []
    var allocatedBytes: UInt64?

    var description: String {
      let sorted = nanoseconds.sorted()
      let text = { String(format: "%.0f", $0) as String }
      let bytes = allocatedBytes.map { ", \(Double($0) / Double(count)) B allocated" } ?? ""
      return "\(text(sorted[sorted.count / 2])) ns (\(text(sorted[0]))…\(text(sorted[sorted.count - 1]))\(bytes))"
    }
  }

  /// The first round warms up and does not count.
  private func measure(_ repetitions: Int, _ body: () throws -> Void) rethrows -> Cost {
    var cost = Cost(callCount: repetitions / 10 + repetitions * 15, count: repetitions * 15)
    for _ in 0..<repetitions / 10 { try body() }
    let allocated = AllocationCounters.currentThreadAllocatedByteCount()
    for _ in 0..<15 {
      let clock = ContinuousClock()
      let time = try clock.measure { for _ in 0..<repetitions { try body() } }
      cost.nanoseconds.append(time / .nanoseconds(1) / Double(repetitions))
    }
    if let allocated { cost.allocatedBytes = AllocationCounters.currentThreadAllocatedByteCount()! - allocated }
    return cost
  }
}
