import DriverInterface
import MessageBroker
import Platform
import WorkloadLoops

/// Makes the workers of a work queue: producers by their routes, consumers of their queues, one ledger per queue.
struct WorkQueueWorkers {
  private let plan: WorkloadPlan
  private let broker: Broker
  private let map: StreamMap
  private let board: StreamBoard
  /// By queue: which consumer gets each stream, where that is checked.
  private let owners: [String: StreamOwners]

  init(_ plan: WorkloadPlan, _ broker: Broker) {
    self.plan = plan
    self.broker = broker
    let map = StreamMap(plan)
    self.map = map
    owners = Dictionary(
      plan.consumers.filter { $0.order == .perKey }.map { ($0.queue, StreamOwners(streamCount: map.streams.count)) },
      uniquingKeysWith: { first, _ in first })
    board = StreamBoard(
      names: map.streams.map(\.name), producersMayPark: plan.producers.contains { $0.wait.parks })
  }

  func make() throws(BrokerError) -> WorkerSet {
    try broker.declare(plan.topology)
    let ledgers = makeLedgers()
    var workers: [any LoadWorker] = []
    for index in plan.producers.indices { workers.append(try makeProducer(index)) }
    for index in plan.consumers.indices { workers.append(try makeConsumer(index, ledgers)) }
    return WorkerSet(workers: workers, ledgers: ledgers, board: board)
  }

  private func makeLedgers() -> [SequenceLedger] {
    plan.topology.queues.compactMap { queue in
      let consumers = plan.consumers.filter { $0.queue == queue.name }
      guard !consumers.isEmpty else { return nil }
      let underWay = (queue.maxLength ?? QueueOptions().maxLength) + consumers.reduce(0) { $0 + $1.prefetchCount }
      return SequenceLedger(
        name: queue.name, streams: map.streams(to: queue.name), streamCount: map.streams.count,
        underWayLimit: underWay, isShared: consumers.count > 1, strays: map.strays(to: queue.name),
        allowsRepeats: map.allowsRepeats(in: queue.name))
    }
  }

  private func makeProducer(_ index: Int) throws(BrokerError) -> any LoadWorker {
    let producer = plan.producers[index]
    // With a queue that refuses, each message's fate must be known before the next is numbered.
    let canBeRefused = plan.topology.queues.contains { $0.overflow.refuses }
    var session = try broker.openSession(
      SessionOptions(batchCount: canBeRefused ? 1 : producer.batchCount, mayPark: producer.wait.parks))
    var routes: [Route] = []
    let headers = FieldTable(producer.headers)
    for key in producer.keys {
      routes.append(try session.route(exchange: producer.exchange, key: key, headers: headers))
    }
    if producer.confirmsOutstandingLimit > 0 { session.confirmSelect() }
    let meters = WorkerMeters(
      layout: plan.histogramLayout, sendLogCapacity: plan.sendLogCapacity, encodes: !plan.encodings.isEmpty)
    let endpoint = BrokerEndpoint(
      session, routes: routes, properties: MessageProperties(producer),
      publishBatch: canBeRefused ? 1 : producer.batchCount,
      largestBodyByteCount: plan.largestTravellingByteCount(of: producer))
    guard !plan.encodings.isEmpty else { return makeProducer(index, endpoint, meters) }
    return makeProducer(index, plan.serializing(endpoint, as: [producer.encoding], meters: meters), meters)
  }

  private func makeProducer<Sender: MessageSender & SendableMetatype & ~Copyable>(
    _ index: Int, _ endpoint: consuming Sender, _ meters: WorkerMeters
  ) -> any LoadWorker {
    let producer = plan.producers[index]
    let stamper = MessageStamper(
      byteCount: producer.payloadByteCount, checksPayload: plan.checksPayload, seed: plan.seed &+ UInt64(index),
      sizes: map.sizes(plan), compressibleShare: producer.compressibleShare, shape: producer.encoding.shape)
    if let clock = plan.simulatedClock {
      return SteppedWorker(
        sending: producing(index, endpoint, stamper, meters, BusySpin(), clock), name: producer.name, meters: meters)
    }
    let box = LoopBox(producing(index, endpoint, stamper, meters, ChosenWait(producer.wait), plan.time))
    return LoopWorker(role: .producer, name: producer.name, meters: meters) { phase in box.withLoop { $0.run(phase) } }
  }

