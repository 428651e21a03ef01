/// What one step of a loop did, so that its driver (a thread, a simulation) knows what to do next.
@frozen
public enum LoopStep: Sendable, Equatable {
  /// Something was done: step again.
  case worked
  /// There is nothing to do before this time.
  case idle(untilNanoseconds: Int64)
  /// Waiting for the other side.
  case blocked
  /// The worker's part of the phase is over.
  case finished
}
