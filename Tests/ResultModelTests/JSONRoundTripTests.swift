import Foundation
import Histograms
import ResultModel
import Testing

@Suite struct JSONRoundTripTests {
  @Test func fullResultComesBackEqualAndByteForByte() throws {
    let result = SampleResult.full()
    let data = try result.jsonData()
    let loaded = try RunResult.load(data: data)
    #expect(loaded == result)
    #expect(try loaded.jsonData() == data)
  }

  /// The fixture that the report tests read is this sample. Recorded anew with RINGSIDE_RECORD=1 in the environment.
  @Test func fixtureIsTheSample() throws {
    let path = Fixtures.directory + "/sample-result.json"
    if ProcessInfo.processInfo.environment["RINGSIDE_RECORD"] != nil {
      try SampleResult.full().jsonData().write(to: URL(fileURLWithPath: path))
    }
    let loaded = try RunResult.load(path: path)
    // The compressed histograms may differ in their bytes between versions of zlib, so they are compared decoded.
    for (fixture, sample) in zip(loaded.variants, SampleResult.full().variants) {
      for (fixture, sample) in zip(fixture.trials.flatMap(\.phases), sample.trials.flatMap(\.phases)) {
        for (name, summary) in sample.series {
          let recorded = try fixture[series: name]?.histogram()
          #expect(try recorded == summary.histogram())
        }
      }
    }
    #expect(withoutHistograms(loaded) == withoutHistograms(SampleResult.full()))
  }

  private func withoutHistograms(_ result: RunResult) -> RunResult {
    var result = result
    for variant in result.variants.indices {
      for trial in result.variants[variant].trials.indices {
        for phase in result.variants[variant].trials[trial].phases.indices {
          strip(&result.variants[variant].trials[trial].phases[phase])
        }
      }
    }
    return result
  }

  private func strip(_ phase: inout PhaseResult) {
    phase.latency?.histogramBase64 = nil
    phase.serviceTime?.histogramBase64 = nil
    phase.sendDelay?.histogramBase64 = nil
    phase.confirmTime?.histogramBase64 = nil
    phase.queueTime?.histogramBase64 = nil
    phase.handlerTime?.histogramBase64 = nil
    phase.resultTime?.histogramBase64 = nil
  }

  @Test func whatDoesNotApplyIsLeftOut() throws {
    let phase = PhaseResult(
      name: "main", startOffsetNanoseconds: 0, durationNanoseconds: 1, counts: MessageCounts(),
      rates: Rates(scheduled: nil, sent: 0, received: 0, bytes: 0, durationNanoseconds: 0))
    var result = SampleResult.full()
    result.variants = [
      VariantResult(
        id: "default", slug: "default", trials: [TrialResult(index: 0, order: 0, seed: 1, phases: [phase])])
    ]
    result.scenario.resolved = .object([:])
    result.capacity = nil
    result.scaling = nil
    let text = String(decoding: try result.jsonData(), as: UTF8.self)
    for key in ["latency", "verify", "offered_per_s", "capacity", "scaling", "ring", "platform"] {
      #expect(!text.contains("\"\(key)\":"), "\(key)")
    }
    #expect(!text.contains("null"))
    #expect(try RunResult.load(data: Data(text.utf8)) == result)
  }
}
