import ResultModel
import Testing

/// What is compared with what, what decides, and what is refused.
@Suite struct ResultComparisonTests {
  /// A variant whose trials have these figures.
  private static func variant(
    _ slug: String, _ summaries: [String: [Double]], isBaseline: Bool = false
  ) -> VariantResult {
    let count = summaries.values.map(\.count).max() ?? 0
    let phase = SampleResult.phase("main", .normal, startNanoseconds: 0)
    var variant = VariantResult(
      id: slug, slug: slug, baseline: isBaseline,
      trials: (0..<count).map { TrialResult(index: $0, order: $0, seed: 1, phases: [phase]) })
    variant.summary = summaries.compactMapValues { MetricSummary(of: $0) }
    return variant
  }

  private static let steady = (0..<10).map { 1000 + Double($0) }
  private static let slower = steady.map { $0 * 1.2 }

  private func within(_ variants: [VariantResult], _ rules: ComparisonRules = ComparisonRules()) -> [ComparisonResult] {
    ResultComparison(rules: rules).within(variants)
  }

  @Test func withoutABaselineNothingIsCompared() {
    #expect(within([Self.variant("a", ["throughput": Self.steady])]).isEmpty)
  }

  @Test func oneFigureDecidesAndTheOthersAreReported() throws {
    let comparisons = within([
      Self.variant("a", ["latency.p99": Self.steady, "service_time.p99": Self.steady], isBaseline: true),
      Self.variant("b", ["latency.p99": Self.slower, "service_time.p99": Self.slower]),
    ])
    #expect(comparisons.map(\.metric) == ["latency.p99", "service_time.p99"])
    #expect(comparisons.map(\.decides) == [true, false])
    #expect(comparisons.map(\.isRegression) == [true, false])
    #expect(comparisons.allSatisfy { $0.verdict == .worse && abs($0.ratio - 1.2) < 1e-9 && $0.ratioCI95 != nil })
    #expect(comparisons.allSatisfy { $0.baseline == "a" && $0.candidate == "b" && $0.baselineCount == 10 })
  }

  @Test func throughputDecidesWhereNoLoadIsOpenAndLessOfItIsWorse() throws {
    let comparisons = within([
      Self.variant("a", ["throughput": Self.slower, "service_time.p99": Self.steady], isBaseline: true),
      Self.variant("b", ["throughput": Self.steady, "service_time.p99": Self.steady]),
    ])
    let deciding = comparisons.filter { $0.decides == true }
    #expect(deciding.map(\.metric) == ["throughput"])
    #expect(deciding.map(\.verdict) == [.worse])
    #expect(deciding.map(\.isRegression) == [true])
  }

  /// One more small allocation in every message is 4 % of a thousand bytes, and real.
  @Test func allocatedBytesGateExactlyWhateverIsAllowed() {
    let comparisons = within([
      Self.variant("a", ["allocated_bytes_per_message": [1000, 1000, 1000]], isBaseline: true),
      Self.variant("b", ["allocated_bytes_per_message": [1040, 1040, 1040]]),
    ])
    let bytes = comparisons.filter { $0.metric == "allocated_bytes_per_message" }
    #expect(bytes.map(\.isRegression) == [true])
  }

