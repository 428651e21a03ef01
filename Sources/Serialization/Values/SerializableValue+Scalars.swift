extension SerializableValue where Self: FixedWidthInteger & SignedInteger {
  /// Writes the number.
  @inlinable @inline(__always)
  public func encode<Writer: ValueWriter & ~Copyable>(into writer: inout Writer) {
    guard let value = Int64(exactly: self) else { return writer.fail(.outOfRange) }
    writer.integer(value)
  }

  /// Reads the number; throws `outOfRange` when it does not fit.
  @inlinable @inline(__always)
  public init<Reader: ValueReader & ~Copyable>(from reader: inout Reader) throws(SerializationError) {
    guard let value = Self(exactly: try reader.integer()) else { throw reader.error(.outOfRange) }
    self = value
  }
}

extension SerializableValue where Self: FixedWidthInteger & UnsignedInteger {
  /// Writes the number.
  @inlinable @inline(__always)
  public func encode<Writer: ValueWriter & ~Copyable>(into writer: inout Writer) {
    guard let value = UInt64(exactly: self) else { return writer.fail(.outOfRange) }
    writer.unsigned(value)
  }

  /// Reads the number; throws `outOfRange` when it does not fit.
  @inlinable @inline(__always)
  public init<Reader: ValueReader & ~Copyable>(from reader: inout Reader) throws(SerializationError) {
    guard let value = Self(exactly: try reader.unsigned()) else { throw reader.error(.outOfRange) }
    self = value
  }
}

extension Int: SerializableValue {}
extension Int8: SerializableValue {}
extension Int16: SerializableValue {}
extension Int32: SerializableValue {}
extension Int64: SerializableValue {}
extension UInt: SerializableValue {}
extension UInt8: SerializableValue {}
extension UInt16: SerializableValue {}
extension UInt32: SerializableValue {}
extension UInt64: SerializableValue {}

extension Double: SerializableValue {
  /// Writes the number.
  @inlinable @inline(__always)
  public func encode<Writer: ValueWriter & ~Copyable>(into writer: inout Writer) { writer.float(self) }

  /// Reads a number.
  @inlinable @inline(__always)
  public init<Reader: ValueReader & ~Copyable>(from reader: inout Reader) throws(SerializationError) {
    self = try reader.float()
  }
}

extension Float: SerializableValue {
  /// Writes the number.
  @inlinable @inline(__always)
  public func encode<Writer: ValueWriter & ~Copyable>(into writer: inout Writer) { writer.single(self) }

  /// Reads a number.
  @inlinable @inline(__always)
  public init<Reader: ValueReader & ~Copyable>(from reader: inout Reader) throws(SerializationError) {
    self = try reader.single()
  }
}

extension Bool: SerializableValue {
  /// Writes the truth value.
  @inlinable @inline(__always)
  public func encode<Writer: ValueWriter & ~Copyable>(into writer: inout Writer) { writer.bool(self) }

  /// Reads a truth value.
  @inlinable @inline(__always)
  public init<Reader: ValueReader & ~Copyable>(from reader: inout Reader) throws(SerializationError) {
    self = try reader.bool()
  }
}

extension String: SerializableValue {
  /// Writes the text.
  @inlinable @inline(__always)
  public func encode<Writer: ValueWriter & ~Copyable>(into writer: inout Writer) { writer.string(self) }

  /// Reads text.
  @inlinable @inline(__always)
  public init<Reader: ValueReader & ~Copyable>(from reader: inout Reader) throws(SerializationError) {
    self = try reader.string()
  }
}
