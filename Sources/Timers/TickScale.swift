/// Moments as ticks, and ticks as digits: which slot of which wheel.
///
/// Ticks are shifted by half their range, so that they are never negative and their digits rise with time.
struct TickScale: Sendable {
  /// Base-64 digits of a 64-bit tick.
  static var wheelCount: Int { 11 }
  static var slotCount: Int { 64 }
  private static var digitWidth: Int { 6 }
  private static var origin: UInt64 { 1 << 63 }

  /// log₂ of a tick's nanoseconds.
  let shift: Int

  init(resolution: Int64) { shift = Int64.bitWidth - 1 - resolution.leadingZeroBitCount }

  /// The tick that has begun by a moment.
  func tick(begunBy moment: Int64) -> UInt64 { UInt64(bitPattern: moment >> shift) ^ Self.origin }

  /// The first tick that begins at a moment or after it: then what is due at that moment may be handed out.
  func tick(notBefore moment: Int64) -> UInt64 {
    let isBoundary = moment & (1 << shift - 1) == 0
    return tick(begunBy: moment) + (isBoundary ? 0 : 1)
  }

  /// When a tick begins; the last moment there is for the tick after that, which never comes.
  func beginning(ofTick tick: UInt64) -> Int64 {
    let (moment, overflow) = Int64(bitPattern: tick ^ Self.origin).multipliedReportingOverflow(by: 1 << shift)
    return overflow ? .max : moment
  }

  /// The wheel for a later tick: of the highest digit in which it differs from the present.
  static func wheel(of tick: UInt64, from current: UInt64) -> Int {
    (UInt64.bitWidth - 1 - (tick ^ current).leadingZeroBitCount) / digitWidth
  }

  static func digit(_ wheel: Int, of tick: UInt64) -> Int { Int(truncatingIfNeeded: tick >> (digitWidth * wheel)) & 63 }

  /// The first tick of a slot: the present one's digits above, zeros below. (A shift by more than 63 gives 0, as wanted on the last wheel.)
  static func firstTick(ofSlot digit: Int, wheel: Int, from current: UInt64) -> UInt64 {
    let above = digitWidth * (wheel + 1)
    return (current >> above) << above | UInt64(digit) << (digitWidth * wheel)
  }
}
