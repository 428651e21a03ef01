/// How long something takes, decided by the message itself: a pure function of the run's seed, the producer and the
/// sequence number.
///
/// Every side can work it out, so that no message has to carry it, and it is the same under every policy.
@frozen
public enum DurationDistribution: Sendable, Equatable {
  /// Always so many nanoseconds.
  case fixed(nanoseconds: Int64)
  /// Exponentially distributed with this mean, in nanoseconds.
  case exponential(meanNanoseconds: Double)

  /// The mean, in nanoseconds.
  @inlinable
  public var meanNanoseconds: Double {
    switch self {
    case .fixed(let nanoseconds): Double(nanoseconds)
    case .exponential(let mean): mean
    }
  }

  /// Whether it is always 0, so that nobody has to ask.
  @inlinable
  public var isZero: Bool { meanNanoseconds == 0 }

  /// The duration of one message, in nanoseconds. No state, no allocation.
  @inlinable
  public func nanoseconds(seed: UInt64, producer: UInt64, sequence: UInt64) -> Int64 {
    switch self {
    case .fixed(let nanoseconds): return nanoseconds
    case .exponential(let mean):
      return Int64((mean * UnitInterval.exponential(Self.bits(seed, producer, sequence))).rounded())
    }
  }

  /// Bits that look unrelated for any two different triples.
  @inlinable
  static func bits(_ seed: UInt64, _ producer: UInt64, _ sequence: UInt64) -> UInt64 {
    // Each step is a bijection of its last argument; the odd offset keeps (0, 0, 0) away from the mixer's fixed point 0.
    let stream = SplitMix64.mix(SplitMix64.mix(seed &+ 0x9E37_79B9_7F4A_7C15) &+ producer)
    return SplitMix64.mix(stream &+ sequence &* 0x9E37_79B9_7F4A_7C15)
  }
}
