/// Floating-point numbers of 16 bits (IEEE 754 binary16): 1 sign, 5 exponent and 10 fraction bits.
///
/// By hand, since `Float16` costs a call of the compiler's run-time library for each conversion.
@usableFromInline
enum HalfPrecision {
  /// The bits of a number that half precision holds exactly, or nil. The payload of a NaN counts as part of the number.
  @usableFromInline
  static func bitPattern(exactly value: Float) -> UInt16? {
    let bits = value.bitPattern
    let sign = UInt16(truncatingIfNeeded: bits >> 16) & 0x8000
    let exponent = Int(bits >> 23) & 0xFF
    let fraction = bits & 0x7F_FFFF
    switch exponent {
    case 0 where fraction == 0: return sign
    // Subnormal: of the 24 bits with the leading 1, as many as the shift takes away must be 0.
    case 103...112:
      let whole = fraction | 0x80_0000
      let shift = 126 - exponent
      guard whole.trailingZeroBitCount >= shift else { return nil }
      return sign | UInt16(truncatingIfNeeded: whole >> shift)
    case 113...142:
      guard fraction & 0x1FFF == 0 else { return nil }
      return sign | UInt16(truncatingIfNeeded: exponent - 112) << 10 | UInt16(truncatingIfNeeded: fraction >> 13)
    case 255:
      guard fraction & 0x1FFF == 0 else { return nil }
      return sign | 0x7C00 | UInt16(truncatingIfNeeded: fraction >> 13)
    default: return nil
    }
  }

  /// The number of half precision with these bits.
  @usableFromInline
  static func value(bitPattern bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10) & 0x1F
    let fraction = UInt32(bits & 0x3FF)
    switch exponent {
    case 0:
      let magnitude = Float(fraction) * 0x1p-24
      return sign == 0 ? magnitude : -magnitude
    case 31: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }
}
