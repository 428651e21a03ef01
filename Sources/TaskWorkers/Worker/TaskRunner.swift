public import DriverInterface
public import Serialization

/// Makes attempts on one thread, one after the other: finds the handler's arguments, calls it, and writes the outcome.
///
/// Decides nothing about acknowledgement or another attempt: the outcome of a task that wants one is RETRY, with the wait it asked for
/// as its value. Cost: allocates nothing once its writers have their sizes; the handler may.
@usableFromInline
struct TaskRunner: ~Copyable {
  @usableFromInline let table: TaskTable
  @usableFromInline let environment: TaskEnvironment
  /// The last outcome.
  @usableFromInline var outcome: ByteWriter
  /// Decompressed arguments, or a result before it is compressed.
  private var content: ByteWriter
  private var codecs = ContentCodecs()

  /// The most bytes of arguments after decompression: 64 MiB.
  private static var contentLimit: Int { ByteWriter.defaultLimit }

  init(_ table: TaskTable, environment: TaskEnvironment) {
    self.table = table
    self.environment = environment
    outcome = ByteWriter(capacity: 1024, limit: TaskEnvelope.byteCountLimit)
    content = ByteWriter(limit: Self.contentLimit)
  }

  /// The last outcome as a message.
  @usableFromInline
  var outcomeBody: MessageBody { unsafe MessageBody(start: outcome.bytes.start, count: outcome.count) }

  /// Makes one attempt.
  /// - Parameters:
  ///   - index: The task's place in the table; its work is synchronous.
  ///   - attempt: Its number, for whoever wants to stop it.
  ///   - softDeadline: When its soft time limit is over; `.max` for never.
  /// - Returns: its state, that of `outcomeBody`.
  @inlinable @inline(__always)
  mutating func run(
    _ envelope: TaskEnvelope, _ index: Int, isRedelivered: Bool, attempt: UInt64, softDeadline: Int64
  ) -> TaskState {
    OutcomeWriter.begin(&outcome, for: envelope.identifier, retries: envelope.retries)
    let flags: TaskOutcome.Flags = isRedelivered ? .isRedelivered : []
    let terms = unsafe table.terms[index]
    if envelope.compressionCode | terms.compressionCode != 0 {
      return runCompressed(envelope, index, terms, flags, attempt, softDeadline)
    }
    let invocation = TaskInvocation(
      envelope, arguments: envelope.arguments, isRedelivered: isRedelivered, attempt: attempt,
      softDeadline: softDeadline, environment: environment)
    do {
      // A table's index leads to a handler, except of asynchronous tasks, which do not come here.
      try unsafe table.handlers[index].unsafelyUnwrapped(invocation, &outcome)
    } catch {
      return fail(error, index, flags)
    }
    guard !outcome.hasOverflowed else { return failTooLarge(flags) }
    OutcomeWriter.succeed(
      &outcome, serializerCode: envelope.serializerCode, compressionCode: Compression.none.code, flags: flags)
    return .success
  }

  @usableFromInline @inline(never)
  mutating func runCompressed(
    _ envelope: TaskEnvelope, _ index: Int, _ terms: TaskTerms, _ flags: TaskOutcome.Flags, _ attempt: UInt64,
    _ softDeadline: Int64
  ) -> TaskState {
    content.removeAll()
    do {
      let packed = unsafe BorrowedBytes(envelope.arguments.bytes)
      try codecs.decompress(packed, envelope.compression, into: &content)
      let arguments = unsafe MessageBody(start: content.bytes.start, count: content.count)
      let invocation = TaskInvocation(
        envelope, arguments: arguments, isRedelivered: flags.contains(.isRedelivered), attempt: attempt,
        softDeadline: softDeadline, environment: environment)
      guard let handler = unsafe table.handlers[index] else { preconditionFailure("the task is asynchronous") }
      try handler(invocation, &outcome)
      guard !outcome.hasOverflowed else { return failTooLarge(flags) }
      let compression = KnownCodes.compression(terms.compressionCode)
      if compression != .none {
        content.removeAll()
        let value = outcomeBody.part(
          at: OutcomeLayout.fixedByteCount, count: outcome.count - OutcomeLayout.fixedByteCount)
        try codecs.compress(unsafe BorrowedBytes(value.bytes), compression, into: &content)
        outcome.truncate(to: OutcomeLayout.fixedByteCount)
        outcome.append(content.bytes)
        guard !outcome.hasOverflowed else { return failTooLarge(flags) }
      }
    } catch {
      return fail(error, index, flags)
    }
    OutcomeWriter.succeed(
      &outcome, serializerCode: envelope.serializerCode, compressionCode: terms.compressionCode, flags: flags)
    return .success
  }

