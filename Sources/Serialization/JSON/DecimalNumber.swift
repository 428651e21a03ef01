/// A number as JSON writes it: `digits` × 10^`exponent`.
@usableFromInline
struct DecimalNumber {
  /// Whether it has a minus sign.
  @usableFromInline var isNegative = false
  /// Its digits without point, as a whole number.
  @usableFromInline var digits: UInt64 = 0
  /// The power of ten that they count.
  @usableFromInline var exponent = 0
  /// Whether it has neither point nor exponent.
  @usableFromInline var isWhole = true
  /// Whether `digits` holds all of them.
  @usableFromInline var isExact = true

  @inlinable init() {}

  /// Adds a digit.
  @inlinable @inline(__always)
  mutating func append(_ digit: UInt8) {
    let (shifted, overflow) = digits.multipliedReportingOverflow(by: 10)
    let (sum, carry) = shifted.addingReportingOverflow(UInt64(digit))
    if overflow || carry { isExact = false } else { digits = sum }
  }

  /// The number, if it is written as a whole one and fits.
  @inlinable
  var integer: Int64? {
    guard isWhole && isExact else { return nil }
    guard isNegative else { return Int64(exactly: digits) }
    return digits <= 1 << 63 ? Int64(truncatingIfNeeded: 0 &- digits) : nil
  }

  /// The number, if it is written as a whole one and fits.
  @inlinable
  var unsigned: UInt64? { isWhole && isExact && (!isNegative || digits == 0) ? digits : nil }

  /// The nearest `Double`, or nil when this takes more than 128 bits to find out.
  ///
  /// Up to 2^53 and 10^22 both factors are exact numbers, and the processor rounds their product or quotient correctly (Clinger,
  /// How to Read Floating Point Numbers Accurately, 1990). Up to 10^27 the product with a power of five, or the quotient
  /// with a sticky bit for its remainder, is exact in 128 bits and rounded by hand.
  var nearestDouble: Double? {
    guard isExact else { return nil }
    let magnitude: Double
    if digits <= 1 << 53 && exponent.magnitude <= 22 {
      magnitude =
        exponent < 0 ? Double(digits) / Self.powerOfTen(-exponent) : Double(digits) * Self.powerOfTen(exponent)
    } else if digits == 0 {
      magnitude = 0
    } else if exponent >= 0 && exponent <= 27 {
      magnitude = Self.rounded(UInt128(digits) * UInt128(Self.powerOfFive(exponent)), binaryExponent: exponent)
    } else if exponent < 0 && exponent >= -27 {
      // The dividend has 128 bits and the divisor at most 63, so that the quotient has more than the 54 that rounding needs.
      let shift = 64 + digits.leadingZeroBitCount
      let (quotient, remainder) = (UInt128(digits) << UInt128(shift))
        .quotientAndRemainder(dividingBy: UInt128(Self.powerOfFive(-exponent)))
      magnitude = Self.rounded(quotient | (remainder == 0 ? 0 : 1), binaryExponent: exponent - shift)
    } else {
      return nil
    }
    return isNegative ? -magnitude : magnitude
  }

  private static func powerOfTen(_ exponent: Int) -> Double {
    var power = 1.0
    for _ in 0..<exponent { power *= 10 }
    return power
  }

  private static func powerOfFive(_ exponent: Int) -> UInt64 {
    var power: UInt64 = 1
    for _ in 0..<exponent { power *= 5 }
    return power
  }

  /// `value` × 2^`binaryExponent`, rounded to nearest, to even in the middle; far from what overflows or is subnormal.
  private static func rounded(_ value: UInt128, binaryExponent: Int) -> Double {
    let excess = 128 - value.leadingZeroBitCount - 53
    guard excess > 0 else { return Double(sign: .plus, exponent: binaryExponent, significand: Double(UInt64(value))) }
    var significand = UInt64(truncatingIfNeeded: value >> UInt128(excess))
    let rest = value & (1 << UInt128(excess) - 1)
    let half: UInt128 = 1 << UInt128(excess - 1)
    if rest > half || (rest == half && significand & 1 == 1) { significand += 1 }
    return Double(sign: .plus, exponent: binaryExponent + excess, significand: Double(significand))
  }
}
