public import Synchronization

/// A word that says which attempt should stop: the attempt's own number, or 0.
///
/// A flag would be set for one attempt and seen by the next one; a number cannot be mistaken. Lies in memory that the giver keeps
/// valid, which may be shared with another process.
@safe @frozen
public struct StopWord: @unchecked Sendable {
  // Unchecked, because: it only points at an atomic.
  @usableFromInline let word: UnsafeMutablePointer<Atomic<UInt64>>

  /// How many bytes it takes, on a boundary of as many.
  public static let byteCount = 8

  /// A word in `memory`, 0 at first.
  public init(at memory: UnsafeMutableRawPointer) {
    unsafe word = memory.assumingMemoryBound(to: Atomic<UInt64>.self)
  }

  /// Asks the attempt of this number to stop. May be called from any thread.
  @inlinable
  public func stop(_ attempt: UInt64) {
    // Relaxed: nothing else is handed over, the number is all there is to know.
    unsafe word.pointee.store(attempt, ordering: .relaxed)
  }

  /// Asks every attempt to stop, also those to come. May be called from any thread.
  @inlinable
  public func stopAll() { stop(.max) }

  /// Whether the attempt of this number was asked to stop.
  @inlinable @inline(__always)
  public func isStopped(_ attempt: UInt64) -> Bool {
    let stopped = unsafe word.pointee.load(ordering: .relaxed)
    return stopped == attempt || stopped == .max
  }

  /// Whether every attempt was asked to stop.
  @inlinable @inline(__always)
  public var isStoppingAll: Bool { unsafe word.pointee.load(ordering: .relaxed) == .max }
}
