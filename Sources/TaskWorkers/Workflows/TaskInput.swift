import DriverInterface

/// What a callback gets from the tasks before it, beside its own arguments: one result, or those of a group in its members' order.
///
/// Results travel as the bytes that their serializer made, with its code, and are never decoded on the way: a group may
/// mix serializers, and formats that cannot be understood without their type (`raw`) pass as well as any.
///
/// Layout (little-endian): one byte 1 for a single result or 2 for a group's, a 4-byte count (1 for a single one), then for each part
/// the serializer's code, the compression's code, a 4-byte length and the bytes.
public enum TaskInput: Sendable, Equatable {
  /// One serialized result.
  public struct Part: Sendable, Equatable {
    /// The serializer's stable code.
    public var serializerCode: UInt8
    /// The compression's stable code; 0 for none.
    public var compressionCode: UInt8
    /// The bytes.
    public var bytes: [UInt8]

    /// A part.
    public init(serializerCode: UInt8, compressionCode: UInt8 = 0, bytes: [UInt8]) {
      self.serializerCode = serializerCode
      self.compressionCode = compressionCode
      self.bytes = bytes
    }
  }

  /// The result of the task before.
  case single(Part)
  /// The results of a group's members.
  case group([Part])

  /// The parts in order.
  public var parts: [Part] {
    switch self {
    case .single(let part): [part]
    case .group(let parts): parts
    }
  }

  /// The layout's bytes.
  public func encoded() -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(5 + parts.reduce(0) { $0 + 6 + $1.bytes.count })
    if case .single = self { output.append(1) } else { output.append(2) }
    output.appendLittleEndian(UInt32(parts.count))
    for part in parts {
      output.append(part.serializerCode)
      output.append(part.compressionCode)
      output.appendLittleEndian(UInt32(part.bytes.count))
      output.append(contentsOf: part.bytes)
    }
    return output
  }

  /// Whether each part of an encoded input has a serializer's code of `accepted`. Copies and decodes nothing; of what is not wholly an
  /// input, the parts that are there count.
  static func areParts(of encoded: MessageBody, in accepted: CodeSet) -> Bool {
    var offset = 5
    while encoded.count - offset >= 6 {
      guard accepted.contains(encoded.number(at: offset, as: UInt8.self)) else { return false }
      offset += 6 + Int(encoded.number(at: offset + 2, as: UInt32.self))
    }
    return true
  }

  /// Reads what `encoded` wrote; nil for anything that is not wholly that.
  public init?(encoded bytes: some RandomAccessCollection<UInt8>) {
    var rest = bytes[...]
    guard let kind = rest.popFirst(), let count = rest.popLittleEndian(UInt32.self) else { return nil }
    // Six bytes each at least, so a hostile count allocates nothing.
    guard Int(count) <= rest.count / 6 else { return nil }
    var parts: [Part] = []
    parts.reserveCapacity(Int(count))
    for _ in 0..<count {
      guard let serializer = rest.popFirst(), let compression = rest.popFirst(),
        let length = rest.popLittleEndian(UInt32.self), Int(length) <= rest.count
      else { return nil }
      parts.append(
        Part(serializerCode: serializer, compressionCode: compression, bytes: Array(rest.prefix(Int(length)))))
      rest = rest.dropFirst(Int(length))
    }
    guard rest.isEmpty else { return nil }
    switch (kind, parts.count) {
    case (1, 1): self = .single(parts[0])
    case (2, _): self = .group(parts)
    default: return nil
    }
  }
}

extension [UInt8] {
  /// Appends a number's bytes, the least significant first.
  mutating func appendLittleEndian(_ number: some FixedWidthInteger) {
    for shift in stride(from: 0, to: number.bitWidth, by: 8) { append(UInt8(truncatingIfNeeded: number >> shift)) }
  }
}

extension Collection where SubSequence == Self, Element == UInt8 {
  /// Takes a number off the front, the least significant byte first; nil when there are too few bytes.
  mutating func popLittleEndian<Number: FixedWidthInteger>(_ type: Number.Type) -> Number? {
    let byteCount = Number.bitWidth / 8
    guard count >= byteCount else { return nil }
    var number: Number = 0
    for (place, byte) in prefix(byteCount).enumerated() { number |= Number(truncatingIfNeeded: byte) << (place * 8) }
    self = dropFirst(byteCount)
    return number
  }
}
