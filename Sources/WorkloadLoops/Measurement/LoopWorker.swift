import Platform

/// A loop with its meters, on the way to the engine.
///
/// The body is a closure made where the loop's types are concrete, so that the loop inside is specialised; it is called
/// once per phase.
public final class LoopWorker: ThreadWorker {
  public let role: WorkerRole
  public let name: String
  public let meters: WorkerMeters
  private let body: @Sendable (PhaseControl) -> Void
  private let loss: WorkerLoss
  private let allocations = AllocationCounter()

  /// Creates a worker.
  /// - Parameter loss: Where the body says why it cannot go on; a body that always can needs none.
  public init(
    role: WorkerRole, name: String, meters: WorkerMeters, loss: WorkerLoss = WorkerLoss(),
    body: @escaping @Sendable (PhaseControl) -> Void
  ) {
    self.role = role
    self.name = name
    self.meters = meters
    self.body = body
    self.loss = loss
  }

  public var failure: String? { loss.reason }

  public var allocatedByteCount: Int? {
    guard AllocationCounters.areAvailable else { return nil }
    // When nobody is attached any more the meter has the sum.
    return allocations.byteCount.map { Int(truncatingIfNeeded: $0) } ?? meters.value(of: .allocatedBytes)
  }

  public func run(_ phase: PhaseControl) {
    let usageBefore = ResourceUsage.currentThread()
    let allocatedBefore = AllocationCounters.currentThreadAllocatedByteCount() ?? 0
    allocations.attach()
    body(phase)
    let allocated = (AllocationCounters.currentThreadAllocatedByteCount() ?? 0) &- allocatedBefore
    meters.set(.allocatedBytes, to: allocated)
    allocations.detach()
    let usage = ResourceUsage.currentThread() - usageBefore
    meters.set(.userNanoseconds, to: UInt64(usage.userNanoseconds))
    meters.set(.systemNanoseconds, to: UInt64(usage.systemNanoseconds))
    meters.set(.voluntarySwitches, to: UInt64(usage.voluntarySwitchCount))
    meters.set(.involuntarySwitches, to: UInt64(usage.involuntarySwitchCount))
  }
}
