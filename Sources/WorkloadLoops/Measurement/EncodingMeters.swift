public import Histograms

/// What it costs a worker to encode and to decode, by samples; how much becomes of it is counted beside them.
///
/// Of the pattern `tasks` the decoding is recorded by whatever runs the tasks: several threads or processes at once
/// (`HistogramRecorder.recordShared`).
public final class EncodingMeters: Sendable {
  /// From a body in memory to its encoded bytes, compression included.
  public let encodeTime: HistogramRecorder
  /// The way back.
  public let decodeTime: HistogramRecorder

  /// Meters without a sample.
  /// - Parameter decodeTime: Where decoding is recorded, if not in memory of this process alone.
  public init(layout: HistogramLayout, decodeTime: HistogramRecorder? = nil) {
    encodeTime = HistogramRecorder(layout: layout)
    self.decodeTime = decodeTime ?? HistogramRecorder(layout: layout)
  }

  /// Forgets everything; only while the worker rests between phases.
  func beginPhase() {
    encodeTime.reset()
    decodeTime.reset()
  }
}
