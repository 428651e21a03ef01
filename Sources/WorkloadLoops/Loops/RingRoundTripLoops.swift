public import DriverInterface
public import Histograms
public import Platform

/// The near end of a round trip over two rings: sends items, takes them back and times each.
///
/// One look at the clock per trip: the end of one is the beginning of the next, so a trip of one item in flight includes it.
@frozen
public struct RingPingLoop<
  Sender: RingSender & ~Copyable, Receiver: RingReceiver & ~Copyable, Wait: WaitStrategy, Time: TimeSource
>: ~Copyable where Sender.Item: RingItem, Receiver.Item == Sender.Item {
  @usableFromInline var sender: Sender
  @usableFromInline var receiver: Receiver
  @usableFromInline let wait: Wait
  @usableFromInline let time: Time
  @usableFromInline let meters: WorkerMeters
  @usableFromInline var serviceTime: HistogramRecorder.Writer
  @usableFromInline var next: UInt64 = 0
  @usableFromInline var expected: UInt64 = 0
  @usableFromInline var sentTimes: [Int64]
  /// Whether the far end may be parked and must be woken.
  @usableFromInline let notifies: Bool

  /// Counts are published when the items that came back are a multiple of 64: a call per 64 trips is nothing.
  @usableFromInline static var publishMask: UInt64 { @inlinable get { 63 } }

  /// The near end; at most `outstandingLimit` items, a power of two, are ever in flight.
  public init(
    sender: consuming Sender, receiver: consuming Receiver, wait: Wait, time: Time, meters: WorkerMeters,
    outstandingLimit: Int,
    notifies: Bool
  ) {
    self.sender = sender
    self.receiver = receiver
    self.wait = wait
    self.time = time
    self.meters = meters
    serviceTime = meters.serviceTime.makeWriter()
    sentTimes = Array(repeating: 0, count: outstandingLimit)
    self.notifies = notifies
  }

  /// Runs one phase on the calling thread.
  @inlinable
  public mutating func run(_ phase: PhaseControl) {
    let schedule = SendingSchedule(phase, producer: 0, of: 1)
    var idler = Idler(wait)
    Pacer(spinNanoseconds: phase.plan.pacingSpinNanoseconds).waitForStart(phase.startNanoseconds, time: time)
    var now = time.now()
    let mask = sentTimes.count &- 1
    let limit = UInt64(truncatingIfNeeded: min(schedule.inFlightLimit, sentTimes.count))
    let firstOfPhase = next
    while true {
      let maySend =
        now < schedule.end && !phase.isSendingOver
        && Int(truncatingIfNeeded: next &- firstOfPhase) < schedule.countLimit
      if maySend, next &- expected < limit, sender.tryPush(Sender.Item(number: next)) {
        if notifies { sender.notify() }
        sentTimes[Int(truncatingIfNeeded: next) & mask] = now
        next &+= 1
        continue
      }
      if let item = receiver.tryPop() {
        now = time.now()
        serviceTime.record(now &- sentTimes[Int(truncatingIfNeeded: expected) & mask])
        if item.difference(from: expected, holdingTimes: false) != 0 { noteMismatch(item.number) }
        expected &+= 1
        if expected & Self.publishMask == 0 { publishCounts(since: firstOfPhase) }
        idler.found(on: &receiver)
      } else {
        if !maySend, next == expected || phase.isReceivingOver { break }
        idler.nothing(on: &receiver)
        if !maySend || limit > 1 { now = time.now() }
      }
    }
    idler.found(on: &receiver)
    publishCounts(since: firstOfPhase)
    meters.set(.scheduled, to: next &- firstOfPhase)
    meters.set(.timedOut, to: next &- expected)
    meters.set(.unanswered, to: next &- expected)
    if next != firstOfPhase {
      let lastSent = sentTimes[Int(truncatingIfNeeded: next &- 1) & mask]
      meters.set(.lastSentNanoseconds, to: UInt64(bitPattern: lastSent))
    }
    meters.set(.lastReceivedNanoseconds, to: UInt64(bitPattern: time.now()))
  }

  /// Makes the counts visible to the sampler.
  @usableFromInline @inline(never)
  mutating func publishCounts(since firstOfPhase: UInt64) {
    let count = next &- firstOfPhase
    let answered = count &- (next &- expected)
    meters.set(.sent, to: count)
    meters.set(.accepted, to: count)
    meters.set(.received, to: answered)
    meters.set(.unique, to: answered)
    meters.set(.receivedBytes, to: answered &* UInt64(MemoryLayout<Sender.Item>.size))
  }

  @usableFromInline @inline(never)
  mutating func noteMismatch(_ number: UInt64) {
    meters.add(1, to: .corrupted)
    meters.findings.note(.corrupted, SequenceNumber(word: number), "came back instead of #\(expected)")
  }
}

/// The far end of a round trip: sends every item back as it is.
@frozen
public struct RingPongLoop<
  Sender: RingSender & ~Copyable, Receiver: RingReceiver & ~Copyable, Wait: WaitStrategy
>: ~Copyable where Receiver.Item == Sender.Item {
  @usableFromInline var sender: Sender
  @usableFromInline var receiver: Receiver
  @usableFromInline let wait: Wait
  @usableFromInline let meters: WorkerMeters
  @usableFromInline let notifies: Bool

  /// The far end; `notifies` when the near end may be parked.
  public init(
    sender: consuming Sender, receiver: consuming Receiver, wait: Wait, meters: WorkerMeters, notifies: Bool
  ) {
    self.sender = sender
    self.receiver = receiver
    self.wait = wait
    self.meters = meters
    self.notifies = notifies
  }

  /// Runs one phase on the calling thread.
  @inlinable
  public mutating func run(_ phase: PhaseControl) {
    var idler = Idler(wait)
    var returnedCount: UInt64 = 0
    while true {
      guard let item = receiver.tryPop() else {
        // While there is time: whether items still come, for who watches.
        meters.set(.received, to: returnedCount)
        meters.add(1, to: .emptyPolls)
        if phase.isReceivingOver { break }
        idler.nothing(on: &receiver)
        continue
      }
      idler.found(on: &receiver)
      while !sender.tryPush(item) {
        // The near end never has more in flight than the ring holds; it only takes a moment.
        if phase.isReceivingOver { return }
        spinHint()
      }
      if notifies { sender.notify() }
      returnedCount &+= 1
    }
    idler.found(on: &receiver)
  }
}
