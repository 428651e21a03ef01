/// Where a run of many trials stands.
public struct RunProgress: Sendable, Equatable {
  /// Which variant is running, from 0, and how many there are.
  public var variantIndex: Int
  public var variantCount: Int
  /// The slug of the variant.
  public var slug: String
  /// Which of its trials is running, from 0, and how many are planned; nil where a search decides after each.
  public var trialIndex: Int
  public var trialCount: Int?
  /// The rate that a search tries.
  public var searchedPerSecond: Double?
  /// Where that trial stands.
  public var phase: ProgressSnapshot
}
