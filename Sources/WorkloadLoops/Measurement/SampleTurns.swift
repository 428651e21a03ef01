/// Which pieces of one thread's work the time is taken of: every 16th, the first included. Two readings of the clock cost about as much
/// as encoding a small body.
@frozen
public struct SampleTurns: Sendable {
  @usableFromInline var count: UInt = 0

  /// Pieces from one sample to the next; a power of two.
  @usableFromInline static var period: UInt { @inlinable get { 16 } }

  /// Turns that begin with a sample.
  @inlinable
  public init() {}

  /// Whether the next piece is a sample.
  @inlinable @inline(__always)
  public mutating func next() -> Bool {
    defer { count &+= 1 }
    return count & (Self.period - 1) == 0
  }
}
