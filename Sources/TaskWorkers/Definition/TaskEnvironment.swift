public import Platform

/// What the attempts that one thread makes, one after the other, have in common.
@safe
public final class TaskEnvironment: @unchecked Sendable {
  // Unchecked, because: all is constant; the stop word is an atomic.
  /// What time it is, for soft time limits.
  let clock: any TimeSource
  /// Where others say that an attempt should stop.
  public let stopWord: StopWord
  /// Memory of the stop word, if it is the environment's own.
  private let owned: UnsafeMutableRawPointer?

  /// An environment.
  /// - Parameter stopWord: Where others say that an attempt should stop; nil for a word of its own.
  public init(clock: any TimeSource, stopWord: StopWord? = nil) {
    self.clock = clock
    if let stopWord {
      unsafe owned = nil
      self.stopWord = stopWord
    } else {
      let memory = unsafe AlignedMemory.allocate(byteCount: StopWord.byteCount)
      unsafe owned = memory
      self.stopWord = unsafe StopWord(at: memory)
    }
  }

  deinit {
    if let owned = unsafe owned { unsafe AlignedMemory.deallocate(owned) }
  }
}
