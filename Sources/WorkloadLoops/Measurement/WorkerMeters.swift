public import Histograms
public import Platform
public import Synchronization

/// What one worker counts and records: written by its thread alone, readable by any thread at any time.
///
/// Counters lie on lines of their own and are brought up to date once per batch with a relaxed load and store; histograms
/// are single-writer recorders. `beginPhase` clears all of it between phases, while the worker rests.
@safe
public final class WorkerMeters: @unchecked Sendable {
  // Unchecked, because: the counters are atomics in memory that lives as long as this object.

  /// What is counted.
  public enum Counter: Int, CaseIterable, Sendable {
    /// Messages that the plan asked for so far.
    case scheduled
    /// Handed to the subject, whatever it did with them.
    case sent
    /// Taken by the subject as its responsibility.
    case accepted
    /// Refused by a full queue.
    case rejected
    /// No queue bound.
    case unroutable
    /// The same, and given back to the producer.
    case returned
    /// Confirmed by the subject.
    case confirmed
    /// Received (by a client: replies).
    case received
    /// Different messages received: what the verification counts; up to date when the worker is idle.
    case unique
    /// Acknowledged to the subject.
    case acknowledged
    /// Given back to the subject as failed.
    case failed
    /// Sound and done with: neither failed nor in hand; only counted where messages may be lost by rule.
    case settled
    /// Received with the redelivered flag.
    case redelivered
    /// Received twice without that flag.
    case duplicated
    /// Received out of order.
    case reordered
    /// Received with a wrong checksum, length or number.
    case corrupted
    /// Overwritten before the receiver saw them, as the subject told it.
    case dropped
    /// Requests that were not answered in time.
    case timedOut
    /// Replies to those that came after all; not received.
    case late
    /// Requests of those that were never answered.
    case unanswered
    /// Requests of those whose reply may have been on its way when the phase was over.
    case undecided
    /// Requests whose reply came back damaged.
    case damaged
    /// Bytes of bodies received; by a client of tasks those of the arguments of the tasks that were answered.
    case receivedBytes
    /// Tasks that were tried again, as often as they were.
    case retried
    /// Tasks that had expired before they began.
    case expired
    /// Tasks that were called off.
    case revoked
    /// Tasks that workers ran to their end, those of workflows one by one; only counted where workers keep books.
    case executed
    /// Bodies that were encoded.
    case encoded
    /// Bytes that became of them.
    case encodedBytes
    /// Looks that found nothing to take.
    case emptyPolls
    /// Times that the subject was full.
    case fullWaits
    /// Batches received.
    case batches
    /// When the last message was sent, on the run's time source.
    case lastSentNanoseconds
    /// When the last message was received, and handled where that takes time, on the run's time source.
    case lastReceivedNanoseconds
    /// Bytes that the worker's thread allocated during the loop.
    case allocatedBytes
    /// Processor time of the worker's thread during the loop, in nanoseconds.
    case userNanoseconds, systemNanoseconds
    /// Context switches of the worker's thread during the loop.
    case voluntarySwitches, involuntarySwitches
  }

  /// From the intended time to reception; filled by open loops.
  public let latency: HistogramRecorder
  /// From the actual sending to reception.
  public let serviceTime: HistogramRecorder
  /// From the intended to the actual sending time.
  public let sendDelay: HistogramRecorder
  /// From the actual sending to the confirm.
  public let confirmTime: HistogramRecorder
  /// Gaps of the producer's schedule.
  public let arrivals: ArrivalSample
  /// What the producer sent; nil unless a trace is recorded.
  public let sendLog: SendLog?
  /// What encoding costs; nil where bodies travel as they are.
  public let encoding: EncodingMeters?
  /// Where the time of tasks goes; nil but for their clients.
  public let tasks: TaskMeters?
  /// The violations, with the numbers of the messages.
  public let findings: FindingLog
  /// What was broken on purpose.
  public let injections: InjectionLog
  /// Keeps memory that is not the meters' own.
  private let owner: (any AnyObject & Sendable)?
  @usableFromInline let counters: UnsafeMutablePointer<Atomic<UInt64>>

