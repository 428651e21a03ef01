public import Synchronization

/// The time of a simulation, which moves from event to event. The thread that simulates moves it; others may read it.
public final class SimulatedClock: TimeSource {
  @usableFromInline let nanoseconds: Atomic<Int64>

  /// A clock that stands at `start`; not at 0, which means "never" in many places.
  public init(startNanoseconds start: Int64 = 1_000_000_000) { nanoseconds = Atomic(start) }

  /// Relaxed: one thread does everything, and whoever else looks only shows it.
  @inlinable
  public func now() -> Int64 { nanoseconds.load(ordering: .relaxed) }

  /// Moves on to a time that is not before now.
  public func advance(to time: Int64) {
    precondition(time >= now(), "time does not go back, from \(now()) to \(time)")
    nanoseconds.store(time, ordering: .relaxed)
  }
}
