/// A run with what `result.json` has no room for: the histogram of every interval, for `run.hlog`.
public struct RunRecording: Sendable, Equatable {
  /// The run.
  public var result: RunResult
  /// The interval histograms, in any order.
  public var intervalHistograms: [IntervalHistogram]

  /// A run and its interval histograms.
  public init(result: RunResult, intervalHistograms: [IntervalHistogram] = []) {
    self.result = result
    self.intervalHistograms = intervalHistograms
  }
}