  /// Meters that have counted nothing; with a log for so many messages per phase, or none.
  /// - Parameter decodeTime: Where what `encodes` records its decoding, if not in memory of this process alone.
  public init(
    layout: HistogramLayout, sendLogCapacity: Int = 0, encodes: Bool = false, hasTasks: Bool = false,
    decodeTime: HistogramRecorder? = nil
  ) {
    latency = HistogramRecorder(layout: layout)
    serviceTime = HistogramRecorder(layout: layout)
    sendDelay = HistogramRecorder(layout: layout)
    confirmTime = HistogramRecorder(layout: layout)
    findings = FindingLog()
    injections = InjectionLog()
    arrivals = ArrivalSample()
    sendLog = sendLogCapacity > 0 ? SendLog(capacity: sendLogCapacity) : nil
    encoding = encodes ? EncodingMeters(layout: layout, decodeTime: decodeTime) : nil
    tasks = hasTasks ? TaskMeters(layout: layout) : nil
    owner = nil
    unsafe counters = AlignedMemory.allocate(byteCount: Self.counterByteCount)
      .bindMemory(to: Atomic<UInt64>.self, capacity: Counter.allCases.count)
  }

  /// Meters of a receiving worker in memory of several processes: one counts and records, the others look. What is
  /// neither counter, `latency` nor `serviceTime` is each process's own.
  /// - Parameter memory: `byteCount(layout:)` bytes on a boundary of 128, zeroed when new; `beginPhase` comes before the
  ///   first use.
  public init(layout: HistogramLayout, in memory: BorrowedMemory) {
    owner = memory.owner
    unsafe counters = memory.start.assumingMemoryBound(to: Atomic<UInt64>.self)
    let recorder = unsafe memory.start + Self.counterByteCount
    unsafe latency = HistogramRecorder(layout: layout, in: recorder, keeping: memory.owner)
    unsafe serviceTime = HistogramRecorder(
      layout: layout, in: recorder + Self.recorderByteCount(layout), keeping: memory.owner)
    sendDelay = HistogramRecorder(layout: layout)
    confirmTime = HistogramRecorder(layout: layout)
    findings = FindingLog()
    injections = InjectionLog()
    arrivals = ArrivalSample()
    sendLog = nil
    encoding = nil
    tasks = nil
  }

  deinit {
    if owner == nil { unsafe AlignedMemory.deallocate(counters) }
  }

  /// How much memory of several processes the meters of a receiving worker take.
  public static func byteCount(layout: HistogramLayout) -> Int { counterByteCount + 2 * recorderByteCount(layout) }

  private static var counterByteCount: Int { AlignedMemory.roundedUp(Counter.allCases.count * 8) }

  private static func recorderByteCount(_ layout: HistogramLayout) -> Int {
    AlignedMemory.roundedUp(HistogramRecorder.byteCount(layout: layout))
  }

  /// Adds to a counter. Only by the worker's own thread, which is why load and store suffice; relaxed pairs with `value`.
  @inlinable @inline(__always)
  public func add(_ count: Int, to counter: Counter) {
    let cell = unsafe counters + counter.rawValue
    unsafe cell.pointee.store(
      cell.pointee.load(ordering: .relaxed) &+ UInt64(truncatingIfNeeded: count), ordering: .relaxed)
  }

  /// Sets a counter. Only by the worker's own thread.
  @inlinable @inline(__always)
  public func set(_ counter: Counter, to value: UInt64) {
    unsafe (counters + counter.rawValue).pointee.store(value, ordering: .relaxed)
  }

  /// A counter's present value, possibly a batch behind.
  @inlinable
  public func value(of counter: Counter) -> Int {
    unsafe Int(truncatingIfNeeded: (counters + counter.rawValue).pointee.load(ordering: .relaxed))
  }

  /// Forgets everything; only while the worker rests between phases.
  public func beginPhase() {
    for counter in Counter.allCases { set(counter, to: 0) }
    for recorder in [latency, serviceTime, sendDelay, confirmTime] { recorder.reset() }
    encoding?.beginPhase()
    tasks?.beginPhase()
    findings.clear()
    injections.clear()
    arrivals.clear()
    sendLog?.clear()
  }
}
