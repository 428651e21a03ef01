import DriverInterface
import MessageBroker
import Platform
import WorkloadLoops

/// Makes clients, each with a reply queue of its own, and servers of the request queues.
struct RequestReplyWorkers {
  private let plan: WorkloadPlan
  private let broker: Broker
  private let board: StreamBoard
  private let sizes: BodySizes

  /// Requests of one client that may be waiting at a time in an open loop.
  private static let outstandingLimit = 65536

  init(_ plan: WorkloadPlan, _ broker: Broker) {
    self.plan = plan
    self.broker = broker
    board = StreamBoard(names: plan.producers.map(\.name))
    sizes = BodySizes(seed: plan.seed, byStream: plan.producers.map(\.sizes))
  }

  func make() throws(BrokerError) -> WorkerSet {
    try broker.declare(plan.topology)
    var workers: [any LoadWorker] = []
    for index in plan.producers.indices { workers.append(try makeClient(index)) }
    for server in plan.consumers { workers.append(try makeServer(server)) }
    return WorkerSet(workers: workers, ledgers: [], board: board)
  }

  /// The sizes to compare with, unless a trace says other ones.
  private var knownSizes: BodySizes { plan.checksSizes ? sizes : .unknown }

  private func makeClient(_ index: Int) throws(BrokerError) -> any LoadWorker {
    let client = plan.producers[index]
    var session = try broker.openSession(SessionOptions(batchCount: 1, mayPark: client.wait.parks))
    let replies = try session.declareQueue(
      "", options: QueueOptions(maxLength: Self.outstandingLimit, isExclusive: true))
    _ = try session.consume(queue: replies.name, acknowledgement: .automatic)
    let route = try session.route(exchange: client.exchange, key: client.keys[0])
    let meters = WorkerMeters(
      layout: plan.histogramLayout, sendLogCapacity: plan.sendLogCapacity, encodes: !plan.encodings.isEmpty)
    let endpoint = BrokerEndpoint(
      session, routes: [route], properties: MessageProperties(client, replyTo: replies.handle), publishBatch: 1,
      largestBodyByteCount: plan.largestTravellingByteCount(of: client))
    guard !plan.encodings.isEmpty else { return makeClient(index, endpoint, meters) }
    return makeClient(index, plan.serializing(endpoint, as: [client.encoding], meters: meters), meters)
  }

  private func makeClient<Endpoint: MessageSender & MessageReceiver & SendableMetatype & ~Copyable>(
    _ index: Int, _ endpoint: consuming Endpoint, _ meters: WorkerMeters
  ) -> any LoadWorker {
    let client = plan.producers[index]
    let stamper = MessageStamper(
      byteCount: client.payloadByteCount, checksPayload: plan.checksPayload, seed: plan.seed &+ UInt64(index),
      sizes: sizes, compressibleShare: client.compressibleShare, shape: client.encoding.shape)
    if let clock = plan.simulatedClock {
      return SteppedWorker(
        sending: requesting(index, endpoint, stamper, meters, BusySpin(), clock), name: client.name, meters: meters)
    }
    let box = LoopBox(requesting(index, endpoint, stamper, meters, ChosenWait(client.wait), plan.time))
    return LoopWorker(role: .producer, name: client.name, meters: meters) { phase in box.withLoop { $0.run(phase) } }
  }

  private func requesting<
    Endpoint: MessageSender & MessageReceiver & SendableMetatype & ~Copyable, Wait: WaitStrategy, Time: TimeSource
  >(
    _ index: Int, _ endpoint: consuming Endpoint, _ stamper: consuming MessageStamper, _ meters: WorkerMeters,
    _ wait: Wait, _ time: Time
  ) -> RequestLoop<Endpoint, Wait, Time> {
    RequestLoop(
      endpoint: endpoint, stamper: stamper, wait: wait, time: time, meters: meters, board: board, producer: index,
      of: plan.producers.count, timeoutNanoseconds: plan.producers[index].timeoutNanoseconds,
      checksPayload: plan.checksPayload, outstandingLimit: Self.outstandingLimit, sizes: knownSizes,
      priorities: MessagePriorities(plan.producers[index].priorities, seed: plan.seed))
  }

  private func makeServer(_ server: WorkloadPlan.Consumer) throws(BrokerError) -> any LoadWorker {
    let isPlain = plan.encodings.isEmpty
    let meters = WorkerMeters(layout: plan.histogramLayout, encodes: !isPlain)
    let opener = ConsumerOpener(plan, broker, server, publishBatch: server.batchCount)
    if let clock = plan.simulatedClock {
      return SteppedWorker(
        receiving: serving(server, try opener.open(consumes: true), meters, BusySpin(), clock), name: server.name,
        meters: meters)
    }
    guard !server.faults.isEmpty else {
      let endpoint = try opener.open(consumes: true)
      return isPlain
        ? makeServer(server, endpoint, meters, nil)
        : makeServer(server, plan.serializing(endpoint, as: plan.encodings, meters: meters), meters, nil)
    }
    let faults = WorkerFaults(server.faults.workerFaults, log: meters.injections, time: plan.time)
    guard isPlain else {
      let endpoint = try opener.openFaulty(faults, streamCount: plan.producers.count, serializing: meters)
      return makeServer(server, endpoint, meters, faults)
    }
    return makeServer(server, try opener.openFaulty(faults, streamCount: plan.producers.count), meters, faults)
  }

  private func makeServer<Endpoint: ReplyingReceiver & SendableMetatype & ~Copyable>(
    _ server: WorkloadPlan.Consumer, _ endpoint: consuming Endpoint, _ meters: WorkerMeters, _ faults: WorkerFaults?
  ) -> any LoadWorker {
    let box = LoopBox(serving(server, endpoint, meters, ChosenWait(server.wait), plan.time))
    return LoopWorker(role: .consumer, name: server.name, meters: meters) { phase in
      faults?.begin(phase)
      box.withLoop { $0.run(phase) }
      faults?.end()
    }
  }

  private func serving<Endpoint: ReplyingReceiver & SendableMetatype & ~Copyable, Wait: WaitStrategy, Time: TimeSource>(
    _ server: WorkloadPlan.Consumer, _ endpoint: consuming Endpoint, _ meters: WorkerMeters, _ wait: Wait, _ time: Time
  ) -> ServeLoop<Endpoint, Wait, Time> {
    ServeLoop(
      endpoint: endpoint, wait: wait, time: time, meters: meters,
      handler: MessageHandler(plan: server.handler, seed: plan.seed, serviceTimes: plan.serviceTimes),
      checksPayload: plan.checksPayload, batchCount: server.batchCount, sizes: knownSizes)
  }
}
