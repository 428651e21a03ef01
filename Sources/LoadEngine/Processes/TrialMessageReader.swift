/// Cuts what comes out of a pipe into messages, however the bytes arrive.
struct TrialMessageReader {
  private var bytes: [UInt8] = []

  /// Adds what was read and takes out every message that is complete.
  /// - Throws: `TrialMessageError` or `DecodingError` at the first that is none; nothing can be read after it.
  mutating func append(_ more: [UInt8]) throws -> [TrialMessage] {
    bytes += more
    var messages: [TrialMessage] = []
    var start = 0
    while bytes.count - start >= TrialMessage.headerByteCount {
      guard bytes[start] == TrialMessage.version else { throw TrialMessageError.unknownVersion(bytes[start]) }
      let length = (0..<4).reduce(0) { $0 | Int(bytes[start + 4 + $1]) << (8 * $1) }
      guard length <= TrialMessage.bodyByteCountMax else { throw TrialMessageError.tooLong(length) }
      let bodyStart = start + TrialMessage.headerByteCount
      guard bytes.count - bodyStart >= length else { break }
      messages.append(try TrialMessage(kind: bytes[start + 1], body: bytes[bodyStart..<bodyStart + length]))
      start = bodyStart + length
    }
    bytes.removeFirst(start)
    return messages
  }
}
