/// Writes MessagePack (github.com/msgpack/msgpack, spec.md of 2013 with extension types), every value in its fewest bytes.
@frozen
public struct MessagePackWriter: DocumentWriter, ~Copyable {
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

  /// Writes nil.
  @inlinable
  public mutating func null() { output.append(0xC0) }

  /// Writes a truth value.
  @inlinable
  public mutating func bool(_ value: Bool) { output.append(value ? 0xC3 : 0xC2) }

  /// Writes a whole number in one to nine bytes.
  @inlinable @inline(__always)
  public mutating func integer(_ value: Int64) {
    if value >= 0 {
      unsigned(UInt64(bitPattern: value))
    } else if value >= -32 {
      output.append(UInt8(truncatingIfNeeded: value))
    } else {
      belowFixed(value)
    }
  }

  /// Writes a whole number in one to nine bytes.
  @inlinable @inline(__always)
  public mutating func unsigned(_ value: UInt64) {
    if value < 0x80 { output.append(UInt8(truncatingIfNeeded: value)) } else { aboveFixed(value) }
  }

  @usableFromInline
  mutating func belowFixed(_ value: Int64) {
    if let byte = Int8(exactly: value) {
      output.append(0xD0, bigEndian: byte)
    } else if let short = Int16(exactly: value) {
      output.append(0xD1, bigEndian: short)
    } else if let word = Int32(exactly: value) {
      output.append(0xD2, bigEndian: word)
    } else {
      output.append(0xD3, bigEndian: value)
    }
  }

  @usableFromInline
  mutating func aboveFixed(_ value: UInt64) {
    if let byte = UInt8(exactly: value) {
      output.append(0xCC, bigEndian: byte)
    } else if let short = UInt16(exactly: value) {
      output.append(0xCD, bigEndian: short)
    } else if let word = UInt32(exactly: value) {
      output.append(0xCE, bigEndian: word)
    } else {
      output.append(0xCF, bigEndian: value)
    }
  }

  /// Writes a number in five bytes when single precision holds it exactly, else in nine.
  @inlinable
  public mutating func float(_ value: Double) {
    let single = Float(value)
    if Double(single).bitPattern == value.bitPattern {
      self.single(single)
    } else {
      output.append(0xCB, bigEndian: value.bitPattern)
    }
  }

  /// Writes a number of single precision.
  @inlinable
  public mutating func single(_ value: Float) { output.append(0xCA, bigEndian: value.bitPattern) }

  /// Nothing: a value is there or is nil.
  @inlinable
  public mutating func optional(isPresent: Bool) {
    if !isPresent { null() }
  }

  /// Nothing: the format describes itself.
  @inlinable
  public mutating func dynamicKind(_ kind: ValueKind) {}

  /// Fails: MessagePack has no such number.
  public mutating func negative(_ value: UInt64) { fail(.unsupported) }

  /// Fails: MessagePack has no tags.
  public mutating func tag(_ number: UInt64) { fail(.unsupported) }

  /// Fails: MessagePack has no such values.
  public mutating func simple(_ number: UInt8) { fail(.unsupported) }
}
