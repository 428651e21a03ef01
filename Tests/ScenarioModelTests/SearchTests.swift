import Testing

@testable import ScenarioModel

/// The search of a capacity, in place of a load.
@Suite struct SearchTests {
  private static let minimal = "search: { capacity: { limit: 1ms } }\n"

  @Test func leftOutKeysHaveDefaults() throws {
    let scenario = try TestFiles(Self.minimal).load()
    let search = try #require(scenario.search)
    #expect(search.metric == "latency.p99" && search.series == "latency")
    #expect(search.limitNanoseconds == 1_000_000)
    #expect(search.from == 1_000 && search.to == 100_000_000)
    #expect(search.precision == 0.02 && search.trialCount == 5 && !search.isPoisson)
    #expect(search.durationNanoseconds == 5_000_000_000)
    guard case .percentile(let name, let share) = search.statistic else { throw TestError.unexpected }
    #expect(name == "99" && abs(share - 0.01) < 1e-12)
    #expect(abs(search.lowestRatePerSecond - 200) < 1e-6)
    #expect(scenario.load.phases.map(\.kind) == [.constant(ratePerSecond: 1_000)])
    #expect(scenario.settings.contains { $0.path == "search.capacity.precision" && $0.isDefault })
    #expect(!scenario.settings.contains { $0.path.hasPrefix("load.phases") })
  }

  @Test func theResolvedTextMeansTheSame() throws {
    let text =
      "search: { capacity: { metric: service_time.mean, limit: 20us, arrivals: poisson, from: 300/s, to: 2k/s, for: 1s } }\n"
      + "load: { warmup: 100ms, drain: 7s }\ntime: virtual\nworkload: { service_time: { exponential: 10us } }"
    let scenario = try TestFiles(text).load()
    #expect(scenario.search?.statistic == .mean)
    let again = try TestFiles(scenario.resolvedJSON).load()
    #expect(again.resolvedJSON == scenario.resolvedJSON)
    #expect(again.load == scenario.load || again.load.phases.map(\.kind) == scenario.load.phases.map(\.kind))
  }

  /// What a trial's process is handed is a scenario of its own, without a search.
  @Test func aTrialIsAScenarioOfItsOwn() throws {
    let text =
      "search: { capacity: { limit: 1ms, arrivals: poisson } }\nload: { warmup: 100ms, drain: 7s }\nseed: 3"
    let trial = try TestFiles(text).load().trial(ratePerSecond: 769.71, durationNanoseconds: 15_000_000_000)
    #expect(trial.search == nil)
    let loaded = try TestFiles(trial.resolvedJSON).load()
    for scenario in [trial, loaded] {
      #expect(
        scenario.load.phases.map(\.kind) == [.poisson(ratePerSecond: 769.71), .poisson(ratePerSecond: 769.71)])
      #expect(scenario.load.phases.map(\.durationNanoseconds) == [100_000_000, 15_000_000_000])
      #expect(scenario.load.phases.map(\.name) == ["warmup", "main"])
      #expect(scenario.load.drainNanoseconds == 7_000_000_000)
      #expect(scenario.seed == 3)
    }
  }

  @Test func eachVariantHasASearch() throws {
    let variants = try TestFiles(Self.minimal + "matrix: { prefetch: [1, 16] }").loadVariants().variants
    #expect(variants.count == 2 && variants.allSatisfy { $0.scenario.search != nil })
  }

  private enum TestError: Error { case unexpected }

  static let mistakes: [Mistake] = [
    .init("search: {}", .missingKey, 1, 9, "write capacity: { metric: latency.p99, limit: 1ms }"),
    .init("search: { capacity: { from: 1k/s } }", .missingKey, 1, 21, "`capacity` needs a `limit`"),
    .init("search: { capacity: { limit: 5% } }", .wrongUnit, 1, 30, "250ms"),
    .init("search: { capacity: { limit: 1ms, precision: 0.01% } }", .outOfRange, 1, 46, "use 0.1% or more"),
    .init("search: { capacity: { limit: 1ms, to: 500/s } }", .conflict, 1, 39, "ends at 500/s and starts at 1k/s"),
    .init("search: { capacity: { limit: 1ms, trials: 2 } }", .outOfRange, 1, 43, "3"),
    .init("search: { capacity: { limit: 1ms, for: 100ms } }", .outOfRange, 1, 21, "use 10k/s or more"),
    .init(
      "search: { capacity: { limit: 1ms, metric: latency.max } }", .conflict, 1, 43, "no limit that a rate could keep"),
    .init(
      "search: { capacity: { limit: 1ms, metric: throughput } }", .conflict, 1, 43, "no limit that a rate could keep"),
    .init("search: { capacity: { limit: 1ms, metric: latency } }", .conflict, 1, 43, "write latency.p99"),
    .init("search: { capacity: { limit: 1ms, metric: queue_time.p99 } }", .conflict, 1, 43, "with the pattern tasks"),
    .init(minimal + "load: { constant: 5k/s }", .conflict, 2, 9, "warmup, pacing and drain may stay"),
    .init(minimal + "load: { phases: [ { a: { constant: 5k/s } } ] }", .conflict, 2, 9, "`search` chooses the load"),
    .init(minimal + "trials: 3", .conflict, 2, 9, "search.capacity.trials"),
    .init(minimal + "trials: { count: 3, process: shared }", .conflict, 2, 11, "remove `count`"),
    .init(minimal + "trials: { timeout: 15s }", .outOfRange, 2, 20, "its phases alone take 15s"),
    .init(minimal + "compare: { alpha: 0.05 }\nmatrix: { batch: [1, 2] }\nbaseline: { batch: 1 }", .conflict, 4, 1, ""),
    .init(minimal + "output: { trace: t.csv }\ntrials: { process: shared }", .conflict, 2, 11, "`trace` records one"),
    .init(
      minimal + "workload: { pattern: ring, ring: { round_trip: true }, payload: 64B }", .conflict, 1, 9,
      "does not wait for them"),
  ]

  @Test(arguments: mistakes)
  func isRefusedWhereItIsWritten(mistake: Mistake) {
    let found = TestFiles(mistake.text).problems()
    // The comparison and its baseline are two.
    expectOnly(mistake, in: mistake.says.isEmpty ? Array(found.suffix(1)) : found)
  }
}