  /// Copies of a message's arguments, no longer compressed.
  mutating func unpack(_ envelope: TaskEnvelope) throws(CompressionError) -> SerializedBytes {
    content.removeAll()
    try codecs.decompress(unsafe BorrowedBytes(envelope.arguments.bytes), envelope.compression, into: &content)
    return SerializedBytes(content.copied(), serializer: envelope.serializer)
  }

  /// Makes what an asynchronous attempt came to the outcome.
  mutating func write(
    _ ending: AsyncAttempt.Ending, for envelope: TaskEnvelope, _ index: Int, isRedelivered: Bool
  ) -> TaskState {
    OutcomeWriter.begin(&outcome, for: envelope.identifier, retries: envelope.retries)
    let flags: TaskOutcome.Flags = isRedelivered ? .isRedelivered : []
    do {
      switch ending {
      case .threw(let error): throw error
      case .returned(let value): try appendValue(value, compressionCode: unsafe table.terms[index].compressionCode)
      }
    } catch {
      return fail(error, index, flags)
    }
    guard !outcome.hasOverflowed else { return failTooLarge(flags) }
    OutcomeWriter.succeed(
      &outcome, serializerCode: envelope.serializerCode,
      compressionCode: unsafe table.terms[index].compressionCode, flags: flags)
    return .success
  }

  private mutating func appendValue(_ value: [UInt8], compressionCode: UInt8) throws(CompressionError) {
    content.removeAll()
    content.append(value)
    try codecs.compress(content.bytes, KnownCodes.compression(compressionCode), into: &outcome)
  }

  /// Makes an ending that no handler has written the outcome.
  mutating func write(_ state: TaskState, _ errorType: String, for envelope: TaskEnvelope, isRedelivered: Bool) {
    OutcomeWriter.begin(&outcome, for: envelope.identifier, retries: envelope.retries)
    OutcomeWriter.end(
      &outcome, state, errorType: errorType, text: "\(envelope.name.text): \(errorType)",
      flags: isRedelivered ? .isRedelivered : [])
  }

  /// Makes a copy of an outcome from elsewhere the outcome. Whether it is a repeated attempt's is not for whoever made it to say.
  mutating func take(_ other: TaskOutcome, isRedelivered: Bool) {
    outcome.removeAll()
    unsafe outcome.append(BorrowedBytes(other.body.bytes))
    let flags = isRedelivered ? other.flags.union(.isRedelivered) : other.flags.subtracting(.isRedelivered)
    outcome.overwrite(at: OutcomeLayout.flags, littleEndian: flags.rawValue)
  }

  @usableFromInline @inline(never)
  mutating func failTooLarge(_ flags: TaskOutcome.Flags) -> TaskState {
    let text = "the result is larger than \(TaskEnvelope.byteCountLimit) bytes"
    OutcomeWriter.end(&outcome, .failure, errorType: WorkerErrorName.resultTooLarge, text: text, flags: flags)
    return .failure
  }

  @usableFromInline @inline(never)
  mutating func fail(_ error: any Error, _ index: Int, _ flags: TaskOutcome.Flags) -> TaskState {
    TaskFailing.write(error, options: table.entries[index].options, flags, into: &outcome)
  }
}
