/// Writes CBOR (RFC 8949) in its preferred serialization: definite lengths, and every head and number in its fewest bytes.
@frozen
public struct CBORWriter: DocumentWriter, ~Copyable {
  @usableFromInline var output: ByteWriter
  /// Why the document is not what it should be.
  public private(set) var failure: SerializationError?

  /// Begins a document at the end of what `output` holds.
  @inlinable
  public init(_ output: consuming ByteWriter) { self.output = output }

  /// Gives the memory back.
  @inlinable
  public consuming func takeOutput() -> ByteWriter { output }

  /// Remembers the first failure.
  public mutating func fail(_ reason: SerializationError.Reason) {
    if failure == nil { failure = SerializationError(reason, at: output.count) }
  }

  /// Writes the head of a value: its major type, and an argument in the fewest bytes.
  @inlinable @inline(__always)
  mutating func head(_ major: CBORMajorType, _ argument: UInt64) {
    if argument < 24 {
      output.append(major.rawValue | UInt8(truncatingIfNeeded: argument))
    } else {
      longHead(major, argument)
    }
  }

  @usableFromInline
  mutating func longHead(_ major: CBORMajorType, _ argument: UInt64) {
    if let byte = UInt8(exactly: argument) {
      output.append(major.rawValue | 24, bigEndian: byte)
    } else if let short = UInt16(exactly: argument) {
      output.append(major.rawValue | 25, bigEndian: short)
    } else if let word = UInt32(exactly: argument) {
      output.append(major.rawValue | 26, bigEndian: word)
    } else {
      output.append(major.rawValue | 27, bigEndian: argument)
    }
  }

  /// Writes null.
  @inlinable
  public mutating func null() { output.append(0xF6) }

  /// Writes a truth value.
  @inlinable
  public mutating func bool(_ value: Bool) { output.append(value ? 0xF5 : 0xF4) }

  /// Writes a whole number.
  @inlinable @inline(__always)
  public mutating func integer(_ value: Int64) {
    // For a number below 0, all bits inverted are -1 minus the number: what the format counts.
    if value >= 0 { unsigned(UInt64(bitPattern: value)) } else { negative(UInt64(bitPattern: ~value)) }
  }

  /// Writes a whole number.
  @inlinable @inline(__always)
  public mutating func unsigned(_ value: UInt64) { head(.unsigned, value) }

  /// Writes -1 minus a number.
  @inlinable @inline(__always)
  public mutating func negative(_ value: UInt64) { head(.negative, value) }

  /// Writes a number in half, single or double precision, the smallest that holds it exactly.
  @inlinable
  public mutating func float(_ value: Double) {
    let single = Float(value)
    if Double(single).bitPattern == value.bitPattern {
      self.single(single)
    } else {
      output.append(0xFB, bigEndian: value.bitPattern)
    }
  }

  /// Writes a number in half or single precision, the smaller that holds it exactly.
  @inlinable
  public mutating func single(_ value: Float) {
    if let half = HalfPrecision.bitPattern(exactly: value) {
      output.append(0xF9, bigEndian: half)
    } else {
      output.append(0xFA, bigEndian: value.bitPattern)
    }
  }

  /// Nothing: a value is there or is null.
  @inlinable
  public mutating func optional(isPresent: Bool) {
    if !isPresent { null() }
  }

  /// Nothing: the format describes itself.
  @inlinable
  public mutating func dynamicKind(_ kind: ValueKind) {}

  /// Announces what the next value means.
  @inlinable
  public mutating func tag(_ number: UInt64) { head(.tag, number) }

  /// Writes a simple value; fails for 24…31, which the format reserves.
  public mutating func simple(_ number: UInt8) {
    switch number {
    case 0..<24: output.append(CBORMajorType.simple.rawValue | number)
    case 24..<32: fail(.unsupported)
    default: output.append(0xF8, bigEndian: number)
    }
  }

  /// Fails: CBOR has no extension types.
  public mutating func extended(type: Int8, _ content: BorrowedBytes) { fail(.unsupported) }
}
