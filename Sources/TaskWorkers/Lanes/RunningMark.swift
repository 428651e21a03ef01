/// What a worker is at, in the one word that both sides of a lane agree by: a record's sequence number and how far it is.
///
/// The worker writes `running`, runs the record, and turns that into `finished` by compare-and-swap; the intake turns `running`
/// into `condemned` by compare-and-swap. One of the two succeeds, and its side says what the completion is. The mark stays until
/// the next record begins, so that after a worker's death it tells the last record that was begun.
@frozen @usableFromInline
struct RunningMark: Equatable, Sendable {
  @usableFromInline let rawValue: UInt64

  @inlinable @inline(__always)
  init(rawValue: UInt64) { self.rawValue = rawValue }

  @inlinable @inline(__always)
  init(running sequence: UInt64) { rawValue = sequence << 2 | 1 }

  /// From 1; 0 when nothing was ever begun.
  @inlinable @inline(__always)
  var sequence: UInt64 { rawValue >> 2 }

  @inlinable @inline(__always)
  var isRunning: Bool { rawValue & 3 == 1 }

  @inlinable @inline(__always)
  var finished: RunningMark { RunningMark(rawValue: sequence << 2 | 2) }

  @inlinable @inline(__always)
  var condemned: RunningMark { RunningMark(rawValue: sequence << 2 | 3) }
}
