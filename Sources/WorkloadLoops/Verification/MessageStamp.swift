public import DriverInterface

/// The harness's own header at the start of every body: what it needs to verify and time a message, whatever the subject.
///
/// | bytes | |
/// |--|--|
/// | 0 – 3 | CRC-32C of bytes 8 … end, or 0 when bodies are not checked |
/// | 4 – 7 | length of the body |
/// | 8 – 15 | stream and sequence |
/// | 16 – 23 | intended sending time, ns |
/// | 24 – 31 | actual sending time, ns |
@frozen
public struct MessageStamp: Sendable, Equatable {
  /// Bytes that the header takes: the smallest payload.
  public static var byteCount: Int { @inlinable get { 32 } }

  /// Which message it is.
  public var number: SequenceNumber
  /// When it should have been sent, on the run's time source.
  public var intendedNanoseconds: Int64
  /// When it was.
  public var sentNanoseconds: Int64

  /// A stamp.
  @inlinable @inline(__always)
  public init(number: SequenceNumber, intendedNanoseconds: Int64, sentNanoseconds: Int64) {
    self.number = number
    self.intendedNanoseconds = intendedNanoseconds
    self.sentNanoseconds = sentNanoseconds
  }

  /// Reads the stamp of a body, or nil when it fails its check: too short, another length than when sent, a wrong checksum.
  @inlinable @inline(__always)
  public init?(of body: MessageBody, checksPayload: Bool) {
    guard body.count >= Self.byteCount else { return nil }
    let check = body.word(at: 0)
    guard check >> 32 == UInt64(body.count) else { return nil }
    if checksPayload, BodyChecksum.compute(body) != UInt32(truncatingIfNeeded: check) { return nil }
    number = SequenceNumber(word: body.word(at: 8))
    intendedNanoseconds = Int64(bitPattern: body.word(at: 16))
    sentNanoseconds = Int64(bitPattern: body.word(at: 24))
  }

  /// The number that a body carries, whether or not it passes its check; nil when it is too short for one.
  public static func claimedNumber(of body: MessageBody) -> SequenceNumber? {
    body.count >= 16 ? SequenceNumber(word: body.word(at: 8)) : nil
  }
}
