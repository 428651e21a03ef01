/// How long a cache line takes from one core to the other, one way, in nanoseconds.
public struct LineTransfer: Codable, Sendable, Equatable {
  /// Below this median two cores count as near each other: they share a cache.
  public static let nearLimitNanoseconds = 80.0

  /// The median.
  public var p50: Double
  /// The 99th percentile.
  public var p99: Double

  /// Whether the two cores are near each other.
  public var isNear: Bool { p50 < Self.nearLimitNanoseconds }

  /// A transfer of that median and 99th percentile.
  public init(p50: Double, p99: Double) {
    self.p50 = p50
    self.p99 = p99
  }
}
