import Platform
public import Synchronization

/// The words that both sides of a lane share, in its memory: the only place that turns their offsets into pointers.
@safe @frozen @usableFromInline
struct LaneWords: @unchecked Sendable {
  // Unchecked, because: it only points at atomics.
  @usableFromInline let base: UnsafeMutableRawPointer

  init(at base: UnsafeMutableRawPointer) { unsafe self.base = unsafe base }

  /// The words by who writes them; the raw value is the offset. Both groups have 128 bytes to themselves.
  @frozen @usableFromInline
  enum Name: Int {
    /// Which generation of the lane's processes takes records; the retiring one and the intake write it.
    case turn = 128
    /// Not 0: take no further record.
    case stop = 136
    /// Where a worker begins: records before it are done with, even if their bytes are still in the ring.
    case firstSequence = 144
    /// The record that is run again; 0 for none.
    case redeliveredSequence = 152
    /// The generation of the process that was started last.
    case startedGeneration = 160
    /// The record whose soft limit is exceeded.
    case softSequence = 168
    /// The worker's `RunningMark`.
    case running = 256
    /// When the record that runs was begun, if it has limits; written before `running`.
    case since = 264
    /// The last generation that was ready to take records.
    case readyGeneration = 272
  }

  @usableFromInline static let turnDoorbellOffset = 384
  static let byteCount = 512

  @inlinable @inline(__always)
  subscript(name: Name) -> UnsafeMutablePointer<Atomic<UInt64>> {
    unsafe (base + name.rawValue).assumingMemoryBound(to: Atomic<UInt64>.self)
  }

  /// Where a process waits for its turn.
  var turnDoorbell: Doorbell { unsafe Doorbell(at: base + Self.turnDoorbellOffset) }
}
