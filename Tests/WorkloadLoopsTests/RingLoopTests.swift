import DriverInterface
import Histograms
import Platform
import Testing

@testable import WorkloadLoops

/// A producer and a consumer around one fake ring.
struct RingBench<Item: RingItem> {
  typealias Producer = RingProduceLoop<FakeRingSender<Item>, BusySpin, VirtualClock>
  typealias Consumer = RingConsumeLoop<FakeRingReceiver<Item>, BusySpin, VirtualClock>

  let clock: VirtualClock
  let ring: FakeRing<Item>
  let board = StreamBoard(names: ["ring"])
  let sent = WorkerMeters(layout: .latency)
  let received = WorkerMeters(layout: .latency)
  let ledger: SequenceLedger

  init(capacity: Int, clock: VirtualClock = VirtualClock()) {
    self.clock = clock
    ring = FakeRing(capacity: capacity)
    ledger = SequenceLedger(name: "ring", streams: [0], streamCount: 1, underWayLimit: capacity, isShared: false)
  }

  func producer(batchCount: Int = 1, publishesLazily: Bool = false, notifies: Bool = false) -> Producer {
    RingProduceLoop(
      sender: FakeRingSender(ring), wait: BusySpin(), time: clock, meters: sent, board: board, producer: 0, of: 1,
      batchCount: batchCount, publishesLazily: publishesLazily, notifies: notifies)
  }

  func consumer(batchCount: Int = 1, takesLazily: Bool = false, notifies: Bool = false) -> Consumer {
    let tracker = SequenceTracker(ledger: ledger, checksOrder: true, findings: received.findings)
    return RingConsumeLoop(
      receiver: FakeRingReceiver(ring), wait: BusySpin(), time: clock, meters: received, tracker: tracker,
      batchCount: batchCount, takesLazily: takesLazily, notifies: notifies)
  }
}

@Suite struct RingLoopTests {
  /// How items are handed over.
  struct Mode: Sendable {
    var batchCount = 1
    var isLazy = false
  }

  static let modes = [Mode(), Mode(isLazy: true), Mode(batchCount: 2), Mode(batchCount: 100)]

  @Test(arguments: modes)
  func everythingSentInAnyModeArrivesOnceAndInOrder(mode: Mode) {
    for count in [0, 1, 15, 16, 17, 4095, 4096, 4097, 10_000] {
      let bench = RingBench<RingRecord<2>>(capacity: max(count, 1))
      var producer = bench.producer(batchCount: mode.batchCount, publishesLazily: mode.isLazy)
      producer.run(phase(.saturate(messageCount: Int64(count))))
      var consumer = bench.consumer(batchCount: mode.batchCount, takesLazily: mode.isLazy)
      consumer.run(lastPhase())
      for counter in [WorkerMeters.Counter.scheduled, .sent, .accepted] {
        #expect(bench.sent.value(of: counter) == count)
      }
      #expect(bench.board.acceptedCount(ofStream: 0) == UInt64(count))
      #expect(bench.received.value(of: .received) == count)
      #expect(bench.received.value(of: .receivedBytes) == 16 * count)
      #expect(bench.received.value(of: .unique) == count)
      for counter in [WorkerMeters.Counter.duplicated, .reordered, .corrupted] {
        #expect(bench.received.value(of: counter) == 0)
      }
    }
  }

  @Test(arguments: modes)
  func producerOfAFullRingEndsWhenNobodyReceivesAnyMore(mode: Mode) {
    let bench = RingBench<RingWord>(capacity: 10)
    var producer = bench.producer(batchCount: mode.batchCount, publishesLazily: mode.isLazy)
    producer.run(lastPhase(.saturate(messageCount: 100)))
    #expect(bench.sent.value(of: .accepted) == 10)
    #expect(bench.board.acceptedCount(ofStream: 0) == 10)
    #expect(bench.ring.count == 10)
  }

  @Test func interruptedProducerSendsNothingMore() {
    let bench = RingBench<RingWord>(capacity: 10)
    let control = phase(.saturate(messageCount: nil))
    control.stopSending()
    var producer = bench.producer()
    producer.run(control)
    #expect(bench.sent.value(of: .sent) == 0)
  }

  @Test func producerNotifiesAtLeastOncePerChunkAndOnlyWhenAsked() {
    for notifies in [false, true] {
      let bench = RingBench<RingWord>(capacity: 10_000)
      var producer = bench.producer(notifies: notifies)
      producer.run(phase(.saturate(messageCount: 10_000)))
      #expect(bench.ring.notifyCount == (notifies ? 3 : 0))
      var consumer = bench.consumer(batchCount: 100, notifies: notifies)
      consumer.run(lastPhase())
      #expect(bench.ring.notifyCount == (notifies ? 103 : 0))
    }
  }

  @Test func openLoopTimesItemsThatHoldTimes() {
    let bench = RingBench<RingRecord<4>>(capacity: 100, clock: VirtualClock(step: 1000))
    var producer = bench.producer()
    let load = PhasePlan.Load.constant(ratePerSecond: 100_000)
    producer.run(phase(load, duration: 500_000))
    #expect(bench.sent.value(of: .scheduled) == 50)
    #expect(bench.sent.value(of: .accepted) == 50)
    #expect(bench.sent.sendDelay.snapshot().max < 10_000)
    var consumer = bench.consumer(batchCount: 8)
    consumer.run(lastPhase(load))
    #expect(bench.received.value(of: .unique) == 50)
    #expect(bench.received.latency.snapshot().count == 50)
    #expect(bench.received.latency.snapshot().max >= 490_000)
  }

