import Histograms
import ResultModel

/// Results in which everything is set, for tests; the same every time.
enum SampleResult {
  /// A histogram with a body around 200 ns and a thin tail.
  static func histogram(scale: Int64 = 1, count: Int = 20_000) -> LatencyHistogram {
    var histogram = LatencyHistogram()
    for index in 0..<Int64(count) { histogram.record((180 + index % 97 + (index % 1000 == 0 ? index : 0)) * scale) }
    return histogram
  }

  /// The same for every phase: encoding histograms takes a debug build a while.
  private static let series: [LatencySummary?] = [
    LatencySummary(histogram: histogram(scale: 3)),
    LatencySummary(histogram: histogram()),
    LatencySummary(histogram: histogram(scale: 2)),
    LatencySummary(histogram: histogram(scale: 4, count: 50)),
    outOfRange,
    LatencySummary(histogram: histogram(count: 10)),
    LatencySummary(histogram: histogram(count: 11)),
  ]
  private static let outOfRange: LatencySummary? = {
    var histogram = SampleResult.histogram(count: 9)
    histogram.record(61_000_000_000)
    histogram.record(-1)
    return LatencySummary(histogram: histogram)
  }()
  private static let hiccup = LatencySummary(histogram: histogram(scale: 500, count: 2_000), keepingHistogram: false)

  static func phase(_ name: String, _ sampleType: PhaseResult.SampleType, startNanoseconds: Int64) -> PhaseResult {
    var counts = MessageCounts()
    (counts.scheduled, counts.sent, counts.accepted, counts.received) = (20_000, 20_000, 20_000, 20_000)
    (counts.confirmed, counts.acknowledged, counts.redelivered) = (19_999, 20_000, 3)
    var phase = PhaseResult(
      name: name, sampleType: sampleType, load: "constant 10 k/s", startOffsetNanoseconds: startNanoseconds,
      durationNanoseconds: 2_000_000_000, counts: counts,
      rates: Rates(
        scheduled: 20_000, sent: 20_000, received: 20_000, bytes: 2_560_000, durationNanoseconds: 2_000_000_000))
    phase.drainNanoseconds = 1_250_000
    phase.labels = [.generatorBound]
    phase.verification = verification
    phase.latency = series[0]
    phase.serviceTime = series[1]
    phase.sendDelay = series[2]
    phase.confirmTime = series[3]
    phase.queueTime = series[4]
    phase.handlerTime = series[5]
    phase.resultTime = series[6]
    phase.recoveryTimeNanoseconds = 7_000_000
    phase.intervalSeries = "latency"
    phase.intervals = (0..<8).map { slice in
      IntervalSample(
        startNanoseconds: startNanoseconds + slice * 250_000_000, lengthNanoseconds: 250_000_000, offered: 2_500,
        sent: 2_500, received: slice == 7 ? 0 : 2_857, p50: slice == 7 ? nil : 690 + slice,
        p99: slice == 7 ? nil : 828, max: slice == 7 ? nil : 57_600)
    }
    phase.resources = resources
    phase.ring = ring
    phase.platform = PlatformSummary(hiccup: hiccup, stealNanoseconds: 10_000_000)
    return phase
  }

  private static var verification: VerificationCounts {
    var counts = VerificationCounts()
    (counts.lost, counts.duplicated, counts.reordered, counts.corrupted) = (1, 0, 2, 0)
    counts.verified = 20_000
    counts.costNanosecondsPerMessage = 3.125
    counts.examples = ["lost: producer 0 sequence 41"]
    return counts
  }

  private static var resources: ResourceUsageSummary {
    var resources = ResourceUsageSummary()
    (resources.cpuUserNanoseconds, resources.cpuSystemNanoseconds) = (3_900_000_000, 100_000_000)
    resources.cpuNanosecondsPerMessage = 200_000
    (resources.allocatedBytesPerMessage, resources.allocatedBytes, resources.allocationsPerMessage) = (0, 0, 0.0125)
    (resources.contextSwitchesVoluntary, resources.contextSwitchesInvoluntary) = (12, 34)
    (resources.minorFaults, resources.residentPeakBytes) = (56, 31_457_280)
    return resources
  }

  private static var ring: RingSummary {
    var ring = RingSummary()
    (ring.batchMean, ring.fullWaits, ring.emptyPolls) = (1.5, 7, 1_000_000)
    (ring.occupancyP50, ring.occupancyMax) = (1, 4_096)
    return ring
  }

  private static var environment: EnvironmentInformation {
    var environment = EnvironmentInformation(
      machineKey: "0f1e2d3c", cores: 2,
      clock: TimeSourceInformation(name: "cycle counter", quantumNanoseconds: 0.5, readCostNanoseconds: 12.5))
    (environment.os, environment.kernel, environment.cpuModel) = ("Debian GNU/Linux 12", "6.1.0", "Example CPU @ 2 GHz")
    (environment.l1dBytes, environment.l2Bytes, environment.l3Bytes) = (32_768, 524_288, 33_554_432)
    (environment.ramBytes, environment.hypervisor, environment.governor) = (8_589_934_592, "kvm", "performance")
    (environment.clocksource, environment.timerSlackNanoseconds, environment.affinity) = ("tsc", 1, [0, 1])
    environment.lineTransfer = LineTransfer(p50: 55.5, p99: 90)
    var noise = NoiseInformation()
    (noise.aaCPUVariation, noise.aaMemoryVariation) = (0.013, 0.116)
    (noise.stealPercent, noise.pressureCPUSomePercent) = (0.04, 1)
    (noise.hiccupP99Nanoseconds, noise.hiccupMaxNanoseconds) = (110_000, 3_900_000)
    environment.noise = noise
    return environment
  }

