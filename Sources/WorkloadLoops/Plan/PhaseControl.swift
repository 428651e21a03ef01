public import Synchronization

/// One phase as its workers see it: the plan, the common start, and the engine's two signals.
///
/// Immutable but for two flags that only the engine sets and that workers read once per step.
public final class PhaseControl: Sendable {
  /// What the phase asks for.
  public let plan: PhasePlan
  /// When all workers start, on the run's time source.
  public let startNanoseconds: Int64
  @usableFromInline let sendingMayStop = Atomic<Bool>(false)
  @usableFromInline let receivingMayStop = Atomic<Bool>(false)

  /// A phase that starts at the given time.
  public init(plan: PhasePlan, startNanoseconds: Int64) {
    self.plan = plan
    self.startNanoseconds = startNanoseconds
  }

  /// Asks producers to stop sending now, whatever the plan says: the user interrupted.
  public func stopSending() { sendingMayStop.store(true, ordering: .releasing) }

  /// Tells consumers that nothing more will come.
  public func stopReceiving() { receivingMayStop.store(true, ordering: .releasing) }

  /// Whether producers should stop. Relaxed: a step more or less does not matter, and no data hangs on it.
  @inlinable
  public var isSendingOver: Bool { sendingMayStop.load(ordering: .relaxed) }

  /// Whether consumers should stop. Acquire pairs with the release in `stopReceiving`.
  @inlinable
  public var isReceivingOver: Bool { receivingMayStop.load(ordering: .acquiring) }
}
