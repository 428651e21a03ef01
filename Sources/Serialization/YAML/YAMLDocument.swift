internal import Yams

/// Documents of YAML, read by Yams; one document, without aliases.
///
/// Aliases are refused because a few lines of them can stand for more values than memory holds.
enum YAMLDocument {
  /// What the library and our value take for each value, and for each byte of text; generous.
  private static let valueByteCount = 512
  private static let textByteCount = 8

  /// Reads the value of a document.
  static func read(_ bytes: BorrowedBytes, limits: DecodingLimits) throws(SerializationError) -> SerializedValue {
    guard bytes.count <= limits.length else { throw SerializationError(.lengthLimit(limits.length), at: 0) }
    try charge(bytes, limits: limits)
    guard let text = bytes.validatedString() else { throw SerializationError(.invalidText, at: 0) }
    try refuseAliases(in: text)
    return try value(of: try compose(text), depth: limits.depth)
  }

  /// Every value but the first stands behind one of these bytes, so that their number limits what the library allocates.
  private static func charge(_ bytes: BorrowedBytes, limits: DecodingLimits) throws(SerializationError) {
    var values = 1
    for index in 0..<bytes.count {
      switch bytes[index] {
      case UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "-"), UInt8(ascii: "?"), UInt8(ascii: "["),
        UInt8(ascii: "{"), 0x0A, 0x0D:
        values += 1
      default: break
      }
    }
    guard values <= (limits.allocation - min(limits.allocation, bytes.count * textByteCount)) / valueByteCount else {
      throw SerializationError(.allocationLimit(limits.allocation), at: 0)
    }
  }

  /// With every `&` replaced there is no anchor left, so that an alias, if there is one, names nothing and is an error. Only a
  /// document with both characters pays for being read twice. The other character is one that nobody writes.
  private static func refuseAliases(in text: String) throws(SerializationError) {
    guard text.utf8.contains(UInt8(ascii: "*")) && text.utf8.contains(UInt8(ascii: "&")) else { return }
    let withoutAnchors = String(text.map { $0 == "&" ? "\u{E0FF}" : $0 })
    do {
      _ = try compose(withoutAnchors)
    } catch {
      throw .unsupported("aliases", in: .yaml, at: error.offset)
    }
  }

  private static func compose(_ text: String) throws(SerializationError) -> Node {
    do {
      guard let node = try Yams.compose(yaml: text, .basic, .default, .utf8) else {
        throw SerializationError(.truncated, at: 0)
      }
      return node
    } catch let error as SerializationError {
      throw error
    } catch {
      throw SerializationError(.malformed, at: 0, underlying: error)
    }
  }

  private static func value(of node: Node, depth: Int) throws(SerializationError) -> SerializedValue {
    switch node {
    case .scalar(let scalar): return try value(of: scalar, isKey: false)
    case .sequence(let sequence):
      guard depth > 0 else { throw SerializationError(.depthLimit(0), at: 0) }
      try check(sequence.tag, is: .seq)
      var elements: [SerializedValue] = []
      elements.reserveCapacity(sequence.count)
      for element in sequence { elements.append(try value(of: element, depth: depth - 1)) }
      return .array(elements)
    case .mapping(let mapping):
      guard depth > 0 else { throw SerializationError(.depthLimit(0), at: 0) }
      try check(mapping.tag, is: .map)
      var entries: [SerializedValue.Entry] = []
      entries.reserveCapacity(mapping.count)
      for (key, element) in mapping {
        entries.append(.init(key: try self.key(of: key, depth: depth - 1), value: try value(of: element, depth: depth - 1)))
      }
      return .map(entries)
    case .alias: throw .unsupported("aliases", in: .yaml)
    }
  }

  private static func key(of node: Node, depth: Int) throws(SerializationError) -> SerializedValue {
    guard case .scalar(let scalar) = node else { return try value(of: node, depth: depth) }
    return try value(of: scalar, isKey: true)
  }

  private static func check(_ tag: Tag, is expected: Tag.Name) throws(SerializationError) {
    guard tag.rawValue == "" || tag.rawValue == "!" || tag.rawValue == expected.rawValue else {
      throw .unsupported("the tag \(tag)", in: .yaml)
    }
  }

  private static func value(of scalar: Node.Scalar, isKey: Bool) throws(SerializationError) -> SerializedValue {
    let text = scalar.string
    let plain = scalar.style == .plain || scalar.style == .any
    switch Tag.Name(rawValue: scalar.tag.rawValue) {
    // The library writes the tag of text into every key when it looks for duplicates.
    case .implicit: return plain ? YAMLScalar.value(of: text) : .string(text)
    case .str: return plain && isKey ? YAMLScalar.value(of: text) : .string(text)
    case .nonSpecific: return .string(text)
    case .binary:
      guard let bytes = YAMLScalar.bytes(ofBase64: text) else { throw SerializationError(.malformed, at: 0) }
      return .bytes(bytes)
    case .null, .bool, .int, .float:
      let value = YAMLScalar.value(of: text)
      if case .string = value { throw SerializationError(.malformed, at: 0) }
      return value
    default: throw .unsupported("the tag \(scalar.tag)", in: .yaml)
    }
  }
}
