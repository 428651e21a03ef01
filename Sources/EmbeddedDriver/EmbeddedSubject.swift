public import DriverInterface
import MessageBroker
import Platform
import RingBuffers
public import WorkloadLoops

/// The embedded broker and the raw rings as a subject: nothing to install, one hop between producer and consumer.
public final class EmbeddedSubject: Driver {
  public let name = "embedded"
  public let capabilities = Capabilities(
    rings: true, publisherConfirms: true, requestReply: true, sharedClock: true, tasks: true,
    dispatches: Set(DispatchPolicy.builtIn.map(\.name)), queueFeatures: Set(QueueFeature.allCases), faultInjection: true
  )
  private let broker = Broker()
  private let housekeeper = Guarded<Housekeeper?>(nil)
  private let keepers = Guarded<[TaskKeeper]>([])
  private let ringPeer: PeerProgram?
  private let taskChild: PeerProgram?

  /// A driver with a broker of its own, without queues.
  /// - Parameters:
  ///   - ringPeer: What to start for the consumers of a ring between processes; without it there are no such rings.
  ///   - taskChild: What to start for the children of workers of tasks; without it there is no pool `processes`.
  public init(ringPeer: PeerProgram? = nil, taskChild: PeerProgram? = nil) {
    self.ringPeer = ringPeer
    self.taskChild = taskChild
  }

  public func prepare(_ plan: WorkloadPlan) throws(DriverError) -> WorkerSet {
    let isTasks = if case .tasks = plan.pattern { true } else { false }
    let limit = PayloadPool.largestByteCount - (isTasks ? TaskPatternWorkers.overheadByteCount : 0)
    if let largest = plan.producers.map(\.payloadByteCount).max(), largest > limit {
      throw DriverError(
        .notSupported, "a payload of \(largest) bytes; the embedded broker takes up to \(limit) bytes")
    }
    try plan.checkEncodings(limit: limit)
    if case .ring = plan.pattern {} else if plan.simulatedClock == nil { try startHousekeeper(plan.time) }
    if case .tasks(let tasks) = plan.pattern, tasks.needsKeeper { try startKeeper(plan) }
    return switch plan.pattern {
    case .ring(let ring): try RingWorkers(plan, ring, side: try side(plan, ring)).make()
    case .workQueue: try inDriverTerms { () throws(BrokerError) in try WorkQueueWorkers(plan, broker).make() }
    case .tasks(let tasks): try TaskPatternWorkers(plan, tasks, broker).make(child: taskChild)
    case .requestReply: try inDriverTerms { () throws(BrokerError) in try RequestReplyWorkers(plan, broker).make() }
    }
  }

  /// In a simulation there is no housekeeper.
  public func advance(to now: Int64) { broker.advance(to: now) }

  public var nextEvent: Int64? { broker.nextTimedEvent }

  private func startHousekeeper(_ time: CycleCounter) throws(DriverError) {
    do {
      let started = try Housekeeper(broker, time: time)
      housekeeper.withLock { $0 = started }
    } catch {
      throw DriverError(.unavailable, "the broker's housekeeper cannot be started: \(error)")
    }
  }

  /// The queue of the tasks is declared again by the workers, alike.
  private func startKeeper(_ plan: WorkloadPlan) throws(DriverError) {
    do {
      try broker.declare(plan.topology)
      let started = try TaskKeeper(broker, queue: plan.consumers[0].queue, time: plan.time)
      keepers.withLock { $0.append(started) }
    } catch {
      throw DriverError(.unavailable, "the keeper of tasks that wait cannot be started: \(error)")
    }
  }

  public func statistics() -> SubjectStatistics { broker.subjectStatistics() }

  private func side(_ plan: WorkloadPlan, _ ring: WorkloadPlan.RingPlan) throws(DriverError) -> RingWorkers.Side {
    guard ring.isBetweenProcesses else { return .both }
    guard let ringPeer else {
      throw DriverError(.notSupported, "a ring between processes; the program has no way to start the other one")
    }
    guard plan.consumers.allSatisfy(\.faults.isEmpty) else {
      throw DriverError(.notSupported, "faults in another process; break a ring within one process")
    }
    return .near(ringPeer)
  }

  private func inDriverTerms(_ body: () throws(BrokerError) -> WorkerSet) throws(DriverError) -> WorkerSet {
    do {
      return try body()
    } catch {
      throw DriverError(.refused, "the broker refused: \(error)")
    }
  }
}
