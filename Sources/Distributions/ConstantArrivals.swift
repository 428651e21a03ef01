/// Equally spaced arrivals, shared by several producers: producer k of n sends its message i at `(k + i n) / rate`.
///
/// The offsets are exact, rounded down to a whole nanosecond, however many there were before: the fractions are carried
/// as integers, after Bresenham's line. The rate is taken in millionths of a message per second, so that a decimal
/// rate such as 33.3/s is that rate and not the binary number next to it.
@frozen
public struct ConstantArrivals: ArrivalSchedule {
  // The next offset is `whole + part / rateMillionths` nanoseconds; each step adds `stepWhole + stepPart / …`.
  @usableFromInline let rateMillionths: Int64
  @usableFromInline let stepWhole: Int64
  @usableFromInline let stepPart: Int64
  @usableFromInline var whole: Int64
  @usableFromInline var part: Int64

  /// The rates that can be had, in messages per second: from one in eleven days to one in a tenth of a picosecond.
  public static let rates: ClosedRange<Double> = 1e-6...1e12

  /// The share of one producer.
  ///
  /// - Parameters:
  ///   - ratePerSecond: Messages per second of all producers together, in `rates`.
  ///   - producer: This producer's number, from 0.
  ///   - count: How many producers share the rate, 1...9000.
  public init(ratePerSecond: Double, producer: Int = 0, of count: Int = 1) {
    precondition(Self.rates.contains(ratePerSecond), "\(ratePerSecond) messages per second")
    precondition((1...9000).contains(count) && (0..<count).contains(producer), "producer \(producer) of \(count)")
    let periodMillionths: Int64 = 1_000_000_000_000_000  // 10^9 ns/s times 10^6 millionths.
    rateMillionths = Int64((ratePerSecond * 1e6).rounded())
    (stepWhole, stepPart) = (Int64(count) * periodMillionths).quotientAndRemainder(dividingBy: rateMillionths)
    (whole, part) = (Int64(producer) * periodMillionths).quotientAndRemainder(dividingBy: rateMillionths)
  }

  /// The next intended offset, in nanoseconds. Two additions and a comparison; nanoseconds last 292 years.
  @inlinable
  public mutating func next() -> Int64 {
    let due = whole
    whole &+= stepWhole
    part &+= stepPart  // Below twice the rate, 2 * 10^18.
    if part >= rateMillionths {
      part &-= rateMillionths
      whole &+= 1
    }
    return due
  }

  /// Exact: the i-th time from here lies before `offset` when its numerator does.
  public func takeCount(before offset: Int64) -> Int {
    let rate = Int128(rateMillionths)
    let missing = (Int128(offset) - Int128(whole)) * rate - Int128(part)
    guard missing > 0 else { return 0 }
    let step = Int128(stepWhole) * rate + Int128(stepPart)
    return Int(clamping: (missing + step - 1) / step)
  }
}
