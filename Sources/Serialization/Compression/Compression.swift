/// How the bytes of a message are compressed, after they were serialized.
///
/// Its `contentEncoding` travels with the message as text, its `code` where a byte must do; neither ever changes its meaning.
public enum Compression: String, CaseIterable, Sendable {
  /// As they are.
  case none
  /// One zlib stream (RFC 1950) with its checksum, as `zlib.compress` of Python makes it.
  case zlib
  /// One Zstandard frame (RFC 8878) that says how long its content is.
  case zstd
  /// The length of the content in four bytes, little-endian, then one LZ4 block: what `lz4.block.compress` of Python
  /// makes. No checksum; the frame format of LZ4 would cost more than small messages save.
  case lz4

  /// One byte that stands for it in binary envelopes.
  public var code: UInt8 {
    switch self {
    case .none: 0
    case .zlib: 1
    case .zstd: 2
    case .lz4: 3
    }
  }

  /// The compression of this `code`, if there is one.
  public init?(code: UInt8) {
    guard let known = Self.allCases.first(where: { $0.code == code }) else { return nil }
    self = known
  }

  /// The name for a `content-encoding`: the registered one of HTTP (RFC 9110, where `deflate` is the zlib format, and
  /// RFC 8878), `lz4` where none is registered.
  public var contentEncoding: String {
    switch self {
    case .none: "identity"
    case .zlib: "deflate"
    case .zstd: "zstd"
    case .lz4: "lz4"
    }
  }

  /// The compression that a `content-encoding` names, in small or capital letters.
  public init?(contentEncoding: String) {
    let name = contentEncoding.lowercased()
    guard let known = Self.allCases.first(where: { $0.contentEncoding == name }) else { return nil }
    self = known
  }

  /// The levels that a `Compressor` takes. Greater is smaller and slower for zlib and zstd; for lz4 it is the
  /// acceleration, so that greater is larger and faster. zstd ends at 19: what is above asks its reader for more than
  /// 8 MiB of working memory.
  public var levels: ClosedRange<Int> {
    switch self {
    case .none: 0...0
    case .zlib: 0...9
    case .zstd: 1...19
    case .lz4: 1...65_537
    }
  }

  /// The level of a `Compressor` that was told none: zlib 6, as everywhere; zstd 1 and lz4 1, because messages are small
  /// and the processor is what a queue runs out of.
  public var defaultLevel: Int {
    switch self {
    case .none: 0
    case .zlib: 6
    case .zstd, .lz4: 1
    }
  }
}