  private func producing<
    Sender: MessageSender & SendableMetatype & ~Copyable, Wait: WaitStrategy, Time: TimeSource
  >(
    _ index: Int, _ sender: consuming Sender, _ stamper: consuming MessageStamper, _ meters: WorkerMeters,
    _ wait: Wait, _ time: Time
  ) -> ProduceLoop<Sender, Wait, Time> {
    let producer = plan.producers[index]
    return ProduceLoop(
      sender: sender, stamper: stamper, wait: wait, time: time, meters: meters, board: board, producer: index,
      of: plan.producers.count, firstStream: map.firstStreams[index], routeCount: producer.keys.count,
      batchCount: producer.batchCount, confirmLimit: producer.confirmsOutstandingLimit,
      routeChoice: producer.keyChoice, priorities: MessagePriorities(producer.priorities, seed: plan.seed),
      refusalsKeepNumbers: refusalsKeepNumbers(of: producer), seed: plan.seed)
  }

  /// By routing key.
  private func refusalsKeepNumbers(of producer: WorkloadPlan.Producer) -> [Bool] {
    let keeping = Set(plan.topology.queues.filter { $0.overflow == .rejectPublishDeadLetter }.map(\.name))
    return keeping.isEmpty ? [] : producer.queuesByKey.map { !keeping.isDisjoint(with: $0) }
  }

  private func makeConsumer(_ index: Int, _ ledgers: [SequenceLedger]) throws(BrokerError) -> any LoadWorker {
    let consumer = plan.consumers[index]
    let meters = WorkerMeters(layout: plan.histogramLayout, encodes: !plan.encodings.isEmpty)
    guard let ledger = ledgers.first(where: { $0.name == consumer.queue }) else {
      preconditionFailure("a consumer's queue has a ledger")
    }
    let opener = ConsumerOpener(plan, broker, consumer, publishBatch: 1)
    if let clock = plan.simulatedClock {
      return SteppedWorker(
        receiving: consuming(index, ledger, try opener.open(consumes: true), meters, BusySpin(), clock),
        name: consumer.name, meters: meters)
    }
    let faults =
      consumer.faults.isEmpty
      ? nil : WorkerFaults(consumer.faults.workerFaults, log: meters.injections, time: plan.time)
    let isPlain = plan.encodings.isEmpty
    guard let faults else {
      let endpoint = try opener.open(consumes: true)
      return isPlain
        ? makeConsumer(index, ledger, endpoint, meters, nil)
        : makeConsumer(index, ledger, plan.serializing(endpoint, as: plan.encodings, meters: meters), meters, nil)
    }
    guard isPlain else {
      let endpoint = try opener.openFaulty(faults, streamCount: map.streams.count, serializing: meters)
      return makeConsumer(index, ledger, endpoint, meters, faults)
    }
    let endpoint = try opener.openFaulty(faults, streamCount: map.streams.count)
    return makeConsumer(index, ledger, endpoint, meters, faults)
  }

  private func makeConsumer<Receiver: MessageReceiver & SendableMetatype & ~Copyable>(
    _ index: Int, _ ledger: SequenceLedger, _ receiver: consuming Receiver, _ meters: WorkerMeters,
    _ faults: WorkerFaults?
  ) -> any LoadWorker {
    let consumer = plan.consumers[index]
    let box = LoopBox(consuming(index, ledger, receiver, meters, ChosenWait(consumer.wait), plan.time))
    return LoopWorker(role: .consumer, name: consumer.name, meters: meters) { phase in
      faults?.begin(phase)
      box.withLoop { $0.run(phase) }
      faults?.end()
    }
  }

  private func consuming<
    Receiver: MessageReceiver & SendableMetatype & ~Copyable, Wait: WaitStrategy, Time: TimeSource
  >(
    _ index: Int, _ ledger: SequenceLedger, _ receiver: consuming Receiver, _ meters: WorkerMeters,
    _ wait: Wait, _ time: Time
  ) -> ConsumeLoop<Receiver, Wait, Time> {
    let consumer = plan.consumers[index]
    let tracker = SequenceTracker(
      ledger: ledger, checksOrder: plan.checksOrder && consumer.order != .none, findings: meters.findings,
      owners: consumer.order == .perKey ? owners[consumer.queue] : nil, consumer: index)
    return ConsumeLoop(
      receiver: receiver, wait: wait, time: time, meters: meters, board: board,
      tracker: tracker,
      handler: MessageHandler(plan: consumer.handler, seed: plan.seed, serviceTimes: map.serviceTimes(plan)),
      checksPayload: plan.checksPayload, batchCount: consumer.batchCount, acknowledgement: consumer.acknowledgement,
      sizes: plan.checksSizes ? map.sizes(plan) : .unknown, failures: consumer.failures,
      countsSettled: plan.accounts.contains { $0.queues.contains(consumer.queue) })
  }
}
