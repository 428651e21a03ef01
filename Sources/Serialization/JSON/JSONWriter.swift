/// Writes JSON (RFC 8259) without white space. Bytes become text in base64; numbers and text are exact.
///
/// What JSON cannot express fails: infinities, NaN, numbers below `Int64.min`, tags, extensions, and keys other than strings.
@frozen
public struct JSONWriter: DocumentWriter, ~Copyable {
  @usableFromInline var output: ByteWriter
  /// Whether the next value or key is the first after an opening bracket, a colon, or nothing.
  @usableFromInline var isFirst = true
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

  /// Writes the comma that a value or key after another one needs.
  @inlinable @inline(__always)
  mutating func separate() {
    if !isFirst { output.append(0x2C) }
    isFirst = false
  }

  /// Writes null.
  @inlinable
  public mutating func null() {
    separate()
    output.append("null")
  }

  /// Writes a truth value.
  @inlinable
  public mutating func bool(_ value: Bool) {
    separate()
    if value { output.append("true") } else { output.append("false") }
  }

  /// Writes a whole number.
  @inlinable
  public mutating func integer(_ value: Int64) {
    separate()
    if value < 0 { output.append(0x2D) }
    output.append(decimal: value.magnitude)
  }

  /// Writes a whole number.
  @inlinable
  public mutating func unsigned(_ value: UInt64) {
    separate()
    output.append(decimal: value)
  }

  /// Writes a number so that the nearest `Double` to it is the same; with a point or an exponent, so that it stays a `float`.
  public mutating func float(_ value: Double) {
    guard value.isFinite else { return fail(.unsupported) }
    separate()
    if !output.append(fewDecimals: value) { output.append(shortest: value) }
  }

  /// Writes a number so that the nearest `Float` to it is the same.
  public mutating func single(_ value: Float) {
    guard value.isFinite else { return fail(.unsupported) }
    separate()
    output.append(shortest: value)
  }

  /// Nothing: a value is there or is null.
  @inlinable
  public mutating func optional(isPresent: Bool) {
    if !isPresent { null() }
  }

  /// Nothing: the format describes itself.
  @inlinable
  public mutating func dynamicKind(_ kind: ValueKind) {}

  /// Fails: no reader would get the number back exactly.
  public mutating func negative(_ value: UInt64) { fail(.unsupported) }

  /// Fails: JSON has no tags.
  public mutating func tag(_ number: UInt64) { fail(.unsupported) }

  /// Fails: JSON has no extension types.
  public mutating func extended(type: Int8, _ content: BorrowedBytes) { fail(.unsupported) }

  /// Fails: JSON has no such values.
  public mutating func simple(_ number: UInt8) { fail(.unsupported) }
}
