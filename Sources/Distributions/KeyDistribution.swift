import Glibc

/// Which of n keys a message has, drawn like its other properties from seed, producer and number.
@frozen
public struct KeyDistribution: Sendable, Equatable {
  /// How many keys there are.
  public let count: Int
  @usableFromInline let shares: AliasTable?

  /// Each of `count` keys equally likely.
  public static func uniform(count: Int) -> Self {
    precondition(count >= 1, "\(count) keys")
    return Self(count: count, shares: nil)
  }

  /// Key k of `count`, from 1, has a share in proportion to 1 / k^s (George K. Zipf's law): the first key is the most popular.
  public static func zipf(exponent: Double, count: Int) -> Self {
    precondition(count >= 1 && exponent > 0, "\(count) keys, exponent \(exponent)")
    return Self(count: count, shares: AliasTable(weights: (1...count).map { pow(Double($0), -exponent) }))
  }

  /// Each key with a share in proportion to its weight, of which at least one is above 0 and none below.
  public static func weighted(_ weights: [Double]) -> Self {
    Self(count: weights.count, shares: weights.count == 1 ? nil : AliasTable(weights: weights))
  }

  private init(count: Int, shares: AliasTable?) {
    self.count = count
    self.shares = shares
  }

  /// The index of a message's key. Constant time.
  @inlinable
  public func index(seed: UInt64, producer: UInt64, number: UInt64) -> Int {
    let bits = MessageBits.of(seed, producer, number)
    if let shares { return shares.index(bits) }
    return Int(truncatingIfNeeded: bits.multipliedFullWidth(by: UInt64(truncatingIfNeeded: count)).high)
  }

  public static func == (left: Self, right: Self) -> Bool { left.count == right.count && left.shares == right.shares }
}
