public import DriverInterface
public import Platform

/// Where a worker is woken that sleeps at its queue, by whatever is no message: a task that ended elsewhere, a request of its owner.
///
/// Any thread may ring. What the ringer has done before is seen by the worker's look after `prepareToWait`, or the ring is.
public final class WorkerBell: Sendable {
  /// Where to ring and to sleep. Valid as long as this object.
  public let doorbell: Doorbell
  /// The bell of a pool's lanes, if it is theirs.
  private let lanes: LaneBell?

  /// A bell in this process's own memory.
  public init() {
    unsafe doorbell = Doorbell(at: AlignedMemory.allocate(byteCount: Doorbell.byteCount))
    lanes = nil
  }

  /// The bell that the lanes of a pool ring at, for whatever else there is to say too.
  public init(of lanes: LaneBell) {
    doorbell = lanes.doorbell
    self.lanes = lanes
  }

  deinit {
    if lanes == nil { unsafe AlignedMemory.deallocate(doorbell.memory) }
  }

  /// Wakes the worker, if it sleeps.
  public func ring() { doorbell.ring() }
}

/// An end that can sleep at a doorbell of its owner as well.
public protocol BelledEndpoint: WaitingEndpoint, ~Copyable {
  /// Sleeps until woken, until `bell` is rung, or for the given time, after `prepareToWait()` here and there; withdraws the
  /// announcements at both. May return early.
  mutating func wait(or bell: Doorbell, _ ticket: Doorbell.Ticket, timeoutNanoseconds: Int64)
}

/// An owner's sleep at an end and at a bell at once, in the steps of a `WaitingEndpoint`: announced at both before the last look, so
/// that nothing that happens at either is missed.
@usableFromInline
struct BelledNap {
  private var ticket: Doorbell.Ticket?

  mutating func prepare(_ bell: WorkerBell, _ endpoint: inout some BelledEndpoint & ~Copyable) {
    ticket = bell.doorbell.prepareToWait()
    endpoint.prepareToWait()
  }

  mutating func cancel(_ bell: WorkerBell, _ endpoint: inout some BelledEndpoint & ~Copyable) {
    guard ticket != nil else { return }
    ticket = nil
    bell.doorbell.cancelWait()
    endpoint.cancelWait()
  }

  mutating func take(
    _ bell: WorkerBell, _ endpoint: inout some BelledEndpoint & ~Copyable, timeoutNanoseconds: Int64
  ) {
    guard let ticket else { preconditionFailure("a wait that was not prepared") }
    self.ticket = nil
    endpoint.wait(or: bell.doorbell, ticket, timeoutNanoseconds: timeoutNanoseconds)
  }
}
