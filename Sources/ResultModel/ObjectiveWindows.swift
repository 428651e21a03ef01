/// How an objective that judges stretches of a phase fared in one phase of one trial.
public struct ObjectiveWindows: Codable, Sendable, Equatable {
  /// Its place in the scenario's `slo`, from 0.
  public var index: Int
  /// What had to hold, as `latency.p99<20ms`.
  public var expression: String
  /// How many stretches were judged; each begins an interval after the one before, so that they overlap.
  public var windowCount = 0
  /// In how many of them it was broken.
  public var brokenCount = 0
  /// How many could not be judged, because too little was measured in them.
  public var undecidedCount = 0
  /// How often it broke: runs of broken stretches, each of which is an event.
  public var breachCount = 0
  /// What was observed in the worst stretch; absent when none was judged.
  public var worstObserved: Double?
  /// The limit in that stretch.
  public var worstLimit: Double?
  /// When the worst stretch began, from the start of the trial.
  public var worstStartNanoseconds: Int64?

  /// Nothing judged yet.
  public init(index: Int, expression: String) {
    self.index = index
    self.expression = expression
  }

  enum CodingKeys: String, CodingKey {
    case index
    case expression = "expect"
    case windowCount = "windows"
    case brokenCount = "broken"
    case undecidedCount = "undecided"
    case breachCount = "breaches"
    case worstObserved = "observed"
    case worstLimit = "limit"
    case worstStartNanoseconds = "observed_start_ns"
  }
}
