public import DriverInterface
public import MessageBroker
import Platform
public import TaskWorkers

/// The ends of a broker in this process, for an application of tasks.
///
/// Its ends share the broker with everybody else who uses it; results that their inbox has no room for are refused and counted by the
/// broker, rather than hold up the workers.
public struct EmbeddedTaskTransport: TaskTransport {
  /// The broker.
  public let broker: Broker
  private let time: MonotonicTime

  /// The ends of `broker`.
  public init(broker: Broker) {
    self.broker = broker
    time = MonotonicTime()
  }

  /// Declares what an application needs.
  public func declare(_ topology: Topology) throws(DriverError) {
    do { try broker.declare(topology) } catch { throw DriverError(.refused, "\(error)") }
  }

  /// Opens a way out.
  public func openOutbox() throws(DriverError) -> any TaskOutbox {
    do {
      let session = try broker.openSession(SessionOptions(batchCount: 1, mayPark: false))
      return EndpointOutbox(
        BrokerEndpoint(session, publishBatch: 1, largestBodyByteCount: TaskEndpointOpener.largestByteCount))
    } catch { throw DriverError(.refused, "\(error)") }
  }

  /// Opens a way in.
  public func openInbox(_ bindings: [InboxBinding], limit: Int) throws(DriverError) -> any TaskInbox {
    do {
      var session = try broker.openSession(SessionOptions(batchCount: 1, mayPark: true))
      let queue = try session.declareQueue(
        "",
        options: QueueOptions(
          maxLength: min(limit, broker.limits.queueLength), overflow: .rejectPublish, isExclusive: true))
      for binding in bindings {
        try broker.bind(queue: queue.name, to: binding.exchange, key: binding.key, by: session.identifier)
      }
      _ = try session.consume(queue: queue.name, acknowledgement: .automatic)
      let (broker, name) = (self.broker, queue.name)
      return EndpointInbox(
        BrokerEndpoint(session, publishBatch: 1, largestBodyByteCount: 0), address: UInt64(queue.handle.rawValue)
      ) {
        broker.listQueues().first { $0.name == name }?.totals.rejected ?? 0
      }
    } catch { throw DriverError(.refused, "\(error)") }
  }

  /// Opens a worker.
  public func openWorker(
    _ registry: TaskRegistry, _ options: WorkerOptions, prefetch: Int, children: ChildPoolOptions?
  ) throws(DriverError) -> any TaskSeat {
    do {
      let endpoint = try TaskEndpointOpener(broker: broker).openWorker(of: options.queue, prefetchCount: prefetch)
      if let children {
        return try PooledSeat(
          endpoint: endpoint, registry: registry, options: options, time: time, children: children,
          calibration: CycleCounter.shared.calibration)
      }
      return WorkerSeat(WorkerCore(endpoint: endpoint, registry: registry, options: options, time: time))
    } catch { throw DriverError(.refused, "\(error)") }
  }

  /// Opens a keeper of tasks whose time has not come.
  public func openKeeper(queue: String) throws(DriverError) -> any TaskSeat {
    do {
      let endpoint = try TaskEndpointOpener(broker: broker).openKeeper(of: queue)
      return KeeperSeat(EtaKeeper(endpoint: endpoint, now: time.now()))
    } catch { throw DriverError(.refused, "\(error)") }
  }

  /// Opens a look into a queue of dead letters.
  public func openDeadLetters(of queue: String, limit: Int) throws(DriverError) -> any DeadLetterReader {
    do { return try BrokerDeadLetters(broker, queue: queue, limit: limit) } catch {
      throw DriverError(.refused, "\(error)")
    }
  }
}

extension TaskApplication {
  /// An application over a broker in this process.
  public convenience init(
    registry: TaskRegistry, broker: Broker, settings: ApplicationSettings = ApplicationSettings()
  ) throws {
    try self.init(
      registry: registry, transport: EmbeddedTaskTransport(broker: broker), time: MonotonicTime(), settings: settings)
  }
}
