/// A closed interval, written as an array of its two ends: `[low, high]`.
public struct Interval<Bound: Codable & Sendable & Equatable>: Codable, Sendable, Equatable {
  /// The lower end.
  public var low: Bound
  /// The upper end.
  public var high: Bound

  /// The interval from `low` to `high`.
  public init(_ low: Bound, _ high: Bound) {
    self.low = low
    self.high = high
  }

  /// Reads `[low, high]`.
  public init(from decoder: any Decoder) throws {
    var container = try decoder.unkeyedContainer()
    low = try container.decode(Bound.self)
    high = try container.decode(Bound.self)
  }

  /// Writes `[low, high]`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.unkeyedContainer()
    try container.encode(low)
    try container.encode(high)
  }
}
