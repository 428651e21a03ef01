/// What two sets of trials are compared by: declared before anything is measured.
public struct ComparisonRules: Codable, Sendable, Equatable {
  /// The figure that decides, e.g. `latency.p99`; nil for `latency.p99`, or `throughput` where there is no latency. The others are
  /// reported.
  public var metric: String?
  /// The share by which a candidate may be worse.
  public var maxRegression: Double
  /// How likely a false alarm may be, over all comparisons that decide.
  public var alpha: Double
  /// How many further batches of trials must find a regression again; nil where no trial can be run again.
  public var confirmationCount: Int?

  /// Rules; those of a scenario that says nothing when left out.
  public init(
    metric: String? = nil, maxRegression: Double = 0.05, alpha: Double = 0.01, confirmationCount: Int? = nil
  ) {
    self.metric = metric
    self.maxRegression = maxRegression
    self.alpha = alpha
    self.confirmationCount = confirmationCount
  }

  enum CodingKeys: String, CodingKey {
    case metric
    case maxRegression = "max_regression"
    case alpha
    case confirmationCount = "confirm"
  }

  /// The figure that can be without noise: bytes that the data-path threads allocated decide beside `metric`.
  public static let exactMetric = "allocated_bytes_per_message"
  /// What one allocation in 32 messages makes at least: less is the share of what happens once in a run.
  public static let exactStep = 0.5
  /// How many trials of each side must agree before their difference counts as exact. One or two may agree by chance: what is allocated
  /// once, such as a buffer that grows to one of a few sizes, is in the figure as well.
  static let exactCount = 3

  /// The figure that decides when one of two variants or both have the summaries `names`. A load is open when it has any figure of
  /// latency: one whose trials are too short for the 99th percentile has others.
  func decidingMetric(among names: some Collection<String>) -> String {
    metric ?? (names.contains { $0.hasPrefix("latency.") } ? "latency.p99" : "throughput")
  }

  /// The names that the deciding figure should have, given all that there are: one for each phase with figures of the same series,
  /// or the metric's own.
  func expectedNames(among names: some Collection<String>) -> Set<String> {
    let metric = decidingMetric(among: names)
    guard !metric.contains("@") else { return [metric] }
    let series = metric.prefix { $0 != "." }
    let alike = names.filter { $0.prefix { $0 != "." && $0 != "@" } == series }
    let expected = Set(alike.map { metric + $0.dropFirst(Self.metric(of: $0).count) })
    return expected.isEmpty ? [metric] : expected
  }

  /// The metric of a summary's name: what stands before the phase.
  static func metric(of name: String) -> String { String(name.prefix { $0 != "@" }) }
}
