import DriverInterface
import Histograms
import Platform
import WorkloadLoops

/// Makes arguments of a client's bodies, one after the other, in memory that is used again: counts them, and takes the time of every
/// 16th. Owned by the client's thread.
struct ArgumentEncoder: ~Copyable {
  private let isPlain: Bool
  private let meters: WorkerMeters
  private let time: CycleCounter
  private var encoder: BodyEncoder
  /// nil where bodies travel as they are.
  private var encodeTime: HistogramRecorder.Writer?
  private var turns = SampleTurns()

  /// An encoder of bodies of at most so many bytes.
  /// - Parameter meters: Those of the client, with `encoding` unless bodies travel as they are.
  init(_ encoding: PayloadEncoding, largestBodyByteCount: Int, meters: WorkerMeters, time: CycleCounter) {
    isPlain = encoding == .plain
    self.meters = meters
    self.time = time
    encoder = BodyEncoder([encoding], largestBodyByteCount: isPlain ? 0 : largestBodyByteCount)
    encodeTime = meters.encoding?.encodeTime.makeWriter()
  }

  /// The arguments that a body becomes, valid until the next call: no mark, because the message says what they are.
  mutating func encode(_ body: MessageBody) -> MessageBody {
    guard !isPlain else { return body }
    let isSample = turns.next()
    let start = isSample ? time.now() : 0
    do {
      let encoded = try encoder.encode(body, as: 0)
      if isSample { encodeTime?.record(time.now() &- start) }
      let count = encoded.count - PayloadEncoding.markByteCount
      meters.add(1, to: .encoded)
      meters.add(count, to: .encodedBytes)
      return unsafe MessageBody(start: encoded.start + PayloadEncoding.markByteCount, count: count)
    } catch {
      // The driver tries each encoding before anything runs.
      preconditionFailure("a body of \(body.count) bytes cannot be encoded: \(error)")
    }
  }
}
