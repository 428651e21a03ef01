import Histograms
import Platform
public import ResultModel
public import ScenarioModel

extension ResultDirectory {
  /// Writes what there is to a run: JSON, tables, histograms, as far as `formats` names them, and the trace when it has a
  /// name. `result.json` comes last, so
  /// that where it is, the rest is too.
  public func write(
    _ recording: RunRecording, formats: [Scenario.Output.Format] = Scenario.Output.Format.allCases,
    traceName: String? = nil
  ) throws(ResultWritingError) {
    let result = recording.result
    if let traceName, let trace = recording.trace { try write(TraceCSV.bytes(of: trace), to: traceName) }
    let merged = result.variants.map(MergedVariant.init)
    if formats.contains(.csv) { try writeTables(of: result, merged) }
    if formats.contains(.hgrm) {
      for variant in merged {
        // Not flushed: a matrix has hundreds of them, and each can be rendered again from result.json.
        for file in variant.percentileReports {
          try AtomicFile.write(Array(file.text.utf8), to: "\(path)/\(file.name)", flushed: false)
        }
      }
    }
    if formats.contains(.hlog), !recording.intervalHistograms.isEmpty {
      try write(Array(IntervalLog.text(of: recording).utf8), to: "run.hlog")
    }
    let wanted: [(Scenario.Output.Format, RenderedReport.Format)] = [
      (.html, .html), (.markdown, .markdown), (.junit, .junit),
    ]
    let reports = wanted.filter { formats.contains($0.0) }.map(\.1)
    for (report, text) in zip(reports, RenderedReport.texts(of: result, as: reports)) {
      if let name = report.fileName { try write(Array(text.utf8), to: name) }
    }
    if formats.contains(.json) { try write(json(of: result), to: "result.json") }
    WholeFile.flushDirectory(path)
  }

  private func writeTables(of result: RunResult, _ merged: [MergedVariant]) throws(ResultWritingError) {
    try write(MetricsCSV.text(of: result), to: "metrics.csv")
    try write(IntervalsCSV.text(of: result), to: "intervals.csv")
    try write(PercentilesCSV.text(of: result, merged: merged), to: "percentiles.csv")
    try write(VariantsCSV.text(of: result), to: "variants.csv")
    try write(EventsCSV.text(of: result), to: "events.csv")
    if result.variants.contains(where: { $0.capacity != nil }) {
      try write(CapacityCSV.text(of: result), to: "capacity.csv")
    }
    if !result.comparisons.isEmpty { try write(ComparisonsCSV.text(of: result), to: "comparisons.csv") }
  }

  private func json(of result: RunResult) throws(ResultWritingError) -> [UInt8] {
    do {
      return Array(try result.jsonData())
    } catch {
      throw ResultWritingError(code: .inputOutput, path: "\(path)/result.json", message: "cannot be encoded: \(error)")
    }
  }
}
