import Distributions
import DriverInterface
import MessageBroker
import Platform
import Serialization
import TaskWorkers
import WorkloadLoops

/// Makes clients of tasks, each with a reply queue of its own; `TaskServers` makes the workers that run them.
struct TaskPatternWorkers {
  private let plan: WorkloadPlan
  private let tasks: WorkloadPlan.TaskPlan
  private let broker: Broker
  private let board: StreamBoard
  private let sizes: BodySizes
  /// Where endings are entered that results do not tell; nil where they tell all.
  private let books: TaskBooks?

  /// Tasks of one client that may be waiting at a time: a million where they are held back on purpose.
  private let outstandingLimit: Int

  /// Bytes of a task's message beside its arguments, at most.
  static let overheadByteCount = 1024

  init(_ plan: WorkloadPlan, _ tasks: WorkloadPlan.TaskPlan, _ broker: Broker) {
    self.plan = plan
    self.tasks = tasks
    self.broker = broker
    outstandingLimit = tasks.kinds.contains { $0.countdownNanoseconds > 0 } ? 1 << 20 : 1 << 16
    board = StreamBoard(names: plan.producers.map(\.name))
    sizes = BodySizes(seed: plan.seed, byStream: plan.producers.map(\.sizes))
    books =
      tasks.isPlain
      ? nil
      : TaskBooks(tasks, clientCount: plan.producers.count, encoding: plan.producers[0].encoding, seed: plan.seed)
  }

  /// - Parameter child: What to start for the children of pools that have any.
  /// - Throws: `DriverError` when the broker refuses something, or the system a thread or a process.
  func make(child: PeerProgram?) throws(DriverError) -> WorkerSet {
    do {
      try broker.declare(plan.topology)
      // What has to wait goes there, if anything does.
      _ = try broker.declareQueue(WorkerOptions.etaQueue(of: plan.consumers[0].queue))
      var workers: [any LoadWorker] = []
      for index in plan.producers.indices { workers.append(try makeClient(index)) }
      let servers = TaskServers(plan, tasks, broker, books: books, child: child)
      for index in plan.consumers.indices { workers.append(try servers.makeWorker(index)) }
      return WorkerSet(workers: workers, ledgers: [], board: board)
    } catch let error as DriverError {
      throw error
    } catch let error as BrokerError {
      throw DriverError(.refused, "the broker refused: \(error)")
    } catch {
      throw DriverError(.unavailable, "what runs the tasks cannot be started: \(error)")
    }
  }

  // MARK: - Clients

  private func makeClient(_ index: Int) throws(BrokerError) -> any LoadWorker {
    let client = plan.producers[index]
    let base = try TaskEndpointOpener(broker: broker).openClient(
      of: client.keys[0], replyLimit: outstandingLimit, batchCount: 1, mayPark: client.wait.parks)
    let meters = WorkerMeters(
      layout: plan.histogramLayout, sendLogCapacity: plan.sendLogCapacity,
      encodes: client.encoding != .plain,
      hasTasks: true)
    if let books {
      let maker = TaskMaker(plan, tasks, stream: index, meters: meters)
      let endpoint = BookedClientEndpoint(
        base, maker, books: books, outstandingLimit: outstandingLimit, meters: meters,
        time: plan.time)
      return makeClient(index, endpoint, meters, maker.moments)
    }
    let endpoint = TaskClientEndpoint(
      base, sending(client, index), largestBodyByteCount: plan.largestBodyByteCount,
      outstandingLimit: outstandingLimit, meters: meters, time: plan.time)
    return makeClient(index, endpoint, meters)
  }

  private func makeClient<Endpoint: MessageSender & MessageReceiver & SendableMetatype & ~Copyable>(
    _ index: Int, _ endpoint: consuming Endpoint, _ meters: WorkerMeters, _ moments: BeatMoments? = nil
  ) -> any LoadWorker {
    let client = plan.producers[index]
    let stamper = MessageStamper(
      byteCount: client.payloadByteCount, checksPayload: plan.checksPayload,
      seed: plan.seed &+ UInt64(index),
      sizes: sizes, compressibleShare: client.compressibleShare, shape: client.encoding.shape)
    // What comes back is the reply of the built-in task, not the body.
    let box = LoopBox(
      RequestLoop(
        endpoint: endpoint, stamper: stamper, wait: ChosenWait(client.wait), time: plan.time,
        meters: meters,
        board: board, producer: index, of: plan.producers.count { !$0.isBeat },
        timeoutNanoseconds: client.timeoutNanoseconds,
        checksPayload: true, outstandingLimit: outstandingLimit, moments: moments))
    return LoopWorker(role: .producer, name: client.name, meters: meters) { phase in
      box.withLoop { $0.run(phase) }
    }
  }

  private func sending(_ client: WorkloadPlan.Producer, _ index: Int)
    -> TaskClientEndpoint<BrokerEndpoint>.Sending
  {
    let templates = tasks.kinds.map { kind -> TaskTemplate in
      let arguments = SerializedBytes(
        [], serializer: client.encoding.serializer, compression: client.encoding.compression)
      var signature = Signature(kind.name, arguments: arguments)
      if kind.countdownNanoseconds > 0 {
        signature.options.countdown = .nanoseconds(kind.countdownNanoseconds)
      }
      do { return try TaskTemplate(signature, options: TaskOptions(kind, client.encoding)) } catch {
        preconditionFailure("a task of the plan has no message: \(error)")
      }
    }
    return .init(
      stream: index, encoding: client.encoding, templates: templates,
      countdowns: tasks.kinds.map(\.countdownNanoseconds),
      choice: .weighted(tasks.kinds.map(\.weight)),
      seed: MessageBits.seed(plan.seed, for: .key))
  }
}