  /// With 40 comparisons a p has to lie 40 times lower, which 10 pairs or 10 against 10 of the same spread may not reach.
  @Test func whatCouldBeSeenFollowsFromHowManyComparisonsThereAre() throws {
    func seen(_ count: Int) throws -> Double? {
      let others = (0..<count).map { Self.variant("v\($0)", ["throughput": Self.steady]) }
      let found = within([Self.variant("a", ["throughput": Self.steady], isBaseline: true)] + others)
      return try #require(found.first).minimalDetectableEffectPercent
    }
    let (one, ten) = (try #require(try seen(1)), try #require(try seen(10)))
    #expect(ten > one)
    let few = within([
      Self.variant("a", ["throughput": [1, 2, 3]], isBaseline: true), Self.variant("b", ["throughput": [2, 3, 4]]),
    ])
    #expect(few[0].minimalDetectableEffectPercent == nil, "3 against 3 cannot reach 0.01")
  }

  @Test func aSearchIsNotComparedByItsTrials() throws {
    var (one, other) = (SampleResult.full(), SampleResult.full())
    for index in one.variants.indices { (one.variants[index].capacity, other.variants[index].capacity) = (nil, nil) }
    #expect(Comparability.searches(one, other) == nil)
    one.variants[0].capacity = CapacityResult(ratePerSecond: 7_800, low: 7_800, high: 9_300, limit: 1e6, steps: [])
    other.variants[0].capacity = CapacityResult(ratePerSecond: 3_600, low: 3_600, high: nil, limit: 1e6, steps: [])
    let text = try #require(Comparability.searches(one, other))
    #expect(text.contains("7.80 k/s to 9.30 k/s") && text.contains("3.60 k/s or more"), "\(text)")
  }

  @Test func theKeysThatDifferAreNamed() {
    let (one, other) = (SampleResult.full(), SampleResult.full())
    func obstacles(_ change: (inout [String: JSONValue]) -> Void) -> [String] {
      var (one, other) = (one, other)
      var members: [String: JSONValue] = ["load": .object(["constant": .string("1k/s")]), "seed": .integer(1)]
      one.scenario.resolved = .object(members)
      change(&members)
      other.scenario.resolved = .object(members)
      other.scenario.resolvedSHA256 = "another"
      return Comparability.obstacles(one, other)
    }
    #expect(
      obstacles { $0["load"] = .object(["constant": .string("2k/s")]) } == [
        "scenario: `load.constant` is \"1k/s\" in the baseline and \"2k/s\" in the candidate"
      ])
    #expect(
      obstacles { $0["verify"] = .boolean(false) }.first?.contains("`verify` is not there in the baseline") == true)
    #expect(obstacles { $0["seed"] = .integer(2) }.first?.contains("another") == true, "nothing that matters differs")
  }

  @Test func worseWithinWhatIsAllowedIsNoRegression() {
    let variants = [
      Self.variant("a", ["throughput": Self.slower], isBaseline: true), Self.variant("b", ["throughput": Self.steady]),
    ]
    let comparisons = within(variants, ComparisonRules(maxRegression: 0.25))
    #expect(comparisons.map(\.verdict) == [.worse])
    #expect(comparisons.map(\.isRegression) == [false])
  }

  /// Holm over the deciding ones only: the many that are looked at cost the gate nothing.
  @Test func theGateIsCorrectedForItsOwnComparisonsOnly() throws {
    let noise = Dictionary(
      uniqueKeysWithValues: ["p50", "p99", "p99.9"].map { ("service_time.\($0)", Self.steady) })
    let baseline = Self.variant("a", noise.merging(["throughput": Self.steady]) { $1 }, isBaseline: true)
    let others = ["b", "c"].map { Self.variant($0, noise.merging(["throughput": Self.slower]) { $1 }) }
    let comparisons = within([baseline] + others)
    let deciding = comparisons.filter { $0.decides == true }
    #expect(deciding.count == 2)
    #expect(deciding.allSatisfy { abs($0.pAdjusted - 2 * $0.p) < 1e-12 })
    #expect(comparisons.filter { $0.decides != true }.allSatisfy { $0.pAdjusted >= $0.p })
  }

  @Test func allocatedBytesDecideExactlyAndOneOffsDoNot() throws {
    func verdict(_ one: [Double], _ other: [Double]) throws -> ComparisonResult {
      try #require(
        within([
          Self.variant("a", ["allocated_bytes_per_message": one], isBaseline: true),
          Self.variant("b", ["allocated_bytes_per_message": other]),
        ]).first)
    }
    let grown = try verdict([0, 0, 0], [16, 16, 16])
    #expect(grown.verdict == .worse && grown.isRegression == true && grown.decides == true)
    #expect(try verdict([0, 0, 0.01], [0.2, 0.1, 0.2]).verdict == .same, "what happens once in a run")
    #expect(try verdict([16, 0, 16], [16, 16, 16]).verdict == .same)
    #expect(try verdict([16, 0, 0], [16, 16, 16]).verdict == .inconclusive, "they do not lie apart")
    #expect(grown.ratio.isFinite && grown.ratioCI95?.low.isFinite == true, "JSON knows no infinity")
  }

  /// Single trials of one variant differ by what is allocated once: 184 B against 205 B used to be a regression.
  @Test(
    arguments: [
      ([184], [205]), ([205], [184]), ([173.8, 184.1], [168.6, 168.6]), ([0, 0], [16, 16]),
      ([16, 0, 0], [16, 16, 16]),
      ([0, 0, 0, 0], [0, 0, 30.8, 30.8]),
    ] as [([Double], [Double])])
  func fewTrialsThatMayDifferByChanceAccuseNobody(baseline: [Double], candidate: [Double]) throws {
    let found = try bytes(baseline, candidate)
    #expect(found.verdict == .inconclusive && found.isRegression == false && found.decides == true)
    #expect(found.baselineRange == Interval(baseline.min()!, baseline.max()!))
    let reason = try #require(found.reason)
    let agree = [baseline, candidate].allSatisfy { $0.max()! - $0.min()! < 0.5 }
    #expect(reason.contains(agree ? "too few" : "do not agree"), "\(reason)")
  }

  /// Many trials that do not agree among themselves are told apart like any other figure with noise.
  @Test func bytesWithNoiseAreLeftToTheTest() throws {
    let one = (0..<10).map { 180 + Double($0 * 7 % 10) }
    let more = try bytes(one, one.map { $0 + 20 })
    #expect(more.test == "mann-whitney" && more.verdict == .worse && more.isRegression == true && more.reason == nil)
    let slightlyMore = try bytes(one, one.map { $0 + 8 }, ComparisonRules(maxRegression: 0.5))
    #expect(slightlyMore.isRegression == true, "whatever is allowed of times")
    #expect(try bytes(one, one.reversed()).verdict == .same)
    let fromNothing = try bytes([0, 0, 0, 0, 0, 0], [3, 9, 27, 16, 33, 8])
    #expect(fromNothing.verdict == .worse && fromNothing.ratio.isFinite)
    let spread = (0..<20).map { Double($0 * $0) }
    #expect(try bytes(spread, spread.map { $0 + 0.1 }).isRegression == false, "less than a step is none")
  }

  private func bytes(
    _ baseline: [Double], _ candidate: [Double], _ rules: ComparisonRules = ComparisonRules()
  ) throws -> ComparisonResult {
    let name = "allocated_bytes_per_message"
    return try #require(
      within([Self.variant("a", [name: baseline], isBaseline: true), Self.variant("b", [name: candidate])], rules).first
    )
  }

  /// A foreign file may hold anything; a summary without values used to end the program.
  @Test func absurdSummariesHaveNothingToCompare() {
    let baseline = Self.variant("a", ["throughput": Self.steady], isBaseline: true)
    for values in [[0], [1e300], Self.steady.map { -$0 }] as [[Double]] {
      #expect(within([baseline, Self.variant("b", ["throughput": values])]).map(\.test) == ["none"])
    }
    var empty = Self.variant("b", ["throughput": Self.steady])
    empty.summary["throughput"]?.values = []
    #expect(within([baseline, empty]).map(\.test) == ["none"])
  }

  /// Allocated bytes used to decide alone, so that a run passed whose latencies nobody had compared.
  @Test func aDecidingFigureThatATrialLacksDecidesNothing() throws {
    let bytes = ["allocated_bytes_per_message": [0.0, 0, 0]]
    func figures(_ more: [String: [Double]]) -> [String: [Double]] { bytes.merging(more) { $1 } }
    let short = figures(["latency.p50": [1, 2, 3], "throughput": [4, 4, 4]])
    let long = figures(["latency.p50": [1, 2, 3], "latency.p99": [5, 6, 7], "throughput": [4, 4, 4]])
    for (one, other) in [(long, short), (short, long), (short, short)] {
      let comparisons = within([Self.variant("a", one, isBaseline: true), Self.variant("b", other)])
      let deciding = comparisons.filter { $0.decides == true }
      #expect(deciding.map(\.metric) == ["allocated_bytes_per_message", "latency.p99"])
      #expect(deciding.map(\.verdict) == [.same, .inconclusive])
      #expect(deciding.map(\.test) == ["exact", "none"])
      var result = SampleResult.full()
      (result.status, result.exitCodes, result.verdicts) = (.passed, [.success], [])
      result.judge(comparisons: comparisons, isStrict: true)
      #expect(result.exitCode == .inconclusive)
      #expect(result.verdicts.map(\.ok) == [true, false])
    }
    let asked = within(
      [Self.variant("a", bytes, isBaseline: true), Self.variant("b", bytes)],
      ComparisonRules(metric: "confirm_time.p99"))
    #expect(asked.map(\.metric) == ["allocated_bytes_per_message", "confirm_time.p99"])
  }

  /// Where one side has no allocator that counts, the gate of allocated bytes used to be gone without a word.
  @Test func bytesThatOnlyOneSideCountedDecideNothing() {
    let bytes = "allocated_bytes_per_message"
    let (with, without) = (["throughput": Self.steady, bytes: [0.0, 0, 0]], ["throughput": Self.steady])
    for (one, other) in [(with, without), (without, with)] {
      let found = within([Self.variant("a", one, isBaseline: true), Self.variant("b", other)])
      #expect(found.map(\.metric) == ["throughput", bytes])
      #expect(found.map(\.verdict) == [.same, .inconclusive] && found[1].test == "none" && found[1].decides == true)
    }
    #expect(within([Self.variant("a", without, isBaseline: true), Self.variant("b", without)]).count == 1)
  }

  @Test func eachPhaseWithItsSeriesNeedsTheDecidingFigure() {
    let whole = ["latency.p50@one": [1.0], "latency.p99@one": [1], "latency.p50@two": [1], "throughput@three": [1]]
    let comparisons = within([Self.variant("a", whole, isBaseline: true), Self.variant("b", whole)])
    #expect(comparisons.filter { $0.test == "none" }.map(\.metric) == ["latency.p99@two"])
  }

  @Test func theMetricThatDecidesMayBeNamedWithItsPhase() {
    let figures = ["throughput@one": Self.steady, "throughput@two": Self.steady]
    let variants = [Self.variant("a", figures, isBaseline: true), Self.variant("b", figures)]
    #expect(within(variants, ComparisonRules(metric: "throughput@two")).map(\.decides) == [false, true])
    #expect(within(variants, ComparisonRules(metric: "throughput")).map(\.decides) == [true, true])
  }

  /// A metric with its phase used to be left out of the figures, unless it was one of the usual ones.
  @Test func theMetricOfAPhaseIsAmongTheFigures() {
    let phases = ["one", "two"].map { SampleResult.phase($0, .normal, startNanoseconds: 0) }
    let trials = [TrialResult(index: 0, order: 0, seed: 1, phases: phases)]
    #expect(MetricSummary.all(of: trials)["service_time.p75@two"] == nil)
    #expect(MetricSummary.all(of: trials, adding: "service_time.p75@two")["service_time.p75@two"] != nil)
  }

  @Test func tooFewTrialsAreInconclusiveWithoutAnInterval() throws {
    let comparison = try #require(
      within([
        Self.variant("a", ["throughput": [100, 101]], isBaseline: true), Self.variant("b", ["throughput": [50, 51]]),
      ]).first)
    #expect(comparison.verdict == .inconclusive)
    #expect(comparison.ratioCI95 == nil)
  }

  @Test func trialsInPairsAreComparedPairByPair() throws {
    // The level wanders by far more than the difference; within each pair the difference is clear.
    let levels = (0..<10).map { 1000 * Double($0 + 1) }
    let variants = [
      Self.variant("a", ["throughput": levels], isBaseline: true),
      Self.variant("b", ["throughput": levels.map { $0 * 0.9 }]),
    ]
    let pairs = ResultComparison(rules: ComparisonRules()).within(variants, isPaired: true)
    #expect(pairs.map(\.test) == ["sign-flip"])
    #expect(pairs.map(\.verdict) == [.worse])
    #expect(within(variants).map(\.verdict) == [.inconclusive])
  }

  /// One trial that did not count used to cost all pairs, so that the test for independent trials took over.
  @Test func aTrialThatDoesNotCountCostsItsPairOnly() throws {
    func variant(_ slug: String, _ share: Double, lost: Int, isBaseline: Bool = false) -> VariantResult {
      let kept = (0..<12).filter { $0 != lost }
      var variant = Self.variant(
        slug, ["throughput": kept.map { 1000 * Double($0 + 1) * share }], isBaseline: isBaseline)
      for (place, index) in kept.enumerated() { variant.trials[place].index = index }
      return variant
    }
    let variants = [variant("a", 1, lost: 3, isBaseline: true), variant("b", 0.9, lost: 7)]
    let comparison = try #require(
      ResultComparison(rules: ComparisonRules()).within(variants, isPaired: true).first)
    #expect(comparison.test == "sign-flip")
    #expect(comparison.baselineCount == 10 && comparison.candidateCount == 10)
    #expect(abs(comparison.ratio - 0.9) < 1e-12)
    // They used to be of all trials, those without a partner included, so that their quotient said something else than the ratio.
    #expect(comparison.baselineMedian == 6500 && comparison.candidateMedian.map { abs($0 - 5850) < 1e-9 } == true)
    #expect(comparison.baselineRange == Interval(1000, 12_000))
    #expect(comparison.verdict == .worse)
  }

  @Test func aRegressionThatIsNotFoundAgainLeavesTheRunUndecided() throws {
    var comparisons = within([
      Self.variant("a", ["throughput": Self.slower], isBaseline: true), Self.variant("b", ["throughput": Self.steady]),
    ])
    #expect(ComparisonConclusion(of: comparisons) == .regression)
    (comparisons[0].isRegression, comparisons[0].isConfirmed) = (false, false)
    #expect(ComparisonConclusion(of: comparisons) == .undecided)
    var result = SampleResult.full()
    (result.status, result.exitCode, result.exitCodes, result.verdicts) = (.passed, .success, [.success], [])
    result.judge(comparisons: comparisons, isStrict: false)
    #expect(result.status == .inconclusive && result.exitCode == .success)
    #expect(result.verdicts.first?.detail?.contains("a second batch did not confirm") == true)
  }

  @Test func whatOnlyGotBetterIsReportedOnRequest() throws {
    let comparisons = within([
      Self.variant("a", ["throughput": Self.steady], isBaseline: true), Self.variant("b", ["throughput": Self.slower]),
    ])
    for (reports, code) in [(false, ExitCode.success), (true, .improvement)] {
      var result = SampleResult.full()
      (result.status, result.exitCode, result.exitCodes, result.verdicts) = (.passed, .success, [.success], [])
      result.judge(comparisons: comparisons, isStrict: true, reportsImprovement: reports)
      #expect(result.exitCode == code && result.status == .passed)
    }
  }

  @Test func twoRunsAreComparedVariantByVariant() throws {
    var old = SampleResult.full()
    old.variants = ["x", "y"].map { Self.variant($0, ["throughput": Self.steady]) }
    var new = old
    new.variants = ["y", "z"].map { Self.variant($0, ["throughput": Self.steady]) }
    let comparisons = ResultComparison(rules: ComparisonRules()).between(old, new, names: ("old", "new"))
    #expect(comparisons.map(\.candidate) == ["new:y"])
    #expect(comparisons.map(\.verdict) == [.same])
  }

  @Test func runsOfOtherMachinesScenariosAndBuildsAreRefused() throws {
    let result = SampleResult.full()
    #expect(Comparability.obstacles(result, result).isEmpty)
    let changes: [(String, (inout RunResult) -> Void)] = [
      ("machine", { $0.environment.machineKey = "other" }), ("scenario", { $0.scenario.resolvedSHA256 = "0" }),
      ("build", { $0.tool.build.configuration = "debug" }), ("flags", { $0.tool.build.flags = "-Onone" }),
      ("time", { $0.time = .virtual }), ("allocator", { $0.tool.build.allocator = "system malloc" }),
      (
        "variants",
        {
          $0.variants[0].id = "p"; $0.variants[1].id = "q"
        }
      ),
    ]
    var same = result
    same.tool.build.allocator += "-0-g54eaed1d8b56b1aa528be3bdd1877e59c56fa90c"
    #expect(Comparability.obstacles(result, same).isEmpty, "the same version")
    for (name, change) in changes {
      var other = result
      change(&other)
      let obstacles = Comparability.obstacles(result, other)
      #expect(obstacles.count == 1 && obstacles[0].hasPrefix(name), "\(obstacles)")
    }
  }

  @Test func onlySoundRunsOfCleanReleaseBuildsAreFitToBeBaselines() throws {
    var fit = SampleResult.full()
    (fit.status, fit.exitCodes, fit.tool.dirty) = (.passed, [.success], false)
    #expect(Comparability.unfitness(fit).isEmpty)
    let changes: [(inout RunResult) -> Void] = [
      { $0.tool.dirty = true }, { $0.tool.build.configuration = "debug" },
      { $0.tool.build.flags = "-sanitize=thread" }, { $0.status = .invalid }, { $0.status = .aborted },
      { ($0.status, $0.exitCodes) = (.failed, [.verificationFailed]) },
    ]
    for change in changes {
      var other = fit
      change(&other)
      #expect(Comparability.unfitness(other).count == 1)
    }
  }

  @Test func aRegressionFailsTheRunAndDoubtLeavesItInconclusive() throws {
    var sound = SampleResult.full()
    (sound.status, sound.exitCode, sound.exitCodes, sound.verdicts) = (.passed, .success, [.success], [])
    func judged(_ candidate: [Double], isStrict: Bool) -> RunResult {
      var result = sound
      result.judge(
        comparisons: within([
          Self.variant("a", ["latency.p99": Self.steady], isBaseline: true),
          Self.variant("b", ["latency.p99": candidate]),
        ]), isStrict: isStrict)
      return result
    }
    let worse = judged(Self.slower, isStrict: false)
    #expect(worse.status == .failed && worse.exitCode == .regression)
    #expect(worse.verdicts.map(\.kind) == [.comparison] && worse.verdicts.map(\.ok) == [false])
    let noisy = (0..<10).map { 1000 + 300 * Double($0 % 3) }
    #expect(judged(noisy, isStrict: false).exitCode == .success)
    #expect(judged(noisy, isStrict: false).status == .inconclusive)
    #expect(judged(noisy, isStrict: true).exitCode == .inconclusive)
    #expect(judged(Self.steady, isStrict: true).exitCode == .success)
  }
}
