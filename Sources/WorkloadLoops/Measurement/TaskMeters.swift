public import Histograms

/// Where the time of a client's tasks went, by what their results say.
public final class TaskMeters: Sendable {
  /// From the actual sending to the beginning of the attempt that made the result.
  public let queueTime: HistogramRecorder
  /// From the moment at which a task with a countdown was due to the beginning of its first attempt; negative if that was early.
  public let etaError: HistogramRecorder
  /// From there to its end.
  public let handlerTime: HistogramRecorder
  /// From there to the arrival of the result.
  public let resultTime: HistogramRecorder

  /// Meters without a task.
  public init(layout: HistogramLayout) {
    queueTime = HistogramRecorder(layout: layout)
    etaError = HistogramRecorder(layout: layout)
    handlerTime = HistogramRecorder(layout: layout)
    resultTime = HistogramRecorder(layout: layout)
  }

  /// Forgets everything; only while the worker rests between phases.
  func beginPhase() {
    for recorder in [queueTime, etaError, handlerTime, resultTime] { recorder.reset() }
  }
}
