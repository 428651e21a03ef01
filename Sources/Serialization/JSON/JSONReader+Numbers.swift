extension JSONReader {
  /// Reads a whole number.
  public mutating func integer() throws(SerializationError) -> Int64 {
    let start = try numberStart()
    let number = try number()
    guard let value = number.integer else { throw notWhole(number, at: start) }
    return value
  }

  /// Reads a whole number that is not negative.
  public mutating func unsigned() throws(SerializationError) -> UInt64 {
    let start = try numberStart()
    let number = try number()
    guard let value = number.unsigned else { throw notWhole(number, at: start) }
    return value
  }

  private func notWhole(_ number: DecimalNumber, at start: Int) -> SerializationError {
    SerializationError(number.isWhole ? .outOfRange : .typeMismatch, at: start)
  }

  /// Reads a number, rounded to nearest.
  public mutating func float() throws(SerializationError) -> Double {
    let start = try numberStart()
    if let value = try number().nearestDouble { return value }
    return try parsed(from: start)
  }

  /// Reads a number, rounded to nearest.
  public mutating func single() throws(SerializationError) -> Float {
    let start = try numberStart()
    _ = try number()
    return try parsed(from: start)
  }

  /// The nearest number to the text since `start`, by the standard library; allocates for more than 15 characters.
  private func parsed<Value: BinaryFloatingPoint & LosslessStringConvertible>(
    from start: Int
  ) throws(SerializationError) -> Value {
    guard let text = input.bytes(from: start).validatedString(), let value = Value(text), value.isFinite else {
      throw SerializationError(.outOfRange, at: start)
    }
    return value
  }

  /// Goes to a number.
  /// - Returns: where it begins.
  private mutating func numberStart() throws(SerializationError) -> Int {
    let first = try peekToken()
    guard first == 0x2D || Self.isDigit(first) else { throw mismatch() }
    return offset
  }

  /// Reads the number that begins here.
  private mutating func number() throws(SerializationError) -> DecimalNumber {
    var number = DecimalNumber()
    if try input.peek() == 0x2D {
      number.isNegative = true
      input.advance(1)
    }
    if try input.peek() == 0x30 { input.advance(1) } else { _ = try digits(into: &number) }
    if input.byte(ahead: 0) == 0x2E {
      input.advance(1)
      number.isWhole = false
      number.exponent = -(try digits(into: &number))
    }
    if let byte = input.byte(ahead: 0), byte | 0x20 == 0x65 {
      input.advance(1)
      number.isWhole = false
      number.exponent += try exponent()
    }
    return number
  }

  /// Reads digits, at least one.
  /// - Returns: how many there were.
  private mutating func digits(into number: inout DecimalNumber) throws(SerializationError) -> Int {
    let start = offset
    while let byte = input.byte(ahead: 0), Self.isDigit(byte) {
      number.append(byte & 0x0F)
      input.advance(1)
    }
    guard offset > start else { throw error(input.remaining == 0 ? .truncated : .malformed) }
    return offset - start
  }

  /// Reads the digits of an exponent with their sign. One that no number can have is cut off: 2^20 is more than enough.
  private mutating func exponent() throws(SerializationError) -> Int {
    let sign = try input.peek()
    if sign == 0x2B || sign == 0x2D { input.advance(1) }
    var number = DecimalNumber()
    _ = try digits(into: &number)
    let magnitude = number.isExact ? Int(min(number.digits, 1 << 20)) : 1 << 20
    return sign == 0x2D ? -magnitude : magnitude
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  /// The kind of the number that comes next; reads nothing.
  func numberKind() throws(SerializationError) -> ValueKind {
    var ahead = JSONReader(input.rest, limits: DecodingLimits())
    do {
      let number = try ahead.number()
      return number.integer != nil ? .integer : number.unsigned != nil ? .unsigned : .float
    } catch {
      throw SerializationError(error.reason, at: offset + error.offset)
    }
  }
}
