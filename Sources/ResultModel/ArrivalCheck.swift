/// Whether the generator's own schedule is what was asked for: the gaps between its intended times, measured in messages due
/// (so that a rate that changes does not matter), against the distribution that they should have.
public struct ArrivalCheck: Codable, Sendable, Equatable {
  /// What was asked for.
  public enum Process: String, Codable, Sendable, CaseIterable {
    /// All gaps alike.
    case constant
    /// Exponentially distributed gaps.
    case poisson
  }

  /// Below this p the schedule is wrong rather than unlucky.
  public static let limit = 1e-6

  /// What was asked for.
  public var process: Process
  /// Kolmogorov and Smirnov's D: the largest distance between the two distributions.
  public var statistic: Double
  /// How likely a right schedule is to lie that far away.
  public var p: Double
  /// How many gaps were looked at, evenly spread over the phase.
  public var count: Int

  /// A finding.
  public init(process: Process, statistic: Double, p: Double, count: Int) {
    self.process = process
    self.statistic = statistic
    self.p = p
    self.count = count
  }

  /// Whether chance explains the distance.
  public var isPlausible: Bool { p >= Self.limit }

  enum CodingKeys: String, CodingKey {
    case process
    case statistic = "ks_d"
    case p = "ks_p"
    case count = "gaps"
  }
}
