/// A run with what `result.json` has no room for: the histogram of every interval, for `run.hlog`, and the trace.
public struct RunRecording: Sendable, Equatable {
  /// The run.
  public var result: RunResult
  /// The interval histograms, in any order.
  public var intervalHistograms: [IntervalHistogram]
  /// What was sent, when the scenario asks for it.
  public var trace: RecordedTrace?

  /// A run and its interval histograms.
  public init(result: RunResult, intervalHistograms: [IntervalHistogram] = []) {
    self.result = result
    self.intervalHistograms = intervalHistograms
  }
}
