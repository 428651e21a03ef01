import DriverInterface
import Platform
import RingBuffers
import WorkloadLoops

/// Collects the workers of a raw ring; each end's type is known where it is added, so that its loop is specialised.
struct RingWorkerBuilder {
  private let plan: WorkloadPlan
  private let ring: WorkloadPlan.RingPlan
  private let board: StreamBoard
  /// One for all consumers, or one for each reader of a broadcast.
  private let ledgers: [SequenceLedger]
  private var workers: [any LoadWorker] = []

  init(plan: WorkloadPlan, ring: WorkloadPlan.RingPlan) {
    self.plan = plan
    self.ring = ring
    board = StreamBoard(names: plan.producers.map(\.name))
    let isBroadcast = if case .broadcast = ring.kind { true } else { false }
    ledgers = (isBroadcast ? plan.consumers.map { "the ring for \($0.name)" } : ["the ring"]).map { name in
      SequenceLedger(
        name: name, streams: Array(plan.producers.indices), streamCount: plan.producers.count,
        underWayLimit: ring.capacity + 8192, isShared: !isBroadcast && plan.consumers.count > 1)
    }
  }

  /// All workers. A round trip is accounted for at its near end and has no ledger.
  var workerSet: WorkerSet { WorkerSet(workers: workers, ledgers: ring.isRoundTrip ? [] : ledgers, board: board) }

  private var consumersMayPark: Bool { plan.consumers.contains { $0.wait.parks } }
  private var producersMayPark: Bool { plan.producers.contains { $0.wait.parks } }

  mutating func addProducer<End: RingProducer & SendableMetatype & ~Copyable>(_ index: Int, _ end: consuming End)
  where End.Element: RingItem {
    let producer = plan.producers[index]
    let meters = WorkerMeters(layout: plan.histogramLayout, sendLogCapacity: plan.sendLogCapacity)
    let box = LoopBox(
      RingProduceLoop<RingSendingEnd<End>, ChosenWait, CycleCounter>(
        sender: RingSendingEnd(end), wait: ChosenWait(producer.wait), time: plan.time, meters: meters, board: board,
        producer: index, of: plan.producers.count, batchCount: producer.batchCount,
        publishesLazily: ring.publishesLazily, notifies: consumersMayPark))
    workers.append(
      LoopWorker(role: .producer, name: producer.name, meters: meters) { phase in box.withLoop { $0.run(phase) } })
  }

  mutating func addConsumer<End: RingConsumer & SendableMetatype & ~Copyable>(_ index: Int, _ end: consuming End)
  where End.Element: RingItem {
    let faults = plan.consumers[index].faults
    let meters = WorkerMeters(layout: plan.histogramLayout)
    guard !faults.isEmpty else { return addConsumer(index, RingReceivingEnd(end), meters, nil) }
    let worker = WorkerFaults(faults.workerFaults, log: meters.injections, time: plan.time)
    let selector = MessageFaultSelector(faults.messageFaults, streamCount: plan.producers.count)
    let receiver = FaultyRingReceiver(
      RingReceivingEnd(end), laps: ring.kind == .broadcast(laps: true), worker: worker, selector: selector)
    addConsumer(index, receiver, meters, worker)
  }

  private mutating func addConsumer<Receiver: RingReceiver & SendableMetatype & ~Copyable>(
    _ index: Int, _ receiver: consuming Receiver, _ meters: WorkerMeters, _ faults: WorkerFaults?
  ) where Receiver.Item: RingItem {
    let consumer = plan.consumers[index]
    let ledger = ledgers.count > 1 ? ledgers[index] : ledgers[0]
    let tracker = SequenceTracker(ledger: ledger, checksOrder: plan.checksOrder, findings: meters.findings)
    let box = LoopBox(
      RingConsumeLoop<Receiver, ChosenWait, CycleCounter>(
        receiver: receiver, wait: ChosenWait(consumer.wait), time: plan.time, meters: meters,
        tracker: tracker, batchCount: consumer.batchCount, takesLazily: ring.publishesLazily,
        notifies: producersMayPark))
    workers.append(
      LoopWorker(role: .consumer, name: consumer.name, meters: meters) { phase in
        faults?.begin(phase)
        box.withLoop { $0.run(phase) }
        faults?.end()
      })
  }

  mutating func addNearEnd<
    Sender: RingProducer & SendableMetatype & ~Copyable, Receiver: RingConsumer & SendableMetatype & ~Copyable
  >(
    _ sender: consuming Sender, _ receiver: consuming Receiver
  ) where Sender.Element: RingItem, Receiver.Element == Sender.Element {
    let producer = plan.producers[0]
    let meters = WorkerMeters(layout: plan.histogramLayout)
    let box = LoopBox(
      RingPingLoop<RingSendingEnd<Sender>, RingReceivingEnd<Receiver>, ChosenWait, CycleCounter>(
        sender: RingSendingEnd(sender), receiver: RingReceivingEnd(receiver), wait: ChosenWait(producer.wait),
        time: plan.time, meters: meters, outstandingLimit: ring.capacity, notifies: consumersMayPark))
    workers.append(
      LoopWorker(role: .producer, name: producer.name, meters: meters) { phase in box.withLoop { $0.run(phase) } })
  }

  mutating func addFarEnd<
    Sender: RingProducer & SendableMetatype & ~Copyable, Receiver: RingConsumer & SendableMetatype & ~Copyable
  >(
    _ sender: consuming Sender, _ receiver: consuming Receiver
  ) where Sender.Element: RingItem, Receiver.Element == Sender.Element {
    let consumer = plan.consumers[0]
    let meters = WorkerMeters(layout: plan.histogramLayout)
    let box = LoopBox(
      RingPongLoop<RingSendingEnd<Sender>, RingReceivingEnd<Receiver>, ChosenWait>(
        sender: RingSendingEnd(sender), receiver: RingReceivingEnd(receiver), wait: ChosenWait(consumer.wait),
        meters: meters,
        notifies: producersMayPark))
    workers.append(
      LoopWorker(role: .consumer, name: consumer.name, meters: meters) { phase in box.withLoop { $0.run(phase) } })
  }
}
