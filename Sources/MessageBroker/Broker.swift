import Platform
import RingBuffers
public import Synchronization

/// An in-memory message broker with the semantics and the reply codes of AMQP 0-9-1.
///
/// Producers push straight into queues, consumers take straight from them: there is no thread of the broker's own, and it
/// reads no clock. Threads work through a `Session` each. What is here is the control path: declaring, binding and deleting lock one
/// mutex and publish new routing, which every session notices by one version number.
///
/// Control operations name the session that asks for them (`by:`), because an exclusive queue answers only to its own; without
/// one the caller is the administrator, who may do anything but declare an exclusive queue.
public final class Broker: Sendable {
  /// The limits it was made with.
  public let limits: BrokerLimits
  let bodies: BodyStore
  let sessions: SessionTable
  let control: Guarded<BrokerControl>
  let routing = RoutingVersion()
  /// When `advance` looks after memory again; written by the one thread that calls it.
  let nextMemoryLook = Atomic<Int64>(.min)
  let clock = BrokerClock()
  let deadLetterDesk: Guarded<DeadLetterDesk>
  /// What retries are drawn with, from 0 up to 1; nil for each queue's own generator.
  let retryDraw: (@Sendable () -> Double)?
  /// Dead letters that found no memory.
  let deadLettersLost = Atomic<Int>(0)

  /// A broker with the default exchange, the predeclared `amq.…` ones, and no queues.
  public convenience init(limits: BrokerLimits = BrokerLimits()) { self.init(limits: limits, retryDraw: nil) }

  /// The same, with retries whose random part a test decides.
  package init(limits: BrokerLimits, retryDraw: (@Sendable () -> Double)?) {
    self.retryDraw = retryDraw
    precondition(
      limits.sessions > 0 && limits.sessions <= ParkedSessions.sessionLimit,
      "sessions: 1 to 1024, got \(limits.sessions)")
    precondition(limits.queues > 0 && limits.queues <= 65_535, "queues: 1 to 65535, got \(limits.queues)")
    precondition(limits.exchanges >= 6 && limits.exchanges <= 65_535, "exchanges: 6 to 65535, got \(limits.exchanges)")
    precondition(
      limits.consumersPerSession > 0 && limits.consumersPerSession <= 65_535,
      "consumers per session: 1 to 65535, got \(limits.consumersPerSession)")
    precondition(
      limits.routesPerSession > 0 && limits.routesPerSession <= 65_535,
      "routes per session: 1 to 65535, got \(limits.routesPerSession)")
    self.limits = limits
    bodies = BodyStore(byteLimit: limits.bodyMemoryByteCount)
    deadLetterDesk = Guarded(DeadLetterDesk(pool: bodies.pool))
    sessions = SessionTable(capacity: limits.sessions)
    control = Guarded(BrokerControl(limits: limits))
  }

  deinit { clock.stop() }

  /// Opens a session for one thread. Error: 506 when `BrokerLimits.sessions` are open.
  public func openSession(_ options: SessionOptions = SessionOptions()) throws(BrokerError) -> Session {
    let (slot, identifier) = try change { (control) throws(BrokerError) in try control.openSession() }
    return Session(core: SessionCore(broker: self, slot: slot, identifier: identifier, options: options))
  }

  // MARK: What the sessions ask for

  /// Replaces a session's snapshot by the routing of this moment.
  ///
  /// The old one is let go under the lock: who changes tables in place that nobody shares any more comes after us.
  func renew(_ snapshot: inout RoutingSnapshot) {
    control.withLock { snapshot = $0.snapshot(version: routing.current) }
  }

  /// Lets go of a session's snapshot.
  func forget(_ snapshot: inout RoutingSnapshot) { control.withLock { _ in snapshot = RoutingSnapshot() } }

  func internRoutingKey(_ key: String) throws(BrokerError) -> UInt32 {
    try change { (control) throws(BrokerError) in try control.internRoutingKey(key) }
  }

  func queue(_ name: String, by session: SessionIdentifier?) throws(BrokerError) -> MessageQueue {
    try change { (control) throws(BrokerError) in try control.queue(name, by: session) }
  }

  func queue(_ handle: QueueHandle) -> MessageQueue? { control.withLock { $0.queue(handle) } }

  func closeSession(slot: Int, identifier: SessionIdentifier) {
    let orphans = control.withLock { $0.queues(ownedBy: identifier) }
    for name in orphans { _ = try? deleteQueue(name, by: identifier) }
    control.withLock { $0.closeSession(slot: slot) }
  }

  /// Runs `body` on the control state under the lock, and tells all sessions when it changed the routing.
  func change<Result: Sendable>(
    _ body: (inout BrokerControl) throws(BrokerError) -> Result
  ) throws(BrokerError) -> Result {
    // The error leaves the lock in a result: `withLock` takes bodies that do not throw.
    let result = control.withLock { control in
      let before = control.routingChangeCount
      let result = Swift.Result { () throws(BrokerError) in try body(&control) }
      if control.routingChangeCount != before { routing.advance() }
      return result
    }
    return try result.get()
  }
}

/// How often routing has changed: one word on a line of its own that every publish compares with what it knows.
@safe @usableFromInline
final class RoutingVersion: @unchecked Sendable {
  // Unchecked, because: the memory holds one atomic.
  @usableFromInline let word: UnsafeMutablePointer<Atomic<UInt64>>

  init() {
    unsafe word = AlignedMemory.allocate(byteCount: AlignedMemory.lineByteCount)
      .bindMemory(to: Atomic<UInt64>.self, capacity: 1)
    unsafe word.pointee.store(1, ordering: .relaxed)
  }

  deinit { unsafe AlignedMemory.deallocate(UnsafeMutableRawPointer(word)) }

  var current: UInt64 { unsafe word.pointee.load(ordering: .acquiring) }

  /// Under the control mutex. Release pairs with the acquire of a publish.
  func advance() { unsafe word.pointee.wrappingAdd(1, ordering: .releasing) }
}
