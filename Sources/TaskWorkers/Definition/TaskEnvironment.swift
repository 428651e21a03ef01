public import Platform

/// What the attempts that one thread makes, one after the other, have in common.
@safe
public final class TaskEnvironment: @unchecked Sendable {
  // Unchecked, because: all is constant; the stop word is an atomic.
  /// What time it is, for soft time limits.
  let clock: any TimeSource
  /// Where others say that an attempt should stop.
  public let stopWord: StopWord
  /// What a lane says about its attempts; nil for attempts that a worker makes itself.
  let lane: LaneEnvironment?
  /// Memory of the stop word, if it is the environment's own.
  private let owned: UnsafeMutableRawPointer?

  /// An environment.
  /// - Parameter stopWord: Where others say that an attempt should stop; nil for a word of its own.
  public convenience init(clock: any TimeSource, stopWord: StopWord? = nil) {
    self.init(clock: clock, stopWord: stopWord, lane: nil)
  }

  init(clock: any TimeSource, stopWord: StopWord? = nil, lane: LaneEnvironment?) {
    self.clock = clock
    self.lane = lane
    if let stopWord {
      unsafe owned = nil
      self.stopWord = stopWord
    } else {
      let memory = unsafe AlignedMemory.allocate(byteCount: StopWord.byteCount)
      unsafe owned = memory
      self.stopWord = unsafe StopWord(at: memory)
    }
  }

  /// Whether an attempt was called off, or its worker is shut down cold.
  func isRevoked(_ attempt: UInt64) -> Bool {
    guard let context = lane?.context else { return stopWord.isStopped(attempt) }
    return context.isCondemned || context.isStopping
  }

  /// Whether an attempt runs for longer than its soft time limit, which is over at `deadline` unless a lane says.
  func isOverSoftTimeLimit(_ deadline: Int64) -> Bool {
    if let context = lane?.context { return context.isSoftLimitExceeded }
    return deadline != .max && clock.now() >= deadline
  }

  /// Throws `TaskRevoked` or `SoftTimeLimitExceeded` when an attempt should end.
  func checkStop(_ attempt: UInt64, _ deadline: Int64) throws {
    if isRevoked(attempt) { throw TaskRevoked() }
    if isOverSoftTimeLimit(deadline) { throw SoftTimeLimitExceeded() }
  }

  deinit {
    if let owned = unsafe owned { unsafe AlignedMemory.deallocate(owned) }
  }
}
