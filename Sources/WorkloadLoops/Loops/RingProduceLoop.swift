public import DriverInterface
public import Histograms
public import Platform

/// One producer of a raw ring.
///
/// Saturating loops run in chunks of a few thousand items between two looks at the clock and the flags, so that what is
/// measured is the ring. Items are made from their number alone.
@frozen
public struct RingProduceLoop<Sender: RingSender & ~Copyable, Wait: WaitStrategy, Time: TimeSource>: ~Copyable
where Sender.Item: RingItem {
  @usableFromInline var sender: Sender
  @usableFromInline let wait: Wait
  @usableFromInline let time: Time
  @usableFromInline let meters: WorkerMeters
  @usableFromInline var sendDelay: HistogramRecorder.Writer
  @usableFromInline let board: StreamBoard
  @usableFromInline let producer: Int
  @usableFromInline let producerCount: Int
  @usableFromInline let batchCount: Int
  @usableFromInline let publishesLazily: Bool
  /// Whether consumers may be parked and must be woken.
  @usableFromInline let notifies: Bool
  @usableFromInline var next: UInt64
  @usableFromInline var sentInPhase = 0

  /// Items between two looks at clock and flags.
  @usableFromInline static var chunkCount: Int { @inlinable get { 4096 } }

  /// A producer.
  public init(
    sender: consuming Sender, wait: Wait, time: Time, meters: WorkerMeters, board: StreamBoard, producer: Int,
    of producerCount: Int, batchCount: Int, publishesLazily: Bool, notifies: Bool
  ) {
    self.sender = sender
    self.wait = wait
    self.time = time
    self.meters = meters
    self.board = board
    self.producer = producer
    self.producerCount = producerCount
    self.batchCount = batchCount
    self.publishesLazily = publishesLazily
    self.notifies = notifies
    sendDelay = meters.sendDelay.makeWriter()
    next = SequenceNumber(stream: producer, sequence: 0).word
  }

  /// Runs one phase on the calling thread.
  @inlinable
  public mutating func run(_ phase: PhaseControl) {
    sentInPhase = 0
    var schedule = SendingSchedule(phase, producer: producer, of: producerCount, sample: meters.arrivals)
    let pacer = Pacer(spinNanoseconds: phase.plan.pacingSpinNanoseconds)
    var idler = Idler(wait)
    pacer.waitForStart(phase.startNanoseconds, time: time)
    if schedule.isOpenLoop {
      sendOnSchedule(phase, &schedule, pacer, &idler)
      schedule.skip(until: min(time.now(), schedule.end))
      meters.set(.scheduled, to: UInt64(schedule.scheduledCount))
    } else {
      saturate(phase, schedule, &idler)
      meters.set(.scheduled, to: UInt64(sentInPhase))
    }
    idler.found(on: &sender)
    meters.set(.lastSentNanoseconds, to: UInt64(bitPattern: time.now()))
  }

  @inlinable
  mutating func saturate(_ phase: PhaseControl, _ schedule: SendingSchedule, _ idler: inout Idler<Wait>) {
    while sentInPhase < schedule.countLimit, !phase.isSendingOver, time.now() < schedule.end {
      let count = min(Self.chunkCount, schedule.countLimit &- sentInPhase)
      let sent = batchCount > 1 ? sendBatches(count, phase, &idler) : sendSingly(count, phase, &idler)
      noteSent(sent)
      if sent < count { return }
    }
  }

  /// Items one by one. Returns fewer than asked only when nobody takes them any more.
  @inlinable
  mutating func sendSingly(_ count: Int, _ phase: PhaseControl, _ idler: inout Idler<Wait>) -> Int {
    // A local, and a call per run of items that fit: both ends of the loop then live in registers.
    let first = next
    var sent = 0
    defer { next = first &+ UInt64(truncatingIfNeeded: sent) }
    while true {
      let start = first &+ UInt64(truncatingIfNeeded: sent)
      let item = { (index: Int) in Sender.Item(number: start &+ UInt64(truncatingIfNeeded: index)) }
      sent &+=
        publishesLazily
        ? sender.pushLazily(count &- sent, making: item) : sender.pushEach(count &- sent, making: item)
      if sent == count { break }
      sender.flush()
      guard waitForRoom(phase, &idler) else { return sent }
    }
    sender.flush()
    // Once per chunk: a fence per item would cost more than the item. A consumer that parks meanwhile found the ring empty, so it
    // waits for items that are a microsecond old at most.
    if notifies { sender.notify() }
    idler.found(on: &sender)
    return count
  }

  @inlinable
  mutating func sendBatches(_ count: Int, _ phase: PhaseControl, _ idler: inout Idler<Wait>) -> Int {
    var sent = 0
    while sent < count {
      let claimed = sender.claim(upTo: min(batchCount, count &- sent))
      if claimed == 0 {
        guard waitForRoom(phase, &idler) else { return sent }
        continue
      }
      for index in 0..<claimed {
        sender.write(Sender.Item(number: next &+ UInt64(truncatingIfNeeded: index)), at: index)
      }
      sender.publish()
      if notifies { sender.notify() }
      next &+= UInt64(truncatingIfNeeded: claimed)
      sent &+= claimed
    }
    idler.found(on: &sender)
    return sent
  }

  @inlinable
  mutating func sendOnSchedule(
    _ phase: PhaseControl, _ schedule: inout SendingSchedule, _ pacer: Pacer, _ idler: inout Idler<Wait>
  ) {
    while schedule.nextIntended < .max, !phase.isSendingOver {
      let now = time.now()
      guard now >= schedule.nextIntended else {
        pacer.approach(schedule.nextIntended, now: now)
        continue
      }
      if now &- schedule.end > SendingSchedule.overrunNanoseconds { return }
      let item = Sender.Item(number: next, intendedNanoseconds: schedule.nextIntended, sentNanoseconds: now)
      while !sender.tryPush(item) {
        guard waitForRoom(phase, &idler) else { return }
      }
      idler.found(on: &sender)
      if notifies { sender.notify() }
      sendDelay.record(now &- schedule.nextIntended)
      if let log = meters.sendLog {
        log.note(schedule.nextIntended, byteCount: MemoryLayout<Sender.Item>.size, route: -1)
      }
      schedule.advance()
      next &+= 1
      noteSent(1)
    }
  }

  /// Waits a turn for room; false when nobody will make any.
  @inlinable @inline(__always)
  mutating func waitForRoom(_ phase: PhaseControl, _ idler: inout Idler<Wait>) -> Bool {
    if phase.isReceivingOver { return false }
    meters.add(1, to: .fullWaits)
    if notifies { sender.notify() }
    idler.nothing(on: &sender)
    return true
  }

  @inlinable @inline(__always)
  mutating func noteSent(_ sent: Int) {
    sentInPhase &+= sent
    meters.add(sent, to: .sent)
    meters.add(sent, to: .accepted)
    board.setAcceptedCount(SequenceNumber(word: next).sequence, ofStream: producer)
  }
}
