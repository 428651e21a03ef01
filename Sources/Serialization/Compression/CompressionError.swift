/// Why bytes could not be compressed or decompressed.
public enum CompressionError: Error, Equatable, Sendable {
  /// The level is outside of `Compression.levels`.
  case levelOutOfRange(Compression, level: Int)
  /// The format cannot hold an input as long as this one.
  case inputTooLong(Compression, count: Int)
  /// The output would be, or says that it is, longer than the limit allows.
  case outputTooLong(Compression, limit: Int)
  /// The compressed bytes end before the content does.
  case truncated(Compression)
  /// The compressed bytes are not of this format, were damaged, or say a length that their content has not.
  case corrupted(Compression)
  /// Bytes follow the end of the compressed content.
  case trailingBytes(Compression, count: Int)
  /// Decompressing would need more working memory than the limit allows.
  case windowTooLarge(Compression, limit: Int)
  /// The library found no memory for its own state.
  case outOfMemory(Compression)
}

extension CompressionError: CustomStringConvertible {
  /// One sentence for a person.
  public var description: String {
    switch self {
    case .levelOutOfRange(let compression, let level):
      "\(compression) has no level \(level): use \(compression.levels.lowerBound) to \(compression.levels.upperBound)"
    case .inputTooLong(let compression, let count): "\(compression): \(count) bytes are more than it takes at once"
    case .outputTooLong(let compression, let limit):
      "\(compression): the output has more than \(limit) bytes, the limit"
    case .truncated(let compression): "\(compression): the compressed bytes end too early"
    case .corrupted(let compression): "\(compression): the compressed bytes are damaged, or not \(compression) at all"
    case .trailingBytes(let compression, let count): "\(compression): \(count) bytes follow the compressed content"
    case .windowTooLarge(let compression, let limit):
      "\(compression): decompressing needs more than \(limit) bytes of working memory"
    case .outOfMemory(let compression): "\(compression): no memory"
    }
  }
}
