public import DriverInterface
public import Platform
import Serialization

extension WorkloadPlan {
  /// The ways in which bodies travel, each once; none when all of them travel as they are.
  public var encodings: [PayloadEncoding] {
    var encodings: [PayloadEncoding] = []
    for producer in producers where !encodings.contains(producer.encoding) { encodings.append(producer.encoding) }
    return encodings == [.plain] ? [] : encodings
  }

  /// Bytes of the largest body of all producers, before it is encoded.
  public var largestBodyByteCount: Int {
    max(producers.map(\.payloadByteCount).max() ?? MessageStamp.byteCount, largestTaskByteCount)
  }

  /// Bytes of the largest arguments that a kind of task has of its own.
  private var largestTaskByteCount: Int {
    guard case .tasks(let tasks) = pattern else { return 0 }
    return tasks.kinds.map(\.payloadByteCount).max() ?? 0
  }

  /// Bytes that a producer's largest body may take on its way.
  public func largestTravellingByteCount(of producer: Producer) -> Int {
    encodings.isEmpty
      ? producer.payloadByteCount : PayloadEncoding.largestByteCount(of: producer.payloadByteCount)
  }

  /// An end that sends in the first of these encodings, answers in that of the request, and receives any of the plan's.
  public func serializing<Base: WaitingEndpoint & ~Copyable>(
    _ base: consuming Base, as sending: [PayloadEncoding], meters: WorkerMeters
  ) -> SerializingEndpoint<Base, CycleCounter> {
    SerializingEndpoint(
      base, encoder: BodyEncoder(sending, largestBodyByteCount: largestBodyByteCount),
      decoder: BodyDecoder(encodings, largestBodyByteCount: largestBodyByteCount), time: time, meters: meters)
  }

  /// Encodes and decodes a body of each producer, so that what cannot work is known before anything runs.
  /// - Throws: `DriverError`, when a body does not come back as it was, or is larger than `limit` on its way.
  public func checkEncodings(limit: Int) throws(DriverError) {
    for producer in producers where producer.encoding != .plain {
      var stamper = MessageStamper(
        byteCount: max(producer.payloadByteCount, largestTaskByteCount), checksPayload: true, seed: seed,
        compressibleShare: producer.compressibleShare, shape: producer.encoding.shape)
      let body = stamper.stamp(
        MessageStamp(number: SequenceNumber(stream: 0, sequence: 1), intendedNanoseconds: 1, sentNanoseconds: 2))
      var encoder = BodyEncoder([producer.encoding], largestBodyByteCount: body.count)
      var decoder = BodyDecoder([producer.encoding], largestBodyByteCount: body.count)
      let words = "\(producer.name): a payload of \(body.count) bytes as \(producer.encoding)"
      let encoded: MessageBody
      do {
        encoded = try encoder.encode(body, as: 0)
      } catch {
        throw DriverError(.notSupported, "\(words) cannot be encoded: \(error)")
      }
      guard encoded.count <= limit else {
        throw DriverError(
          .notSupported, "\(words) becomes \(encoded.count) bytes; the subject takes up to \(limit) bytes")
      }
      let count = decoder.decode(encoded, at: 0)
      guard MessageStamp(of: decoder.body(at: 0, byteCount: count), checksPayload: true) != nil, count == body.count
      else {
        throw DriverError(.notSupported, "\(words) does not come back as it was")
      }
    }
  }
}

extension PayloadEncoding: CustomStringConvertible {
  /// `json records, zstd`.
  public var description: String {
    "\(serializer.rawValue), shape \(shape)" + (compression == .none ? "" : ", compressed by \(compression.rawValue)")
  }
}
