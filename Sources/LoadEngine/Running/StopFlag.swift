import Synchronization

/// Asks a run to stop early: set by a signal handler, read by the engine.
public final class StopFlag: Sendable {
  /// Why a run was stopped.
  public enum Reason: Int, Sendable {
    /// Nobody asked.
    case none
    /// Ctrl-C.
    case interrupted
    /// SIGTERM.
    case terminated
    /// A broken objective that ends the run.
    case objective
  }

  private let reason = Atomic<Int>(Reason.none.rawValue)

  /// A flag that is not set.
  public init() {}

  /// Sets the flag; the first reason stays.
  public func request(_ reason: Reason) {
    _ = self.reason.compareExchange(expected: Reason.none.rawValue, desired: reason.rawValue, ordering: .relaxed)
  }

  /// The first reason given. Relaxed: no data hangs on it.
  public var requested: Reason { Reason(rawValue: reason.load(ordering: .relaxed)) ?? .none }

  /// Whether anybody asked.
  public var isRequested: Bool { requested != .none }
}
