/// The general-purpose generator of every run: 256 bits of state, about a nanosecond per number.
///
/// Source: David Blackman and Sebastiano Vigna, "Scrambled Linear Pseudorandom Number Generators", 2021, and their
/// public-domain `xoshiro256starstar.c` 1.0. Seeded by SplitMix64, as they recommend.
@frozen
public struct Xoshiro256: RandomNumberGenerator, Sendable {
  @usableFromInline var s0: UInt64
  @usableFromInline var s1: UInt64
  @usableFromInline var s2: UInt64
  @usableFromInline var s3: UInt64

  /// The generator of `seed` and `stream`; different streams of one seed are unrelated, e.g. one for each producer.
  @inlinable
  public init(seed: UInt64, stream: UInt64 = 0) {
    // Both go through the mixer, so that (seed 1, stream 2) and (seed 2, stream 1) have nothing in common.
    var seeding = SplitMix64(seed: SplitMix64.mix(SplitMix64.mix(seed) &+ stream &* 0x9E37_79B9_7F4A_7C15))
    s0 = seeding.next()
    s1 = seeding.next()
    s2 = seeding.next()
    s3 = seeding.next()  // Never all zero: SplitMix64 repeats no number within its period.
  }

  @usableFromInline
  init(state: (UInt64, UInt64, UInt64, UInt64)) {
    (s0, s1, s2, s3) = state
  }

  /// The next 64 random bits.
  @inlinable
  public mutating func next() -> UInt64 {
    let product = s1 &* 5
    let result = (product << 7 | product >> 57) &* 9
    let shifted = s1 << 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= shifted
    s3 = s3 << 45 | s3 >> 19
    return result
  }
}
