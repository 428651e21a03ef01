/// A message's identity for the verification: the stream it belongs to and how many went before it, in one word.
///
/// A stream is what one producer sends by one route, so that every queue that a stream leads to receives all of it.
@frozen
public struct SequenceNumber: Sendable, Equatable, CustomStringConvertible {
  /// The stream in the upper 16 bits, the sequence in the lower 48: 32 days at 100 M messages per second.
  public let word: UInt64

  /// Bits of the sequence.
  @usableFromInline static var sequenceBits: UInt64 { @inlinable get { 48 } }

  /// How many streams a run can have.
  public static let streamCountLimit = 65536

  /// From its word.
  @inlinable @inline(__always)
  public init(word: UInt64) { self.word = word }

  /// From its parts.
  @inlinable @inline(__always)
  public init(stream: Int, sequence: UInt64) {
    word = UInt64(truncatingIfNeeded: stream) << Self.sequenceBits | sequence
  }

  /// Index of the stream among all streams of the run.
  @inlinable @inline(__always)
  public var stream: Int { Int(truncatingIfNeeded: word >> Self.sequenceBits) }

  /// How many messages of the stream went before.
  @inlinable @inline(__always)
  public var sequence: UInt64 { word & (1 << Self.sequenceBits - 1) }

  /// In words, for findings.
  public var description: String { "stream \(stream) sequence \(sequence)" }
}
