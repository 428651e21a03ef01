import Serialization

/// What the results of a group's members contain, no longer compressed, and what each may cost whoever decodes it.
///
/// All of them together may become as large as one message's content otherwise: a message has room for many small ones that become
/// large. What decoding them may take is shared out by their sizes, so that none can use up what the others need.
struct InputContents: ~Copyable {
  private var plain: ByteWriter
  private var places: [(start: Int, count: Int, serializer: Serializer)] = []
  private let limits: DecodingLimits

  /// Takes the compression off all parts.
  /// - Throws: when a part's codes are unknown, or it is damaged, or all together are too large.
  init(_ parts: [TaskInput.Part], limits: DecodingLimits = DecodingLimits()) throws(TaskResultError) {
    self.limits = limits
    plain = ByteWriter(limit: limits.length)
    var codecs = ContentCodecs()
    var packed = ByteWriter()
    places.reserveCapacity(parts.count)
    for part in parts {
      let content = try SerializedBytes(part)
      let start = plain.count
      packed.removeAll()
      packed.append(content.bytes)
      do { try codecs.decompress(packed.bytes, content.compression, into: &plain) } catch { throw .damaged(error) }
      guard !plain.hasOverflowed else { throw .undecodable(SerializationError(.lengthLimit(limits.length), at: 0)) }
      places.append((start, plain.count - start, content.serializer))
    }
  }

  /// The value that one of them stands for.
  func decode<Value>(_ type: Value.Type, at index: Int) throws(TaskResultError) -> Value {
    let (start, count, serializer) = places[index]
    // At most 2²⁸ times 2²⁶ by default.
    let (product, overflows) = limits.allocation.multipliedReportingOverflow(by: count)
    let share = overflows ? limits.allocation / max(1, plain.count) * count : product / max(1, plain.count)
    let bytes = unsafe BorrowedBytes(start: plain.bytes.start + start, count: count)
    let shared = DecodingLimits(depth: limits.depth, length: limits.length, allocation: share)
    do { return try TaskContent.decode(type, bytes, serializer, limits: shared) } catch { throw .undecodable(error) }
  }
}
