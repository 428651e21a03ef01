import DriverInterface
public import Histograms
import Platform
import Serialization

/// Decodes the arguments of the built-in tasks that one thread runs, one after the other, in memory that is used again, and takes the
/// time of every 16th.
///
/// Roles: owned by that thread; samples go where those of other threads and processes go too.
@safe
public final class ArgumentDecoder: @unchecked Sendable {
  // Unchecked, because: one thread at a time decodes, and whoever hands it to another orders the two.

  /// Room for the largest body of the plan; none where arguments travel as the bytes that they are.
  private let memory: UnsafeMutableRawBufferPointer
  private let time: CycleCounter
  private let decodeTime: HistogramRecorder?
  private var turns = SampleTurns()

  /// A decoder of arguments of the plan.
  /// - Parameter decodeTime: Where the samples go, if anybody wants them.
  public init(_ plan: WorkloadPlan, recordingIn decodeTime: HistogramRecorder?) {
    self.decodeTime = decodeTime
    time = plan.time
    let isNeeded = plan.encodings.contains { !$0.isBytes }
    unsafe memory = .allocate(byteCount: isNeeded ? plan.largestBodyByteCount : 0, alignment: 16)
  }

  deinit { unsafe memory.deallocate() }

  /// The body that the arguments stand for, valid until the next call; the arguments themselves where they are its bytes.
  /// - Throws: `SerializationError` when they stand for none.
  func decode(_ arguments: MessageBody, as encoding: PayloadEncoding) throws(SerializationError) -> MessageBody {
    guard !encoding.isBytes else { return arguments }
    let isSample = turns.next()
    let start = isSample ? time.now() : 0
    var reading = unsafe ShapedBodyReading(encoding.shape, into: memory)
    try unsafe encoding.serializer.read(&reading, from: BorrowedBytes(arguments.bytes))
    if isSample { decodeTime?.recordShared(time.now() &- start) }
    return unsafe MessageBody(start: UnsafeRawPointer(memory.baseAddress.unsafelyUnwrapped), count: reading.count)
  }
}
