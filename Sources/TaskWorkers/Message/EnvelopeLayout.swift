/// Where things are in the fixed part of a task's message. Numbers are little-endian and nowhere aligned.
///
/// ```text
///  0 magic "RST1"       24 correlation   40 eta                 72 retries       84 bytes of the optional fields
///  4 content type       32 reply to      48 expires             76 fields mask   88 bytes of the arguments
///  5 content encoding                    56 soft time limit     80 bytes of the name
///  6 priority  7 flags  8 identifier     64 time limit          82 zero          92 name, optional fields, arguments
/// ```
/// The optional fields follow one another by rising bit of the mask, each with its length in four bytes before it.
@usableFromInline
enum EnvelopeLayout {
  /// "RST1": the last character is the version of this layout.
  @usableFromInline static var magic: UInt32 { @inlinable get { 0x3154_5352 } }
  @usableFromInline static var contentType: Int { @inlinable get { 4 } }
  @usableFromInline static var contentEncoding: Int { @inlinable get { 5 } }
  @usableFromInline static var priority: Int { @inlinable get { 6 } }
  @usableFromInline static var flags: Int { @inlinable get { 7 } }
  @usableFromInline static var identifier: Int { @inlinable get { 8 } }
  @usableFromInline static var correlation: Int { @inlinable get { 24 } }
  @usableFromInline static var replyTo: Int { @inlinable get { 32 } }
  @usableFromInline static var eta: Int { @inlinable get { 40 } }
  @usableFromInline static var expires: Int { @inlinable get { 48 } }
  @usableFromInline static var softTimeLimit: Int { @inlinable get { 56 } }
  @usableFromInline static var timeLimit: Int { @inlinable get { 64 } }
  @usableFromInline static var retries: Int { @inlinable get { 72 } }
  @usableFromInline static var fields: Int { @inlinable get { 76 } }
  @usableFromInline static var nameByteCount: Int { @inlinable get { 80 } }
  @usableFromInline static var optionalByteCount: Int { @inlinable get { 84 } }
  @usableFromInline static var argumentByteCount: Int { @inlinable get { 88 } }
  /// The size of the fixed part.
  @usableFromInline static var fixedByteCount: Int { @inlinable get { 92 } }
}

/// What a message says by a single bit.
@frozen
public struct EnvelopeFlags: OptionSet, Sendable {
  public let rawValue: UInt8

  @inlinable
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Nobody waits for the result: none is sent.
  public static var ignoresResult: EnvelopeFlags { @inlinable get { EnvelopeFlags(rawValue: 1) } }
  /// `eta` and `expires` count from the moment of sending: the message is a signature that was not sent yet.
  public static var hasRelativeTimes: EnvelopeFlags { @inlinable get { EnvelopeFlags(rawValue: 2) } }
  /// An earlier attempt at the message may have been made, by a keeper's or a lane's account; the broker's own mark is lost on the way.
  public static var isRedelivered: EnvelopeFlags { @inlinable get { EnvelopeFlags(rawValue: 4) } }
  /// The call itself said that the result is wanted, whatever the task's options say.
  public static var wantsResult: EnvelopeFlags { @inlinable get { EnvelopeFlags(rawValue: 8) } }
  /// The call itself said how urgent it is.
  public static var hasPriority: EnvelopeFlags { @inlinable get { EnvelopeFlags(rawValue: 16) } }

  /// The task takes no input from those before it.
  public static var isImmutable: EnvelopeFlags { @inlinable get { EnvelopeFlags(rawValue: 32) } }

  /// All there are: others make a message invalid.
  @usableFromInline static var known: EnvelopeFlags { @inlinable get { EnvelopeFlags(rawValue: 63) } }
}

/// The optional fields of a message, by the names of message protocol 2; the raw value is the bit of the mask.
public enum EnvelopeField: Int, Sendable, CaseIterable {
  /// `root_id`: the first task of the workflow.
  case rootID
  /// `parent_id`: the task that sent this one.
  case parentID
  /// `group`: what the tasks of a group have in common.
  case group
  /// `group_index`: which one of the group.
  case groupIndex
  /// `chord_size`: how many tasks the group of a chord has.
  case chordSize
  /// The queue that it was sent to.
  case queue
  /// `routing_key`.
  case routingKey
  /// `shadow`: another name for logs.
  case shadow
  /// `lang`: what it was written in.
  case lang
  /// `argsrepr`: its arguments as a reader may see them.
  case argsrepr
  /// `kwargsrepr`: the same of named ones.
  case kwargsrepr
  /// `origin`: who sent it.
  case origin
  /// `headers`: what an application adds.
  case headers
  /// `callbacks`: what is sent when it succeeds.
  case callbacks
  /// `errbacks`: what is sent when it fails.
  case errbacks
  /// `chain`: what follows it.
  case chain
  /// `chord`: what follows its whole group.
  case chord
  /// What the tasks before it returned (`TaskInput`).
  case input
  /// The signatures of a group, which is no task itself.
  case members

  var bit: UInt32 { 1 << UInt32(rawValue) }

  /// All bits there are: others make a message invalid.
  static let knownBits: UInt32 = 1 << UInt32(allCases.count) - 1

  /// The fields that say what follows a task.
  @usableFromInline static var workflowBits: UInt32 { @inlinable get { 0b1111 << 13 } }

  /// The field `input`.
  @usableFromInline static var inputBit: UInt32 { @inlinable get { 1 << 17 } }

  /// The number of bytes of a field that always has the same.
  var fixedByteCount: Int? {
    switch self {
    case .rootID, .parentID, .group: 16
    case .groupIndex, .chordSize: 4
    default: nil
    }
  }
}