  /// A 16-byte item in an open loop used to stop the program.
  @Test func openLoopSendsItemsWithoutRoomForTimes() {
    let bench = RingBench<RingRecord<2>>(capacity: 100, clock: VirtualClock(step: 1000))
    let load = PhasePlan.Load.constant(ratePerSecond: 100_000)
    var producer = bench.producer()
    producer.run(phase(load, duration: 500_000))
    var consumer = bench.consumer(batchCount: 8)
    consumer.run(lastPhase(load))
    #expect(bench.received.value(of: .unique) == 50)
    #expect(bench.received.value(of: .corrupted) == 0)
    #expect(bench.received.latency.snapshot().isEmpty)
  }

  /// The meters used to stay as they were when the tracker had settled by itself.
  @Test(arguments: modes, [Fault.double, .swap, .corrupt(bit: 70)])
  func violationAtTheVeryEndIsReported(mode: Mode, fault: Fault) {
    let bench = RingBench<RingRecord<2>>(capacity: 200)
    bench.ring.flip = { flipping($1, of: $0) }
    bench.ring.faults = [FaultAt(fault: fault, position: fault == .swap ? 98 : 99)]
    var producer = bench.producer(batchCount: mode.batchCount, publishesLazily: mode.isLazy)
    producer.run(phase(.saturate(messageCount: 100)))
    var consumer = bench.consumer(batchCount: mode.batchCount, takesLazily: mode.isLazy)
    consumer.run(lastPhase())
    let counter: WorkerMeters.Counter =
      switch fault {
      case .double: .duplicated
      case .swap: .reordered
      default: .corrupted
      }
    #expect(bench.received.value(of: counter) == 1)
    #expect(bench.received.value(of: .unique) == (counter == .corrupted ? 99 : 100))
  }

  @Test func damagedItemAloneInAPhaseIsReported() {
    let bench = RingBench<RingRecord<2>>(capacity: 8)
    bench.ring.flip = { flipping($1, of: $0) }
    bench.ring.faults = [FaultAt(fault: .corrupt(bit: 3), position: 0)]
    var producer = bench.producer()
    producer.run(phase(.saturate(messageCount: 1)))
    var consumer = bench.consumer()
    consumer.run(lastPhase())
    #expect(bench.received.value(of: .corrupted) == 1)
  }

  private typealias Ping = RingPingLoop<
    FakeRingSender<RingRecord<2>>, FakeRingReceiver<RingRecord<2>>, BusySpin, VirtualClock
  >

  private func ping(_ loop: FakeRing<RingRecord<2>>, _ clock: VirtualClock, _ meters: WorkerMeters) -> Ping {
    RingPingLoop(
      sender: FakeRingSender(loop), receiver: FakeRingReceiver(loop), wait: BusySpin(), time: clock, meters: meters,
      outstandingLimit: 16, notifies: false)
  }

  @Test func roundTripTimesEachItem() {
    for inFlight in [1, 3, 16] {
      let clock = VirtualClock(step: 10)
      let meters = WorkerMeters(layout: .latency)
      var ping = ping(FakeRing(capacity: 16), clock, meters)
      ping.run(phase(.inFlight(perProducer: inFlight), duration: 10_000))
      let count = meters.value(of: .sent)
      #expect(count >= 900)
      for counter in [WorkerMeters.Counter.scheduled, .accepted, .received, .unique] {
        #expect(meters.value(of: counter) == count)
      }
      #expect(meters.value(of: .timedOut) == 0)
      #expect(meters.serviceTime.snapshot().count == count)
      #expect(meters.serviceTime.snapshot().max == Int64(10 * inFlight))
    }
  }

  @Test func roundTripSendsExactlyItsCount() {
    let meters = WorkerMeters(layout: .latency)
    var ping = ping(FakeRing(capacity: 16), VirtualClock(), meters)
    ping.run(phase(.saturate(messageCount: 1000)))
    #expect(meters.value(of: .sent) == 1000)
    #expect(meters.value(of: .unique) == 1000)
    #expect(meters.value(of: .receivedBytes) == 16_000)
  }

  @Test func roundTripFindsDamagedAndLostItems() {
    let damaging = FakeRing<RingRecord<2>>(capacity: 16)
    damaging.flip = { flipping($1, of: $0) }
    damaging.faults = [FaultAt(fault: .corrupt(bit: 100), position: 50)]
    let meters = WorkerMeters(layout: .latency)
    var first = ping(damaging, VirtualClock(), meters)
    first.run(phase(.saturate(messageCount: 100)))
    #expect(meters.value(of: .corrupted) == 1)

    let losing = FakeRing<RingRecord<2>>(capacity: 16)
    losing.faults = [FaultAt(fault: .lose, position: 99)]
    let lossMeters = WorkerMeters(layout: .latency)
    var second = ping(losing, VirtualClock(), lossMeters)
    second.run(lastPhase(.saturate(messageCount: 100)))
    #expect(lossMeters.value(of: .timedOut) == 1)
    #expect(lossMeters.value(of: .unique) == 99)
  }

  @Test func farEndSendsEveryItemBackInOrder() {
    let forth = FakeRing<RingWord>(capacity: 100)
    let back = FakeRing<RingWord>(capacity: 100)
    for number in 0..<100 as Range<UInt64> { _ = forth.push(RingWord(number: number)) }
    let meters = WorkerMeters(layout: .latency)
    var pong = RingPongLoop(
      sender: FakeRingSender(back), receiver: FakeRingReceiver(forth), wait: BusySpin(), meters: meters, notifies: true)
    pong.run(lastPhase())
    #expect(meters.value(of: .received) == 100)
    #expect((0..<100).map { back.item(at: $0).number } == Array(0..<100))
    #expect(back.notifyCount == 100)
  }
}
