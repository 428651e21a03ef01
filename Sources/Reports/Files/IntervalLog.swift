import Histograms
import ResultModel

/// `run.hlog`: the histogram of every interval of every series, in order of time, tagged `<slug>.<series>`.
enum IntervalLog {
  static func text(of recording: RunRecording) -> String {
    let result = recording.result
    let writer = HistogramLogWriter(version: result.markedVersion, startSeconds: result.started.secondsSinceEpoch)
    var text = writer.header
    let inOrder = recording.intervalHistograms.enumerated().sorted {
      ($0.element.startNanoseconds, $0.offset) < ($1.element.startNanoseconds, $1.offset)
    }
    for (_, interval) in inOrder {
      text += writer.line(
        LatencyHistogram(interval.histogram), tag: "\(interval.slug).\(interval.series)",
        startSeconds: Double(interval.startNanoseconds) / 1e9, lengthSeconds: Double(interval.lengthNanoseconds) / 1e9)
    }
    return text
  }
}
