public import Platform

/// A wait strategy chosen at run time, for a driver that would else compile each of its loops once per strategy.
///
/// The choice is looked at only where a loop has found nothing to do; five times fewer loops are worth that branch.
@frozen
public struct ChosenWait: WaitStrategy {
  @usableFromInline let choice: WorkloadPlan.Wait
  @usableFromInline var backoff = Backoff()
  @usableFromInline var spinThenPark = SpinThenPark()

  /// Some choices park.
  public static var parks: Bool { @inlinable get { true } }

  /// The default: spin, then park.
  @inlinable
  public init() { self.init(.spinThenPark) }

  /// The strategy that `choice` names.
  @inlinable
  public init(_ choice: WorkloadPlan.Wait) { self.choice = choice }

  @inlinable @inline(__always)
  public mutating func shouldPark() -> Bool {
    switch choice {
    case .spin:
      return false
    case .yield:
      var yielding = Yielding()
      return yielding.shouldPark()
    case .backoff:
      return backoff.shouldPark()
    case .park:
      return true
    case .spinThenPark:
      return spinThenPark.shouldPark()
    }
  }

  @inlinable @inline(__always)
  public mutating func reset() {
    backoff.reset()
    spinThenPark.reset()
  }
}
