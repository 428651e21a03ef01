import Foundation
import ResultModel
import Testing

@testable import Reports

/// What processor time the files of a large run take: 40 variants × 10 trials × 5 phases of 40 intervals. Prints figures, asserts
/// sizes only; run with `RINGSIDE_MEASURE=1 swift test -c release -Xswiftc -enable-testing --filter LargeRunMeasurement`.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["RINGSIDE_MEASURE"] != nil))
struct LargeRunMeasurement {
  private func largeRun() throws -> RunResult {
    var result = try Fixtures.sample.get()
    var variant = result.variants[0]
    var trial = variant.trials[0]
    var phase = trial.phases[1]
    phase.intervals = (0..<40).map { index in
      var interval = phase.intervals[index % 7]
      interval.startNanoseconds = Int64(index) * 250_000_000
      return interval
    }
    trial.phases = (0..<5).map { index in
      var phase = phase
      phase.name = "phase\(index)"
      return phase
    }
    variant.trials = Array(repeating: trial, count: 10)
    result.variants = (0..<40).map { index in
      var variant = variant
      variant.slug = "v\(index)"
      return variant
    }
    return result
  }

  @Test func writesTwoThousandPhases() throws {
    let result = try largeRun()
    try Fixtures.withTemporaryDirectory { parent in
      var json = Data()
      measure("summaries") { _ = result.variants.map { MetricSummary.all(of: $0.countedTrials) } }
      try measure("encode result.json") { json = try result.jsonData() }
      try measure("load result.json") { _ = try RunResult.load(data: json) }
      var merged: [MergedVariant] = []
      measure("merge histograms") { merged = result.variants.map(MergedVariant.init) }
      measure("metrics.csv") { _ = MetricsCSV.text(of: result) }
      measure("intervals.csv") { _ = IntervalsCSV.text(of: result) }
      measure("percentiles.csv") { _ = PercentilesCSV.text(of: result, merged: merged) }
      measure("percentile reports") { _ = merged.flatMap(\.percentileReports) }
      measure("report.html") { print("\(RenderedReport.text(of: result, as: .html).utf8.count) bytes") }
      let directory = try ResultDirectory.create(parent + "/large")
      try measure("all files") { try directory.write(RunRecording(result: result)) }
      #expect(json.count > 10_000_000)
    }
  }

  /// Processor time, not wall time, so that what else the machine does matters less.
  private func measure(_ name: String, _ body: () throws -> Void) rethrows {
    let start = clock()
    try body()
    print("\(name): \(Double(clock() - start) / Double(CLOCKS_PER_SEC)) s")
  }
}
