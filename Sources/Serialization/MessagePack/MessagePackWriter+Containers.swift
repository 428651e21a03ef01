extension MessagePackWriter {
  /// Writes text.
  @inlinable @inline(__always)
  public mutating func string(_ value: String) { value.withBorrowedUTF8 { text($0) } }

  /// Writes text.
  @inlinable @inline(__always)
  public mutating func text(_ utf8: BorrowedBytes) {
    if utf8.count < 32 {
      output.append(0xA0 | UInt8(truncatingIfNeeded: utf8.count))
    } else {
      longHead(utf8.count, 0xD9, 0xDA, 0xDB)
    }
    output.append(utf8)
  }

  /// Writes bytes.
  @inlinable
  public mutating func bytes(_ value: BorrowedBytes) {
    longHead(value.count, 0xC4, 0xC5, 0xC6)
    output.append(value)
  }

  /// Begins an array.
  @inlinable
  public mutating func beginArray(count: Int) {
    precondition(count >= 0, "a count is not negative")
    if count < 16 {
      output.append(0x90 | UInt8(truncatingIfNeeded: count))
    } else {
      longHead(count, nil, 0xDC, 0xDD)
    }
  }

  /// Ends it: nothing to write.
  @inlinable
  public mutating func endArray() {}

  /// Begins a map.
  @inlinable @inline(__always)
  public mutating func beginMap(count: Int) {
    precondition(count >= 0, "a count is not negative")
    if count < 16 {
      output.append(0x80 | UInt8(truncatingIfNeeded: count))
    } else {
      longHead(count, nil, 0xDE, 0xDF)
    }
  }

  /// Writes a key.
  @inlinable @inline(__always)
  public mutating func key(_ name: String) { string(name) }

  /// Ends the map: nothing to write.
  @inlinable
  public mutating func endMap() {}

  /// Begins a record: a map.
  @inlinable @inline(__always)
  public mutating func beginRecord(fieldCount: Int) { beginMap(count: fieldCount) }

  /// Writes the name of a field.
  @inlinable @inline(__always)
  public mutating func field(_ name: StaticString) { text(BorrowedBytes(name)) }

  /// Ends the record: nothing to write.
  @inlinable
  public mutating func endRecord() {}

  /// Writes bytes and what they mean; types below 0 are reserved for the specification.
  public mutating func extended(type: Int8, _ content: BorrowedBytes) {
    switch content.count {
    case 1: output.append(0xD4)
    case 2: output.append(0xD5)
    case 4: output.append(0xD6)
    case 8: output.append(0xD7)
    case 16: output.append(0xD8)
    default: longHead(content.count, 0xC7, 0xC8, 0xC9)
    }
    output.append(UInt8(bitPattern: type))
    output.append(content)
  }

  /// Writes a count in the smallest of the widths 1 (where there is one), 2 and 4.
  @usableFromInline
  mutating func longHead(_ count: Int, _ byteHead: UInt8?, _ shortHead: UInt8, _ wordHead: UInt8) {
    if let byteHead, let byte = UInt8(exactly: count) {
      output.append(byteHead, bigEndian: byte)
    } else if let short = UInt16(exactly: count) {
      output.append(shortHead, bigEndian: short)
    } else if let word = UInt32(exactly: count) {
      output.append(wordHead, bigEndian: word)
    } else {
      fail(.lengthLimit(Int(UInt32.max)))
    }
  }
}
