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

  /// Where consumers count, and where the ring lies, when that is not this process alone.
  private let region: PeerRegion?

  init(plan: WorkloadPlan, ring: WorkloadPlan.RingPlan, region: PeerRegion?) {
    self.plan = plan
    self.ring = ring
    self.region = region
    board = StreamBoard(names: plan.producers.map(\.name))
    ledgers = region?.ledgers ?? RingLedgers(plan, ring).make()
  }

  /// All workers. A round trip is accounted for at its near end and has no ledger.
  var workerSet: WorkerSet { WorkerSet(workers: workers, ledgers: ring.isRoundTrip ? [] : ledgers, board: board) }

  private var consumersMayPark: Bool { plan.consumers.contains { $0.wait.parks } }
  private var producersMayPark: Bool { plan.producers.contains { $0.wait.parks } }

  private func consumerMeters(_ index: Int) -> WorkerMeters {
    region?.meters[index] ?? WorkerMeters(layout: plan.histogramLayout)
  }

  mutating func addProducer<End: RingProducer & SendableMetatype & ~Copyable>(_ index: Int, _ end: consuming End)
  where End.Element: RingItem {
    let producer = plan.producers[index]
    let meters = WorkerMeters(layout: plan.histogramLayout, sendLogCapacity: plan.sendLogCapacity)
    let box = LoopBox(
      RingProduceLoop<RingSendingEnd<End>, ChosenWait, CycleCounter>(
        sender: RingSendingEnd(end, keeping: region?.memory), wait: ChosenWait(producer.wait), time: plan.time,
        meters: meters, board: board,
        producer: index, of: plan.producers.count, batchCount: producer.batchCount,
        publishesLazily: ring.publishesLazily, notifies: consumersMayPark))
    workers.append(
      LoopWorker(role: .producer, name: producer.name, meters: meters) { phase in box.withLoop { $0.run(phase) } })
  }

  mutating func addConsumer<End: RingConsumer & SendableMetatype & ~Copyable>(_ index: Int, _ end: consuming End)
  where End.Element: RingItem {
    let faults = plan.consumers[index].faults
    let meters = consumerMeters(index)
    guard !faults.isEmpty else {
      return addConsumer(index, RingReceivingEnd(end, keeping: region?.memory), meters, nil)
    }
    let worker = WorkerFaults(faults.workerFaults, log: meters.injections, time: plan.time)
    let selector = MessageFaultSelector(faults.messageFaults, streamCount: plan.producers.count)
    let receiver = FaultyRingReceiver(
      RingReceivingEnd(end, keeping: region?.memory), laps: ring.kind == .broadcast(laps: true), worker: worker,
      selector: selector)
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

  /// The consumers, or the far end of a round trip, in another process.
  mutating func addConsumers(of peer: RingPeer, _ region: PeerRegion) {
    for (index, consumer) in plan.consumers.enumerated() {
      workers.append(
        PeerWorker(name: consumer.name, meters: region.meters[index], peer: peer, leads: index == 0))
    }
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
        sender: RingSendingEnd(sender, keeping: region?.memory),
        receiver: RingReceivingEnd(receiver, keeping: region?.memory), wait: ChosenWait(producer.wait),
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
    let meters = consumerMeters(0)
    let box = LoopBox(
      RingPongLoop<RingSendingEnd<Sender>, RingReceivingEnd<Receiver>, ChosenWait>(
        sender: RingSendingEnd(sender, keeping: region?.memory),
        receiver: RingReceivingEnd(receiver, keeping: region?.memory), wait: ChosenWait(consumer.wait),
        meters: meters,
        notifies: producersMayPark))
    workers.append(
      LoopWorker(role: .consumer, name: consumer.name, meters: meters) { phase in box.withLoop { $0.run(phase) } })
  }
}
