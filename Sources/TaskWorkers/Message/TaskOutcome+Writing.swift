public import Serialization

/// Writes an outcome into a `ByteWriter`: the fixed part first, then whatever the handler writes as its value, then the lengths.
///
/// The outcome is all that the writer holds. Cost: a few stores; allocates only when the value outgrows all before it.
@frozen
public struct OutcomeWriter {
  /// Starts an outcome of nothing yet; the value's bytes follow into the same writer.
  @inlinable @inline(__always)
  public static func begin(_ writer: inout ByteWriter, for identifier: TaskIdentifier, retries: UInt32) {
    writer.removeAll()
    writer.append(littleEndian: OutcomeLayout.magic)
    writer.append(littleEndian: UInt32(0))
    writer.append(littleEndian: identifier.high.byteSwapped)
    writer.append(littleEndian: identifier.low.byteSwapped)
    writer.append(littleEndian: UInt64(0))
    writer.append(littleEndian: retries)
    writer.append(littleEndian: UInt32(0))
    writer.append(littleEndian: UInt32(0))
    writer.append(littleEndian: UInt32(0))
  }

  /// Ends the outcome of a task that returned a value: what was written since `begin`.
  @inlinable @inline(__always)
  public static func succeed(
    _ writer: inout ByteWriter, serializerCode: UInt8, compressionCode: UInt8, flags: TaskOutcome.Flags
  ) {
    set(&writer, .success, serializerCode, compressionCode, flags)
    let byteCount = writer.count &- OutcomeLayout.fixedByteCount
    writer.overwrite(at: OutcomeLayout.valueByteCount, littleEndian: UInt32(truncatingIfNeeded: byteCount))
  }

  /// Ends the outcome of a task that wants another attempt, with the wait it asks for and the error it ends with if there is none.
  public static func retry(
    _ writer: inout ByteWriter, after countdown: Int64?, errorType: String, text: String, flags: TaskOutcome.Flags
  ) {
    writer.truncate(to: OutcomeLayout.fixedByteCount)
    writer.append(littleEndian: countdown ?? -1)
    writer.overwrite(at: OutcomeLayout.valueByteCount, littleEndian: UInt32(8))
    set(&writer, .retry, Serializer.raw.code, Compression.none.code, flags)
    appendTexts(&writer, errorType, text)
  }

  /// Ends the outcome of a task without a value; what was written since `begin` is dropped. Texts are cut at `textLimit` bytes.
  public static func end(
    _ writer: inout ByteWriter, _ state: TaskState, errorType: String, text: String, flags: TaskOutcome.Flags
  ) {
    writer.truncate(to: OutcomeLayout.fixedByteCount)
    writer.overwrite(at: OutcomeLayout.valueByteCount, littleEndian: UInt32(0))
    set(&writer, state, Serializer.raw.code, Compression.none.code, flags)
    appendTexts(&writer, errorType, text)
  }

  /// Makes the outcome of a task that wanted another attempt its failure, with the same error.
  static func giveUp(_ writer: inout ByteWriter, _ outcome: TaskOutcome) {
    let (type, text, flags) = (outcome.errorType, outcome.errorText, outcome.flags)
    end(&writer, .failure, errorType: type, text: text, flags: flags)
  }

  private static func appendTexts(_ writer: inout ByteWriter, _ errorType: String, _ text: String) {
    // At most so much that a message always has room for it.
    for (part, offset) in [(errorType, OutcomeLayout.typeByteCount), (text, OutcomeLayout.textByteCount)] {
      let start = writer.count
      // Cut before it is written: a text beyond the writer's own limit would be left out as a whole.
      writer.append(part.utf8.count > textLimit ? cut(part) : part)
      writer.overwrite(at: offset, littleEndian: UInt32(writer.count - start))
    }
  }

  /// The beginning of a text, not beyond the limit and not within a character.
  private static func cut(_ text: String) -> String {
    var end = text.utf8.index(text.utf8.startIndex, offsetBy: textLimit)
    while end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
    return String(text[..<end])
  }

  /// How many bytes of an error's type and of its text travel.
  public static let textLimit = 16 << 10

  @inlinable @inline(__always)
  static func set(
    _ writer: inout ByteWriter, _ state: TaskState, _ serializerCode: UInt8, _ compressionCode: UInt8,
    _ flags: TaskOutcome.Flags
  ) {
    let codes =
      UInt32(state.code) | UInt32(serializerCode) << 8 | UInt32(compressionCode) << 16 | UInt32(flags.rawValue) << 24
    writer.overwrite(at: OutcomeLayout.state, littleEndian: codes)
  }

  /// Writes for whom the outcome is.
  @inlinable @inline(__always)
  public static func setCorrelation(_ writer: inout ByteWriter, _ correlation: UInt64) {
    writer.overwrite(at: OutcomeLayout.correlation, littleEndian: correlation)
  }
}
