/// Equally likely whole numbers of a range, drawn from a generator.
@frozen
public struct UniformDistribution: Sendable, Equatable {
  /// The smallest number.
  public let lowest: Int64
  @usableFromInline let width: UInt64

  /// The distribution over `range`.
  @inlinable
  public init(_ range: ClosedRange<Int64>) {
    lowest = range.lowerBound
    width = UInt64(bitPattern: range.upperBound &- range.lowerBound)
  }

  /// The next number.
  ///
  /// The high half of a product instead of a division (Daniel Lemire, "Fast Random Integer Generation in an
  /// Interval", 2019), without his rejection: the bias is below `width / 2^64`.
  @inlinable
  public func next(using random: inout some RandomNumberGenerator) -> Int64 {
    value(random.next())
  }

  /// The number that `bits` stand for.
  @inlinable
  public func value(_ bits: UInt64) -> Int64 {
    guard width < .max else { return Int64(bitPattern: bits) }
    return lowest &+ Int64(bitPattern: (width &+ 1).multipliedFullWidth(by: bits).high)
  }
}
