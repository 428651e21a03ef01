extension Scenario {
  /// What a payload looks like to a serializer.
  public enum PayloadShape: String, Sendable, CaseIterable {
    /// Nothing but bytes.
    case bytes
    /// A list of small records: text, whole and decimal numbers.
    case record
    /// One long text.
    case text
    /// A list of decimal numbers.
    case numbers
  }

  /// How payloads become bytes.
  public enum Serializer: String, Sendable, CaseIterable {
    /// As they are in memory: bytes stay what they are, other shapes have a fixed layout without names.
    case raw
    /// The others; those of text write bytes in letters.
    case json, yaml, messagepack, plist, cbor, protobuf

    /// The shape of payloads that do not say one.
    var usualShape: PayloadShape { self == .raw ? .bytes : .record }
  }

  /// How serialised payloads are made smaller.
  public enum Compression: String, Sendable, CaseIterable {
    case none, zlib, zstd, lz4
  }

  /// How the payloads of a group travel.
  public struct Encoding: Sendable, Equatable {
    /// What they are to the serializer.
    public var shape = PayloadShape.bytes
    /// How they become bytes.
    public var serializer = Serializer.raw
    /// How these become fewer.
    public var compression = Compression.none

    /// Whether they travel as they are.
    public var isPlain: Bool { self == Encoding() }

    /// The largest payload that may be encoded: four times as many bytes still fit into a broker's largest body.
    public static let largestPayloadByteCount = 1 << 18
  }
}
