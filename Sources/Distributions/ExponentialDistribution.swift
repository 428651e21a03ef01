/// Exponentially distributed numbers, drawn from a generator.
@frozen
public struct ExponentialDistribution: Sendable, Equatable {
  /// The mean, which is also the standard deviation.
  public let mean: Double

  /// A distribution of the given mean, which is not negative.
  @inlinable
  public init(mean: Double) {
    precondition(mean >= 0, "a mean of \(mean)")
    self.mean = mean
  }

  /// The next number: 0 or more, at most 36.8 means.
  @inlinable
  public func next(using random: inout some RandomNumberGenerator) -> Double {
    mean * UnitInterval.exponential(random.next())
  }
}
