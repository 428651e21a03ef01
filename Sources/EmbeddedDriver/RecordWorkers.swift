import Distributions
import DriverInterface
import Platform
import RingBuffers
import WorkloadLoops

extension DriverError {
  /// More records than a byte ring has room for.
  static func tooManyRecords(_ count: Int, byteCount: Int) -> DriverError {
    DriverError(.notSupported, "a ring for \(count) records of \(byteCount) bytes; use a smaller capacity")
  }
}

/// Makes the workers at the ends of a byte ring whose records have sizes of their own. They are the loops of a work queue:
/// a record is a stamped body, with its length, a checksum over all of it, and a size that follows from its number.
struct RecordWorkers {
  private let plan: WorkloadPlan
  private let ring: WorkloadPlan.RingPlan
  private let sizes: BodySizes
  private let board: StreamBoard

  init(_ plan: WorkloadPlan, _ ring: WorkloadPlan.RingPlan) {
    self.plan = plan
    self.ring = ring
    sizes = BodySizes(seed: plan.seed, byStream: plan.producers.map(\.sizes))
    board = StreamBoard(names: plan.producers.map(\.name))
  }

  func make() throws(DriverError) -> WorkerSet {
    let ring = ByteRing(capacity: try byteCapacity())
    let ledger = SequenceLedger(
      name: "the ring", streams: [0], streamCount: 1,
      underWayLimit: ring.capacity / MessageStamp.byteCount + 8192, isShared: false)
    return WorkerSet(
      workers: [makeProducer(ring.makeProducer()), makeConsumer(ring.makeConsumer(), ledger)], ledgers: [ledger],
      board: board)
  }

  /// Room for as many records of the mean size as the plan says, and for two of the largest.
  private func byteCapacity() throws(DriverError) -> Int {
    let mean = Int(min(plan.producers[0].sizes.mean.rounded(.up), Double(ring.itemByteCount)))
    guard let largest = ByteRing.capacity(forRecords: 1, byteCount: ring.itemByteCount),
      let wanted = ByteRing.capacity(forRecords: ring.capacity, byteCount: mean)
    else { throw .tooManyRecords(ring.capacity, byteCount: mean) }
    return max(largest, wanted)
  }

  private func makeProducer(_ end: consuming ByteRing.Producer) -> any LoadWorker {
    let producer = plan.producers[0]
    let meters = WorkerMeters(layout: plan.histogramLayout, sendLogCapacity: plan.sendLogCapacity)
    let stamper = MessageStamper(
      byteCount: producer.payloadByteCount, checksPayload: true, seed: plan.seed, sizes: sizes)
    let box = LoopBox(
      ProduceLoop<RecordSendingEnd, ChosenWait, CycleCounter>(
        sender: RecordSendingEnd(end, notifies: plan.consumers[0].wait.parks), stamper: stamper,
        wait: ChosenWait(producer.wait), time: plan.time, meters: meters, board: board, producer: 0, of: 1,
        firstStream: 0, routeCount: 1, batchCount: producer.batchCount, confirmLimit: 0, seed: plan.seed))
    return LoopWorker(role: .producer, name: producer.name, meters: meters) { phase in box.withLoop { $0.run(phase) } }
  }

  private func makeConsumer(_ end: consuming ByteRing.Consumer, _ ledger: SequenceLedger) -> any LoadWorker {
    let consumer = plan.consumers[0]
    let meters = WorkerMeters(layout: plan.histogramLayout)
    let receiver = RecordReceivingEnd(
      end, batchCount: consumer.batchCount, notifies: plan.producers[0].wait.parks)
    guard !consumer.faults.isEmpty else { return makeConsumer(receiver, ledger, meters, nil) }
    let faults = WorkerFaults(consumer.faults.workerFaults, log: meters.injections, time: plan.time)
    let faulty = FaultyEndpoint(
      receiver, worker: faults, selector: MessageFaultSelector(consumer.faults.messageFaults, streamCount: 1),
      largestBodyByteCount: ring.itemByteCount
    ) { _ in preconditionFailure("a ring's consumer has no session that could die") }
    return makeConsumer(faulty, ledger, meters, faults)
  }

  private func makeConsumer<Receiver: MessageReceiver & SendableMetatype & ~Copyable>(
    _ receiver: consuming Receiver, _ ledger: SequenceLedger, _ meters: WorkerMeters, _ faults: WorkerFaults?
  ) -> any LoadWorker {
    let consumer = plan.consumers[0]
    let box = LoopBox(
      ConsumeLoop<Receiver, ChosenWait, CycleCounter>(
        receiver: receiver, wait: ChosenWait(consumer.wait), time: plan.time, meters: meters, board: board,
        tracker: SequenceTracker(ledger: ledger, checksOrder: plan.checksOrder, findings: meters.findings),
        handler: MessageHandler(plan: .none, seed: plan.seed, serviceTimes: []), checksPayload: true,
        batchCount: consumer.batchCount, acknowledgement: .none, sizes: plan.checksSizes ? sizes : .unknown))
    return LoopWorker(role: .consumer, name: consumer.name, meters: meters) { phase in
      faults?.begin(phase)
      box.withLoop { $0.run(phase) }
      faults?.end()
    }
  }
}
