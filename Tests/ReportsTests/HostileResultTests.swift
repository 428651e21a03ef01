import Foundation
import Histograms
import ResultModel
import Testing

@testable import Reports

/// Whatever is in a file, it is refused with a reason or rendered: nothing ends the program.
@Suite struct HostileResultTests {
  /// Two variants of one trial and phase in which everything is set but few times: a debug build renders it in milliseconds.
  private static let text = Result {
    var result = try Fixtures.sample.get()
    var histogram = LatencyHistogram()
    for value in 1...30 { histogram.record(Int64(value)) }
    var phase = result.variants[0].trials[0].phases[1]
    for path in [
      \PhaseResult.serviceTime, \.sendDelay, \.confirmTime, \.queueTime, \.handlerTime, \.resultTime,
    ] { phase[keyPath: path] = nil }
    phase.latency = LatencySummary(histogram: histogram)
    phase.intervals = Array(phase.intervals.suffix(4))
    for index in result.variants.indices {
      result.variants[index].trials = [result.variants[index].trials[0]]
      result.variants[index].trials[0].phases = [phase]
    }
    result.comparisons[0].decides = true
    result.comparisonRules = ComparisonRules(metric: "latency.p99", maxRegression: 0.02, confirmationCount: 1)
    result.variants[0].capacity = result.capacity
    return [UInt8](try result.jsonData())
  }

  /// More of them by hand: RINGSIDE_FUZZ_ROUNDS=10000. A trap shows the seed among the tests that have started.
  private static let rounds =
    ProcessInfo.processInfo.environment["RINGSIDE_FUZZ_ROUNDS"].flatMap(Int.init) ?? 6

  @Test(arguments: 1...12 as ClosedRange<UInt64>)
  func aSpoiledFileIsRefusedOrRendered(seed: UInt64) throws {
    let text = try Self.text.get()
    let original = try RunResult.load(data: Data(text))
    var mutator = ResultMutator(text, seed: seed)
    var renderedCount = 0
    for round in 0..<Self.rounds {
      let damaged = (0..<12).map { _ in mutator.damaged() }
      for spoiled in damaged + [mutator.twisted()] {
        do throws(ResultLoadingError) {
          let result = try RunResult.load(data: Data(spoiled), path: "some/result.json")
          render(result, beside: original)
          renderedCount += 1
        } catch {
          let isClear = error.description.hasPrefix("some/result.json: ") && error.message.count > 20
          #expect(isClear, "seed \(seed), round \(round): \(error)")
        }
      }
    }
    #expect(renderedCount > 0, "seed \(seed): some changes harm nothing")
  }

  /// Everything that a command makes of a result.
  private func render(_ result: RunResult, beside other: RunResult) {
    _ = RenderedReport.texts(of: result, as: RenderedReport.Format.allCases)
    _ = TerminalSummary(result, directory: nil, style: .plain)
    for format in ResultExport.Format.allCases { _ = ResultExport.text(of: result, as: format) }
    let merged = result.variants.map(MergedVariant.init)
    _ = [
      MetricsCSV.text(of: result), IntervalsCSV.text(of: result), PercentilesCSV.text(of: result, merged: merged),
      VariantsCSV.text(of: result), EventsCSV.text(of: result), CapacityCSV.text(of: result),
      ComparisonsCSV.text(of: result),
    ]
    _ = Comparability.obstacles(other, result)
    _ = Comparability.unfitness(result)
    let chosen = ComparisonRules.chosen(baseline: other.comparisonRules, candidate: result.comparisonRules, alpha: 0.02)
    for rules in [chosen.rules, result.comparisonRules, ComparisonRules()].compactMap(\.self) {
      let comparisons = ResultComparison(rules: rules).between(other, result, names: ("old", "new"))
      _ = ComparisonTable(comparisons, style: .plain).lines
      var judged = result
      judged.comparisonRules = rules
      judged.judge(comparisons: comparisons, isStrict: true)
    }
  }

  @Test func aHistogramThatCannotBeReadIsNamed() throws {
    var result = try Fixtures.small()
    result.variants[0].trials[0].phases[0].latency?.histogramBase64 = "HISTF*"
    let says = "v00-json-64, phase main: the histogram of latency is left out in 1 of 1 trial: "
    for text in RenderedReport.texts(of: result, as: [.html]) + [
      TerminalSummary(result, directory: nil, style: .plain).text
    ] {
      #expect(text.contains(says))
    }
  }

  /// So many counts that their sum would not fit used to end the program.
  @Test func hugeHistogramsAreNotAddedUp() throws {
    var histogram = LatencyHistogram()
    histogram.record(5, count: 1 << 53)
    let summary = LatencySummary(histogram: histogram)
    var result = try Fixtures.small()
    result.variants[0].trials[0].phases[0].latency = summary
    result.variants[0].trials = Array(repeating: result.variants[0].trials[0], count: 1_100)
    for index in result.variants[0].trials.indices {
      let name = result.variants[0].trials[index].phases[0].name
      result.variants[0].trials[index].phases = [
        PhaseResult(
          name: name, startOffsetNanoseconds: 0, durationNanoseconds: 1, counts: MessageCounts(),
          rates: result.variants[0].trials[0].phases[0].rates)
      ]
      result.variants[0].trials[index].phases[0].latency = summary
    }
    #expect(!MergedVariant(result.variants[0]).phases[0].defects.isEmpty)
  }
}
