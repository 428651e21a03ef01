public import Histograms

/// What it costs a worker to encode and to decode, by samples; how much becomes of it is counted beside them.
public final class EncodingMeters: Sendable {
  /// From a body in memory to its encoded bytes, compression included.
  public let encodeTime: HistogramRecorder
  /// The way back.
  public let decodeTime: HistogramRecorder

  /// Meters without a sample.
  public init(layout: HistogramLayout) {
    encodeTime = HistogramRecorder(layout: layout)
    decodeTime = HistogramRecorder(layout: layout)
  }

  /// Forgets everything; only while the worker rests between phases.
  func beginPhase() {
    encodeTime.reset()
    decodeTime.reset()
  }
}
