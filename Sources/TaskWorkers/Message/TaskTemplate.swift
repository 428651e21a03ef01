public import Serialization

/// The message of a task that is sent again and again: everything but what differs from one to the next, encoded once.
///
/// Cost of a message: a copy of its about hundred bytes and of the arguments, and a few stores. Allocates nothing once the writer
/// has the size.
@frozen
public struct TaskTemplate: Sendable {
  @usableFromInline let bytes: [UInt8]
  /// After how many nanoseconds a message expires; 0 for never.
  @usableFromInline let lifetimeNanoseconds: Int64
  /// How long it is held back, in nanoseconds.
  @usableFromInline let countdownNanoseconds: Int64
  /// How urgent its messages are.
  public let priority: UInt8
  /// Whether a result comes.
  public let expectsResult: Bool

  /// The template of a task. Identifier and arguments' bytes of `signature` are left out; its relations are as they are said.
  public init(_ signature: Signature, options: TaskOptions = TaskOptions()) throws(TaskMessageError) {
    var message = signature.prototype
    message.complete(with: options)
    message.arguments.bytes = []
    message.flags.remove(.hasRelativeTimes)
    countdownNanoseconds = message.eta
    lifetimeNanoseconds = message.expires
    message.eta = 0
    message.expires = 0
    priority = message.priority
    expectsResult = !message.flags.contains(.ignoresResult)
    bytes = try message.encoded()
  }

  /// Whether its messages go to a keeper first.
  @inlinable
  public var isHeldBack: Bool { countdownNanoseconds != 0 }

  /// Makes the message of one task the content of `writer`, up to the arguments, which the caller appends before `end`.
  @inlinable @inline(__always)
  public func begin(_ writer: inout ByteWriter, identifier: TaskIdentifier, now: Int64) {
    writer.removeAll()
    unsafe bytes.withUnsafeBytes { unsafe writer.append(BorrowedBytes($0)) }
    writer.overwrite(at: EnvelopeLayout.identifier, littleEndian: identifier.high.byteSwapped)
    writer.overwrite(at: EnvelopeLayout.identifier + 8, littleEndian: identifier.low.byteSwapped)
    if lifetimeNanoseconds | countdownNanoseconds != 0 { setTimes(&writer, now) }
  }

  @usableFromInline
  func setTimes(_ writer: inout ByteWriter, _ now: Int64) {
    if countdownNanoseconds != 0 {
      // Negative stands for an absolute moment, as in every prototype.
      let eta = countdownNanoseconds < 0 ? -countdownNanoseconds : now.advanced(upTo: countdownNanoseconds)
      writer.overwrite(at: EnvelopeLayout.eta, littleEndian: eta)
    }
    if lifetimeNanoseconds != 0 {
      writer.overwrite(at: EnvelopeLayout.expires, littleEndian: now.advanced(upTo: lifetimeNanoseconds))
    }
  }

  /// Says how many bytes of arguments were appended; false when the message is too large.
  @inlinable @inline(__always)
  public func end(_ writer: inout ByteWriter) -> Bool {
    guard !writer.hasOverflowed, writer.count <= TaskEnvelope.byteCountLimit else { return false }
    let byteCount = UInt32(truncatingIfNeeded: writer.count &- bytes.count)
    writer.overwrite(at: EnvelopeLayout.argumentByteCount, littleEndian: byteCount)
    return true
  }
}

/// Changes fields of a message in place, in a writer that holds just that.
@frozen
public struct EnvelopePatch {
  /// Sends the message on for another attempt or at another time.
  @inlinable
  public static func reschedule(_ writer: inout ByteWriter, retries: UInt32, eta: Int64) {
    writer.overwrite(at: EnvelopeLayout.retries, littleEndian: retries)
    writer.overwrite(at: EnvelopeLayout.eta, littleEndian: eta)
  }

  /// Notes where the result goes, before the message leaves the hands of the broker that carries that.
  @inlinable
  public static func address(_ writer: inout ByteWriter, correlation: UInt64, replyTo: UInt64) {
    writer.overwrite(at: EnvelopeLayout.correlation, littleEndian: correlation)
    writer.overwrite(at: EnvelopeLayout.replyTo, littleEndian: replyTo)
  }

  /// Notes that an earlier attempt may have been made.
  @inlinable
  public static func markRedelivered(_ writer: inout ByteWriter, flags: EnvelopeFlags) {
    writer.overwrite(at: EnvelopeLayout.flags, littleEndian: flags.union(.isRedelivered).rawValue)
  }
}
