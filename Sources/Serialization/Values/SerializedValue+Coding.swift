extension SerializedValue: SerializableValue {
  /// Writes the value as what it is.
  @inlinable
  public func encode<Writer: ValueWriter & ~Copyable>(into writer: inout Writer) {
    writer.dynamicKind(kind)
    switch self {
    case .null: writer.null()
    case .bool(let value): writer.bool(value)
    case .integer(let value): writer.integer(value)
    case .unsigned(let value): writer.unsigned(value)
    case .negative(let value): writer.negative(value)
    case .float(let value): writer.float(value)
    case .string(let value): writer.string(value)
    case .bytes(let value): value.withBorrowedBytes { writer.bytes($0) }
    case .array(let elements):
      writer.beginArray(count: elements.count)
      for element in elements { element.encode(into: &writer) }
      writer.endArray()
    case .map(let entries):
      writer.beginMap(count: entries.count)
      for entry in entries {
        writer.dynamicKey(entry.key)
        entry.value.encode(into: &writer)
      }
      writer.endMap()
    case .tagged(let number, let value):
      writer.tag(number)
      value.encode(into: &writer)
    case .extended(let type, let content):
      content.withBorrowedBytes { writer.extended(type: type, $0) }
    case .simple(let number): writer.simple(number)
    }
  }

  /// Reads a value of whatever kind comes.
  @inlinable
  public init<Reader: ValueReader & ~Copyable>(from reader: inout Reader) throws(SerializationError) {
    switch try reader.dynamicKind() {
    case .null:
      try reader.null()
      self = .null
    case .bool: self = .bool(try reader.bool())
    case .integer: self = .integer(try reader.integer())
    case .unsigned: self = .unsigned(try reader.unsigned())
    case .negative: self = .negative(try reader.negative())
    case .float: self = .float(try reader.float())
    case .string: self = .string(try reader.string())
    case .bytes: self = .bytes(try ByteString(from: &reader).bytes)
    case .array: self = .array(try [SerializedValue](from: &reader))
    case .map: self = .map(try Self.entries(from: &reader))
    case .tagged: self = try Self.tagged(from: &reader)
    case .extended:
      let (type, content) = try reader.extended()
      try reader.charge(content.count)
      self = .extended(type: type, content: content.copied())
    case .simple: self = .simple(try reader.simple())
    }
  }

  @inlinable
  static func entries<Reader: ValueReader & ~Copyable>(
    from reader: inout Reader
  ) throws(SerializationError) -> [Entry] {
    var entries: [Entry] = []
    var cursor = try reader.beginMap()
    while try reader.nextEntry(&cursor) {
      try reader.charge(MemoryLayout<Entry>.stride)
      let key = try reader.dynamicKey()
      entries.append(Entry(key: key, value: try SerializedValue(from: &reader)))
    }
    return entries
  }

  @inlinable
  static func tagged<Reader: ValueReader & ~Copyable>(
    from reader: inout Reader
  ) throws(SerializationError) -> SerializedValue {
    let number = try reader.tag()
    // The box of the indirect case: a header of two words and the content.
    try reader.charge(MemoryLayout<(UInt64, SerializedValue)>.stride + 16)
    let value = try SerializedValue(from: &reader)
    reader.endTagged()
    return .tagged(number, value)
  }
}
