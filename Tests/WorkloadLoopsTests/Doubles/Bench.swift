import Distributions
import DriverInterface
import Histograms
import Platform
import WorkloadLoops

/// A producer and a consumer around one fake queue, with everything that they need.
struct Bench {
  typealias Producer = ProduceLoop<FakeSender, BusySpin, VirtualClock>
  typealias Consumer = ConsumeLoop<FakeReceiver, BusySpin, VirtualClock>

  let clock: VirtualClock
  let queue: FakeQueue
  let board: StreamBoard
  let ledger: SequenceLedger
  let sent = WorkerMeters(layout: .latency)
  let received = WorkerMeters(layout: .latency)

  init(
    capacity: Int = 1024, streamCount: Int = 1, producersMayPark: Bool = false, clock: VirtualClock = VirtualClock()
  ) {
    self.clock = clock
    queue = FakeQueue(capacity: capacity)
    board = StreamBoard(names: (0..<streamCount).map { "stream \($0)" }, producersMayPark: producersMayPark)
    ledger = SequenceLedger(
      name: "queue", streams: Array(0..<streamCount), streamCount: streamCount, underWayLimit: capacity, isShared: false
    )
  }

  func producer(
    byteCount: Int = 64, checksPayload: Bool = true, routeCount: Int = 1, batchCount: Int = 1, confirmLimit: Int = 0,
    sender: consuming FakeSender
  ) -> Producer {
    ProduceLoop(
      sender: sender, stamper: MessageStamper(byteCount: byteCount, checksPayload: checksPayload, seed: 1),
      wait: BusySpin(), time: clock, meters: sent, board: board, producer: 0, of: 1, firstStream: 0,
      routeCount: routeCount, batchCount: batchCount, confirmLimit: confirmLimit)
  }

  func consumer(
    checksPayload: Bool = true, batchCount: Int = 1, acknowledgement: WorkloadPlan.Acknowledgement = .each,
    handler: MessageHandler = MessageHandler(plan: .none, seed: 0, serviceTimes: [])
  ) -> Consumer {
    let tracker = SequenceTracker(ledger: ledger, checksOrder: true, findings: received.findings)
    return ConsumeLoop(
      receiver: FakeReceiver(queue), wait: BusySpin(), time: clock, meters: received, board: board, tracker: tracker,
      handler: handler, checksPayload: checksPayload, batchCount: batchCount, acknowledgement: acknowledgement)
  }

  /// Puts one stamped message into the queue.
  func put(_ number: SequenceNumber, intended: Int64 = 0, sent: Int64 = 0, isRedelivered: Bool = false) {
    var stamper = MessageStamper(byteCount: 64, checksPayload: true, seed: 1)
    let body = stamper.stamp(MessageStamp(number: number, intendedNanoseconds: intended, sentNanoseconds: sent))
    _ = queue.offer(body, isRedelivered: isRedelivered)
  }
}

extension Bench {
  /// A phase that is over as soon as the queue is empty: a consumer takes what is there and ends.
  func lastPhase(_ load: PhasePlan.Load = .saturate(messageCount: nil)) -> PhaseControl {
    WorkloadLoopsTests.lastPhase(of: queue, load)
  }
}

/// A phase that is over as soon as the queue is empty.
func lastPhase(of queue: FakeQueue, _ load: PhasePlan.Load = .saturate(messageCount: nil)) -> PhaseControl {
  let control = phase(load)
  queue.ranDry = { control.stopReceiving() }
  return control
}

/// A phase of the given load, starting at 0.
func phase(_ load: PhasePlan.Load, duration: Int64? = nil, seed: UInt64 = 1) -> PhaseControl {
  PhaseControl(
    plan: PhasePlan(name: "phase", load: load, durationNanoseconds: duration, seed: seed), startNanoseconds: 0)
}

/// A phase that has nothing more to come: whoever waits for something ends.
func lastPhase(_ load: PhasePlan.Load = .saturate(messageCount: nil)) -> PhaseControl {
  let control = phase(load)
  control.stopReceiving()
  return control
}
