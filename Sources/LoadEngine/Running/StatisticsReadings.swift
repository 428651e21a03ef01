import ResultModel

/// How often the subject's statistics were read while it was measured, and what that took.
public struct StatisticsReadings: Sendable, Equatable, Codable {
  /// Trials with readings.
  public var trialCount: Int
  /// Readings in all of them.
  public var count: Int
  /// Time between the beginnings and ends of all readings together, in nanoseconds; waits for a core included.
  public var spentNanoseconds: Int64

  /// Creates a report.
  public init(trialCount: Int, count: Int, spentNanoseconds: Int64) {
    self.trialCount = trialCount
    self.count = count
    self.spentNanoseconds = spentNanoseconds
  }

  /// Those of several trials.
  static func + (left: Self, right: Self) -> Self {
    Self(
      trialCount: left.trialCount + right.trialCount, count: left.count + right.count,
      spentNanoseconds: left.spentNanoseconds + right.spentNanoseconds)
  }

  /// The same in a sentence.
  var note: String {
    let mean = QuantityText.duration(nanoseconds: Double(spentNanoseconds) / Double(max(count, 1)))
    return "the subject's statistics were read \(QuantityText.count(count)) times in \(trialCount) "
      + "trial\(trialCount == 1 ? "" : "s"), \(mean) each on average"
  }
}
