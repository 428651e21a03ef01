public import DriverInterface
public import Serialization

/// A task's message, read where it lies: all fields of message protocol 2.
///
/// Making one checks magic, version, every length against the number of bytes and every code against what there is. So nothing that
/// is read from it later lies outside of its bytes, whoever wrote them. What the arguments' bytes say is their serializer's business.
/// Valid as long as the bytes are. Cost: a few comparisons for a message without optional fields; copies nothing.
@frozen
public struct TaskEnvelope: Sendable {
  /// All its bytes.
  public let body: MessageBody

  /// The largest message, in bytes.
  @inlinable
  public static var byteCountLimit: Int { 1 << 20 }

  /// The message in `body`; nil when it is none, or not whole.
  @inlinable
  public init?(_ body: MessageBody) {
    guard body.count >= EnvelopeLayout.fixedByteCount, body.count <= Self.byteCountLimit,
      body.number(at: 0, as: UInt32.self) == EnvelopeLayout.magic
    else { return nil }
    self.body = body
    // Numbers of at most 32 bits: their sum does not overflow.
    let byteCount =
      EnvelopeLayout.fixedByteCount &+ nameByteCount &+ optionalByteCount
      &+ Int(body.number(at: EnvelopeLayout.argumentByteCount, as: UInt32.self))
    guard byteCount == body.count, nameByteCount > 0, hasKnownCodes else { return nil }
    if mask | UInt32(truncatingIfNeeded: optionalByteCount) != 0, !hasWholeFields { return nil }
  }

  /// A copy of a message that was checked.
  @inlinable @inline(__always)
  init(unchecked body: MessageBody) { self.body = body }

  @inlinable @inline(__always)
  var hasKnownCodes: Bool {
    KnownCodes.serializers.contains(serializerCode) && KnownCodes.compressions.contains(compressionCode)
      && flags.isSubset(of: .known) && body.number(at: EnvelopeLayout.nameByteCount + 2, as: UInt16.self) == 0
  }
}

extension TaskEnvelope {
  /// `Serializer.code` of how the arguments were serialized.
  @inlinable @inline(__always)
  public var serializerCode: UInt8 { body.number(at: EnvelopeLayout.contentType, as: UInt8.self) }

  /// `Compression.code` of how they were compressed then.
  @inlinable @inline(__always)
  public var compressionCode: UInt8 { body.number(at: EnvelopeLayout.contentEncoding, as: UInt8.self) }

  /// How the arguments were serialized: `content_type`.
  public var serializer: Serializer { KnownCodes.serializer(serializerCode) }

  /// How they were compressed then: `content_encoding`.
  public var compression: Compression { KnownCodes.compression(compressionCode) }

  /// How urgent it is, from 0.
  @inlinable @inline(__always)
  public var priority: UInt8 { body.number(at: EnvelopeLayout.priority, as: UInt8.self) }

  /// What it says by single bits.
  @inlinable @inline(__always)
  public var flags: EnvelopeFlags { EnvelopeFlags(rawValue: body.number(at: EnvelopeLayout.flags, as: UInt8.self)) }

  /// The task's identity.
  @inlinable @inline(__always)
  public var identifier: TaskIdentifier { body.identifier(at: EnvelopeLayout.identifier) }

  /// The client's number for the task, of an application's messages always, of others once a keeper or a worker has sent them on:
  /// before, the broker carries it.
  @inlinable @inline(__always)
  public var correlation: UInt64 { body.number(at: EnvelopeLayout.correlation, as: UInt64.self) }

  /// Where its result goes, likewise; 0 while the broker carries the address.
  @inlinable @inline(__always)
  public var replyTo: UInt64 { body.number(at: EnvelopeLayout.replyTo, as: UInt64.self) }

  /// When it may begin, in nanoseconds; 0 for at once.
  @inlinable @inline(__always)
  public var eta: Int64 { body.number(at: EnvelopeLayout.eta, as: Int64.self) }

  /// From when on it must not begin any more, in nanoseconds; 0 for never.
  @inlinable @inline(__always)
  public var expires: Int64 { body.number(at: EnvelopeLayout.expires, as: Int64.self) }

  /// After how many nanoseconds its handler is asked to stop; 0 for what its options say.
  @inlinable @inline(__always)
  public var softTimeLimit: Int64 { body.number(at: EnvelopeLayout.softTimeLimit, as: Int64.self) }

  /// After how many nanoseconds it is killed; 0 for what its options say.
  @inlinable @inline(__always)
  public var timeLimit: Int64 { body.number(at: EnvelopeLayout.timeLimit, as: Int64.self) }

  /// Which attempt it is, from 0.
  @inlinable @inline(__always)
  public var retries: UInt32 { body.number(at: EnvelopeLayout.retries, as: UInt32.self) }

  @inlinable @inline(__always)
  var nameByteCount: Int { Int(body.number(at: EnvelopeLayout.nameByteCount, as: UInt16.self)) }

  @inlinable @inline(__always)
  var optionalByteCount: Int { Int(body.number(at: EnvelopeLayout.optionalByteCount, as: UInt32.self)) }

  /// The task's name, UTF-8.
  @inlinable @inline(__always)
  public var name: MessageBody { body.part(at: EnvelopeLayout.fixedByteCount, count: nameByteCount) }

  /// The arguments as their serializer and compression made them.
  @inlinable @inline(__always)
  public var arguments: MessageBody {
    let offset = EnvelopeLayout.fixedByteCount &+ nameByteCount &+ optionalByteCount
    return body.part(at: offset, count: body.count &- offset)
  }
}
