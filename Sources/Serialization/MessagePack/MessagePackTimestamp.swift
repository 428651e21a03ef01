/// A point in time as MessagePack's own extension type -1: nanoseconds for more years than there will be.
public struct MessagePackTimestamp: Sendable, Hashable {
  /// The extension type.
  public static let extensionType: Int8 = -1

  /// Whole seconds since the beginning of 1970, rounded down.
  public var seconds: Int64
  /// Nanoseconds after that second, less than 1 000 000 000.
  public var nanoseconds: UInt32

  /// Creates a point in time; nil when there are too many nanoseconds.
  public init?(seconds: Int64, nanoseconds: UInt32) {
    guard nanoseconds < 1_000_000_000 else { return nil }
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  /// Reads the content of an extension of type -1; nil when it is none of the three forms.
  public init?(content: BorrowedBytes) {
    var input = ByteReader(content, limits: DecodingLimits())
    switch content.count {
    case 4:
      guard let seconds = try? input.takeBigEndian(UInt32.self) else { return nil }
      self.init(seconds: Int64(seconds), nanoseconds: 0)
    case 8:
      guard let word = try? input.takeBigEndian(UInt64.self) else { return nil }
      self.init(seconds: Int64(word & (1 << 34 - 1)), nanoseconds: UInt32(word >> 34))
    case 12:
      guard let nanoseconds = try? input.takeBigEndian(UInt32.self), let seconds = try? input.takeBigEndian(Int64.self)
      else { return nil }
      self.init(seconds: seconds, nanoseconds: nanoseconds)
    default: return nil
    }
  }

  /// The content of the extension, in the shortest of the three forms: 4, 8 or 12 bytes.
  public var content: [UInt8] {
    var output = ByteWriter(capacity: 12)
    if seconds >> 34 != 0 {
      output.append(littleEndian: nanoseconds.byteSwapped)
      output.append(littleEndian: seconds.byteSwapped)
    } else if nanoseconds == 0 && seconds <= UInt32.max {
      output.append(littleEndian: UInt32(seconds).byteSwapped)
    } else {
      output.append(littleEndian: (UInt64(nanoseconds) << 34 | UInt64(seconds)).byteSwapped)
    }
    return output.copied()
  }
}

extension MessagePackTimestamp: SerializableValue {
  /// Writes an extension; only MessagePack and raw have those.
  public func encode<Writer: ValueWriter & ~Copyable>(into writer: inout Writer) {
    content.withBorrowedBytes { writer.extended(type: Self.extensionType, $0) }
  }

  /// Reads an extension of type -1.
  public init<Reader: ValueReader & ~Copyable>(from reader: inout Reader) throws(SerializationError) {
    let (type, content) = try reader.extended()
    guard type == Self.extensionType else { throw reader.error(.typeMismatch) }
    guard let timestamp = Self(content: content) else { throw reader.error(.malformed) }
    self = timestamp
  }
}
