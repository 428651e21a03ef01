import Platform
public import Synchronization

/// One phase as its workers see it: the plan, the common start, and the engine's signals.
///
/// Immutable but for three flags that only the engine sets and that workers read once per step.
public final class PhaseControl: Sendable {
  /// What the phase asks for.
  public let plan: PhasePlan
  /// When all workers start, on the run's time source.
  public let startNanoseconds: Int64
  @usableFromInline let sendingMayStop = Atomic<Bool>(false)
  @usableFromInline let receivingMayStop = Atomic<Bool>(false)
  private let receivingMayStart: Atomic<Bool>
  /// How often a held consumer looks whether it may start, in nanoseconds.
  private static let holdPeriod: Int64 = 50_000

  /// A phase that starts at the given time.
  public init(plan: PhasePlan, startNanoseconds: Int64) {
    self.plan = plan
    self.startNanoseconds = startNanoseconds
    receivingMayStart = Atomic(!plan.holdsReceivers)
  }

  /// Asks producers to stop sending now, whatever the plan says: the user interrupted.
  public func stopSending() { sendingMayStop.store(true, ordering: .releasing) }

  /// Tells consumers that nothing more will come.
  public func stopReceiving() { receivingMayStop.store(true, ordering: .releasing) }

  /// Lets consumers start that the plan holds. Release pairs with the acquire in `isReceivingHeld`.
  public func startReceiving() { receivingMayStart.store(true, ordering: .releasing) }

  /// Whether consumers still wait for `startReceiving`. Acquire pairs with the release there.
  public var isReceivingHeld: Bool { !receivingMayStart.load(ordering: .acquiring) }

  /// Keeps a consumer asleep until it may start, or until nothing will come any more. Once per phase and consumer.
  @usableFromInline
  func waitUntilReceivingMayStart() {
    while isReceivingHeld, !isReceivingOver {
      PrecisionSleep.sleep(nanoseconds: Self.holdPeriod)
    }
  }

  /// Whether producers should stop. Relaxed: a step more or less does not matter, and no data hangs on it.
  @inlinable
  public var isSendingOver: Bool { sendingMayStop.load(ordering: .relaxed) }

  /// Whether consumers should stop. Acquire pairs with the release in `stopReceiving`.
  @inlinable
  public var isReceivingOver: Bool { receivingMayStop.load(ordering: .acquiring) }
}