  private static func variant(_ number: Int, serializer: String, trials: Int) -> VariantResult {
    let trials = (0..<trials).map { index in
      TrialResult(
        index: index, order: index * 2 + number, seed: 42 + UInt64(index), status: index == 0 ? .ok : .invalid,
        invalidReasons: index == 0 ? [] : ["sent 9,000 of 20,000 scheduled messages"],
        startOffsetNanoseconds: Int64(index * 2 + number) * 5_000_000_000,
        events: [
          TrialEvent(offsetNanoseconds: 0, kind: .phaseStart, subject: "warmup"),
          TrialEvent(
            offsetNanoseconds: 1_500_000_000, kind: .faultStart, subject: "consumers.workers.0",
            detail: "no message for 12 ms, \"parked\""),
        ],
        phases: [
          phase("warmup", .warmup, startNanoseconds: 0), phase("main", .normal, startNanoseconds: 2_000_000_000),
        ])
    }
    var variant = VariantResult(
      id: "serializer=\(serializer),batch=64", slug: "v0\(number)-\(serializer)-64",
      parameters: ["serializer": .string(serializer), "batch": 64], baseline: number == 0, threads: 2, trials: trials)
    variant.summary["latency.p99"] = MetricSummary(
      median: 828, ci95: Interval(810, 850.5), medianAbsoluteDeviation: 4, variation: 0.02, values: [828, 832],
      outliers: MetricSummary.Outliers(mild: 1, severe: 0), minimalDetectableEffectPercent: 4.1)
    return variant
  }

  /// Two variants of two trials, each with a warm-up and a main phase; every optional part is there.
  static func full() -> RunResult { shared }

  /// Built once, since its histograms take a debug build a second.
  private static let shared = build()

  private static func build() -> RunResult {
    var result = RunResult(
      runID: "01JZ-sample", status: .failed, exitCodes: [.sloFailed, .verificationFailed],
      tool: ToolInformation(
        version: "0.1.0", gitSHA: "5468f3c", dirty: true,
        build: ToolInformation.Build(configuration: "release", swift: "6.3.1", allocator: "jemalloc 5.3.0")),
      scenario: ScenarioIdentity(
        name: "sample", path: "Scenarios/sample.yaml", resolvedSHA256: String(repeating: "0a", count: 32), seed: 42,
        pattern: "work_queue",
        resolved: ["name": "sample", "trials": 2, "share": 0.5, "none": .null, "batch": [1, 64], "verify": true]),
      environment: environment, started: WallClockTime(rfc3339: "2026-07-03T14:05:09.042Z")!,
      durationNanoseconds: 20_000_000_000,
      variants: [variant(0, serializer: "json", trials: 2), variant(1, serializer: "raw", trials: 2)])
    result.verdicts = [
      Verdict(
        kind: .slo, id: "latency.p99<500ns@main", ok: false, observed: 828, limit: 500, unit: "ns",
        ci95: Interval(810, 850), detail: "p99 of latency is 828 ns",
        source: SourceLocation(
          file: "Scenarios/sample.yaml", line: 12, column: 7)),
      Verdict(kind: .verify, id: "loss<=0", ok: false, observed: 1, limit: 0, unit: "messages"),
      Verdict(kind: .environment, id: "near cores", ok: true, severity: .warn),
    ]
    result.notes = ["needs 3 cores, has 2: the scheduler is measured too; idle threads park"]
    result.capacity = CapacityResult(
      ratePerSecond: 55_000, low: 54_000, high: 56_000, limit: 1_000_000,
      steps: [
        CapacityResult.Step(ratePerSecond: 54_000, observed: 900_000, ok: true),
        CapacityResult.Step(ratePerSecond: 56_000, observed: nil, ok: false),
      ])
    result.capacity?.metric = "latency.p99"
    result.capacity?.precision = 0.05
    result.capacity?.confirmed = true
    result.capacity?.exhausted = false
    var trial = CapacityResult.Trial(order: 3, seed: 45, status: .over, reasons: ["the drain timed out"])
    (trial.observed, trial.ratio, trial.sentPerSecond, trial.receivedPerSecond) = (2_000_000, 4.5, 56_000, 51_000)
    result.capacity?.steps[1].trials = [trial]
    result.capacity?.steps[1].verdict = .failed
    result.capacity?.steps[1].ratio = 10
    result.capacity?.steps[0].verdict = .passed
    var longer = CapacityResult.Step(ratePerSecond: 54_000, observed: 905_000, ok: true)
    longer.confirmation = true
    result.capacity?.steps.append(longer)
    result.capacity?.steps[0].observedCI95 = Interval(850_000, 950_000)
    result.scaling = ScalingResult(
      lambda: 1e6, sigma: 0.05, kappa: 0.001, nMax: 31, points: [ScalingResult.Point(n: 1, ratePerSecond: 1e6)])
    result.comparisons = [
      ComparisonResult(
        metric: "latency.p99", baseline: "v00-json-64", candidate: "v01-raw-64", ratio: 0.98,
        ratioCI95: Interval(0.95, 1.01), p: 0.4, pAdjusted: 0.8, test: "sign-flip", baselineCount: 2, candidateCount: 2,
        baselineMedian: 828, candidateMedian: 811.5, minimalDetectableEffectPercent: 4.1, verdict: .inconclusive)
    ]
    return result
  }
}
