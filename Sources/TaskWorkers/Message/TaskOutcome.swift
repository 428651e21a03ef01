public import DriverInterface
public import Serialization

/// The message about what became of a task, read where it lies.
///
/// ```text
///  0 magic "RSR1"   8 identifier    32 retries               44 bytes of the error's type
///  4 state         24 correlation   36 bytes of the value    48 value, error's type, error's text
///  5 content type                   40 bytes of the text
///  6 content encoding  7 flags
/// ```
/// Making one checks everything that reading it later relies on, as with `TaskEnvelope`. Valid as long as its bytes are.
@frozen
public struct TaskOutcome: Sendable {
  /// All its bytes.
  public let body: MessageBody

  /// The outcome in `body`; nil when it is none, or not whole.
  @inlinable
  public init?(_ body: MessageBody) {
    guard body.count >= OutcomeLayout.fixedByteCount, body.count <= TaskEnvelope.byteCountLimit,
      body.number(at: 0, as: UInt32.self) == OutcomeLayout.magic
    else { return nil }
    self.body = body
    let byteCount = OutcomeLayout.fixedByteCount &+ valueByteCount &+ typeByteCount &+ textByteCount
    guard byteCount == body.count, TaskState(code: stateCode) != nil, KnownCodes.serializers.contains(serializerCode),
      KnownCodes.compressions.contains(compressionCode), flags.isSubset(of: .known)
    else { return nil }
  }

  /// An outcome that was written here.
  @inlinable @inline(__always)
  init(unchecked body: MessageBody) { self.body = body }

  /// What an outcome says by a single bit.
  @frozen
  public struct Flags: OptionSet, Sendable {
    public let rawValue: UInt8

    @inlinable
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The attempt was a repeated one: an earlier worker had the message too.
    public static var isRedelivered: Flags { @inlinable get { Flags(rawValue: 1) } }
    /// The error is one of `TaskOptions.throws`.
    public static var isExpectedError: Flags { @inlinable get { Flags(rawValue: 2) } }

    @usableFromInline static var known: Flags { @inlinable get { Flags(rawValue: 3) } }
  }
}

@usableFromInline
enum OutcomeLayout {
  /// "RSR1": the last character is the version of this layout.
  @usableFromInline static var magic: UInt32 { @inlinable get { 0x3152_5352 } }
  @usableFromInline static var state: Int { @inlinable get { 4 } }
  @usableFromInline static var contentType: Int { @inlinable get { 5 } }
  @usableFromInline static var contentEncoding: Int { @inlinable get { 6 } }
  @usableFromInline static var flags: Int { @inlinable get { 7 } }
  @usableFromInline static var identifier: Int { @inlinable get { 8 } }
  @usableFromInline static var correlation: Int { @inlinable get { 24 } }
  @usableFromInline static var retries: Int { @inlinable get { 32 } }
  @usableFromInline static var valueByteCount: Int { @inlinable get { 36 } }
  @usableFromInline static var textByteCount: Int { @inlinable get { 40 } }
  @usableFromInline static var typeByteCount: Int { @inlinable get { 44 } }
  /// The size of the fixed part.
  @usableFromInline static var fixedByteCount: Int { @inlinable get { 48 } }
}

extension TaskOutcome {
  @inlinable @inline(__always)
  var stateCode: UInt8 { body.number(at: OutcomeLayout.state, as: UInt8.self) }

  /// What became of the task.
  @inlinable @inline(__always)
  public var state: TaskState {
    guard let state = TaskState(code: stateCode) else { preconditionFailure("the state was checked") }
    return state
  }

  /// `Serializer.code` of the value.
  @inlinable @inline(__always)
  public var serializerCode: UInt8 { body.number(at: OutcomeLayout.contentType, as: UInt8.self) }

  /// `Compression.code` of the value.
  @inlinable @inline(__always)
  public var compressionCode: UInt8 { body.number(at: OutcomeLayout.contentEncoding, as: UInt8.self) }

  /// How the value was serialized.
  public var serializer: Serializer { KnownCodes.serializer(serializerCode) }

  /// How it was compressed then.
  public var compression: Compression { KnownCodes.compression(compressionCode) }

  /// What it says by single bits.
  @inlinable @inline(__always)
  public var flags: Flags { Flags(rawValue: body.number(at: OutcomeLayout.flags, as: UInt8.self)) }

  /// The task's identity.
  @inlinable @inline(__always)
  public var identifier: TaskIdentifier { body.identifier(at: OutcomeLayout.identifier) }

  /// The client's number for the task.
  @inlinable @inline(__always)
  public var correlation: UInt64 { body.number(at: OutcomeLayout.correlation, as: UInt64.self) }

  /// Which attempt it was, from 0.
  @inlinable @inline(__always)
  public var retries: UInt32 { body.number(at: OutcomeLayout.retries, as: UInt32.self) }

  @inlinable @inline(__always)
  var valueByteCount: Int { Int(body.number(at: OutcomeLayout.valueByteCount, as: UInt32.self)) }

  @inlinable @inline(__always)
  var textByteCount: Int { Int(body.number(at: OutcomeLayout.textByteCount, as: UInt32.self)) }

  @inlinable @inline(__always)
  var typeByteCount: Int { Int(body.number(at: OutcomeLayout.typeByteCount, as: UInt32.self)) }

  /// The value that the task returned, as serializer and compression made it; empty unless it succeeded.
  @inlinable @inline(__always)
  public var value: MessageBody { body.part(at: OutcomeLayout.fixedByteCount, count: valueByteCount) }

  /// The wait that a task asks for which wants another attempt, in nanoseconds; nil for what its options say.
  public var countdown: Int64? {
    guard state == .retry, valueByteCount == 8 else { return nil }
    let wait = value.number(at: 0, as: Int64.self)
    return wait < 0 ? nil : wait
  }

  /// The error's type by name; empty where there is no error.
  public var errorType: String {
    body.part(at: OutcomeLayout.fixedByteCount + valueByteCount, count: typeByteCount).text
  }

  /// What the error says.
  public var errorText: String {
    body.part(at: OutcomeLayout.fixedByteCount + valueByteCount + typeByteCount, count: textByteCount).text
  }
}
