/// A decimal number as written, kept exact so that `0.1ms` is 100,000 ns and not almost that.
struct DecimalNumber: Equatable {
  var isNegative: Bool
  /// All digits without the point.
  var digits: UInt64
  /// How many of the digits stand behind the point.
  var fractionDigitCount: Int

  /// The number at the start of `text`, and what follows it; nil when `text` does not start with a number, or with one
  /// of more than 18 digits.
  static func prefix(of text: Substring) -> (number: DecimalNumber, rest: Substring)? {
    var rest = text
    let isNegative = rest.first == "-"
    if isNegative || rest.first == "+" { rest.removeFirst() }
    var digits: UInt64 = 0
    var digitCount = 0
    var fractionDigitCount: Int?
    while let byte = rest.utf8.first {
      if byte == UInt8(ascii: "."), fractionDigitCount == nil, rest.dropFirst().utf8.first.map(isDigit) == true {
        fractionDigitCount = 0
      } else if isDigit(byte) {
        digitCount += 1
        guard digitCount <= 18 else { return nil }  // 18 nines fit in 64 bits.
        digits = digits * 10 + UInt64(byte - UInt8(ascii: "0"))
        fractionDigitCount? += 1
      } else {
        break
      }
      rest.removeFirst()
    }
    guard digitCount > 0 else { return nil }
    return (.init(isNegative: isNegative, digits: digits, fractionDigitCount: fractionDigitCount ?? 0), rest)
  }

  /// The number times `factor` when that is a whole number of at most 63 bits.
  func times(_ factor: Int64) throws(QuantityError) -> Int64 {
    if isNegative, digits != 0 { throw .negative }
    var divisor: UInt64 = 1
    for _ in 0..<fractionDigitCount { divisor *= 10 }
    let product = digits.multipliedFullWidth(by: UInt64(factor))
    guard product.high < divisor else { throw .tooLarge }
    let (quotient, remainder) = divisor.dividingFullWidth(product)
    guard remainder == 0 else { throw .tooFine }
    guard let value = Int64(exactly: quotient) else { throw .tooLarge }
    return value
  }

  /// The nearest floating-point number.
  var double: Double {
    var value = Double(digits)
    var divisor = 1.0
    for _ in 0..<fractionDigitCount { divisor *= 10 }
    value /= divisor
    return isNegative ? -value : value
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
}
