/// Independent arrivals: a Poisson process, whose gaps are exponentially distributed.
///
/// Several producers of rate/n each, with streams of their own, make up one Poisson process of the whole rate.
@frozen
public struct PoissonArrivals: ArrivalSchedule {
  @usableFromInline let meanGapNanoseconds: Double
  @usableFromInline var random: Xoshiro256
  @usableFromInline var nowNanoseconds = 0.0

  /// The share of one producer.
  ///
  /// - Parameters:
  ///   - ratePerSecond: Messages per second of all producers together, in `ConstantArrivals.rates`.
  ///   - seed: Of the run.
  ///   - producer: This producer's number, from 0: its random stream.
  ///   - count: How many producers share the rate.
  public init(ratePerSecond: Double, seed: UInt64, producer: Int = 0, of count: Int = 1) {
    precondition(ConstantArrivals.rates.contains(ratePerSecond), "\(ratePerSecond) messages per second")
    precondition(count >= 1 && (0..<count).contains(producer), "producer \(producer) of \(count)")
    meanGapNanoseconds = Double(count) * 1e9 / ratePerSecond
    random = Xoshiro256(seed: seed, stream: UInt64(producer))
  }

  /// The next intended offset, in nanoseconds, rounded down. The fractions are kept: a double resolves a thousandth of
  /// a nanosecond until 52 days have passed.
  @inlinable
  public mutating func next() -> Int64 {
    nowNanoseconds += meanGapNanoseconds * UnitInterval.exponential(random.next())
    // With one message in a few days a gap can exceed what fits; the phase is long over then.
    return Int64(Swift.min(nowNanoseconds, 0x1p62))
  }

  /// Drawn one by one as long as some ten thousand are expected, which takes a millisecond. Beyond that the expected number,
  /// which the drawn one would miss by less than a hundredth.
  public mutating func takeCount(before offset: Int64) -> Int {
    let expected = (Double(offset) - nowNanoseconds) / meanGapNanoseconds
    guard expected <= PoissonCount.drawnLimit else { return Int(min(expected, 0x1p62)) }
    var count = 0
    while next() < offset { count += 1 }
    return count
  }
}

/// How exactly the arrivals of a Poisson process are counted that nobody waits for any more.
enum PoissonCount {
  /// Up to so many are drawn; of more, the expected number is taken.
  static let drawnLimit = 65_536.0
}
