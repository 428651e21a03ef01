/// Arrivals whose rate changes: evenly spaced or independent ones of a steady rate of one, on a clock that runs as fast as
/// the rate says.
///
/// With L(t) messages due until t, message number N of evenly spaced ones is due at the inverse of L at N, and the times of
/// a Poisson process of rate 1, taken through the same inverse, are a Poisson process with the rate L'(t). Either way the
/// producers' shares make up the whole: producer k of n sends the numbers k + i n, or runs a process of rate 1/n.
/// Source: Erhan Çinlar, "Introduction to Stochastic Processes", 1975, section 4.7; Luc Devroye, "Non-Uniform Random
/// Variate Generation", 1986, section VI.1.3 (inversion, instead of the thinning of Lewis and Shedler, 1979, whose cost
/// depends on how far the rate swings).
/// Cost: a square root and a division per message, and a logarithm with random times.
@frozen
public struct VaryingArrivals: ArrivalSchedule {
  @usableFromInline let profile: RateProfile
  @usableFromInline let isPoisson: Bool
  @usableFromInline let step: Double
  @usableFromInline var random: Xoshiro256
  @usableFromInline var piece: RateProfile.Piece
  @usableFromInline var pieceEndCount: Double
  @usableFromInline var pieceIndex = 0
  /// The number of the next message on the clock of rate 1, of all producers together.
  @usableFromInline var number: Double
  @usableFromInline var lastOffset: Int64 = 0

  /// Nanoseconds that a time may lie before a whole one and still count as it: what rounding errors make of a message that is
  /// due with the end of a phase would else fall into it.
  @usableFromInline static var tolerance: Double { @inlinable get { 0x1p-10 } }

  /// The share of one producer.
  ///
  /// - Parameters:
  ///   - profile: The rate of all producers together.
  ///   - isPoisson: Whether times are random rather than even.
  ///   - seed: Of the phase; for random times.
  ///   - producer: This producer's number, from 0.
  ///   - count: How many producers share the rate.
  public init(profile: RateProfile, isPoisson: Bool, seed: UInt64, producer: Int = 0, of count: Int = 1) {
    precondition(count >= 1 && (0..<count).contains(producer), "producer \(producer) of \(count)")
    self.profile = profile
    self.isPoisson = isPoisson
    step = Double(count)
    random = Xoshiro256(seed: seed, stream: UInt64(producer))
    piece = profile.piece(0)
    pieceEndCount = piece.countAtEnd
    number = Double(producer)
    if isPoisson { number = step * UnitInterval.exponential(random.next()) }
  }

  /// The next intended offset, in nanoseconds, rounded down.
  @inlinable
  public mutating func next() -> Int64 {
    if number >= pieceEndCount { moveOn() }
    let offset = Int64(Swift.min(piece.time(ofCount: number) + Self.tolerance, 0x1p62))
    // Two pieces may differ by a rounding error where they meet.
    lastOffset = Swift.max(lastOffset, offset)
    number += isPoisson ? step * UnitInterval.exponential(random.next()) : step
    return lastOffset
  }

  /// Takes up the piece in which the next message lies. Whole periods without a message are skipped.
  @usableFromInline
  mutating func moveOn() {
    if let period = profile.period {
      let count = ((number - pieceEndCount) / period.messageCount).rounded(.down)
      if count >= 1 { pieceIndex += Int(Swift.min(count, 0x1p48)) * period.pieceCount }
    }
    repeat {
      pieceIndex += 1
      piece = profile.piece(pieceIndex)
      pieceEndCount = piece.countAtEnd
    } while number >= pieceEndCount
  }

  public mutating func takeCount(before offset: Int64) -> Int {
    let missing = (profile.count(at: Double(offset) - Self.tolerance) - number) / step
    if !isPoisson { return missing <= 0 ? 0 : Int(Swift.min(missing.rounded(.up), 0x1p62)) }
    guard missing <= PoissonCount.drawnLimit else { return Int(Swift.min(missing, 0x1p62)) }
    var count = 0
    while next() < offset { count += 1 }
    return count
  }
}
