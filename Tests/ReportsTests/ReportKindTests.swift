import ResultModel
import Testing

@testable import Reports

/// What each kind of run looks like in every report, as it is recorded: one file for each kind.
@Suite struct ReportKindTests {
  enum Kind: String, CaseIterable { case objectives, capacity, comparison, duel }

  @Test(arguments: Kind.allCases)
  func everyReportIsTheRecordedOne(kind: Kind) throws {
    let result = try Self.result(kind)
    var text = "==== terminal\n" + TerminalSummary(result, directory: nil, style: .plain).text
    let formats = RenderedReport.Format.allCases
    for (format, rendered) in zip(formats, RenderedReport.texts(of: result, as: formats)) {
      // The head of the page is the same in each, and recorded in report.html.
      let body = format == .html ? rendered.split(separator: "<main>", maxSplits: 1).last.map(String.init) : rendered
      text += "==== \(format)\n" + (body ?? "")
    }
    try Fixtures.expectGolden(text, "kind-\(kind).txt")
  }

  /// A run that passed, in few figures.
  private static func short() throws -> RunResult {
    var result = try Fixtures.passed()
    var phase = result.variants[0].trials[0].phases[0]
    for path in [\PhaseResult.serviceTime, \.sendDelay, \.confirmTime, \.queueTime, \.handlerTime, \.resultTime] {
      phase[keyPath: path] = nil
    }
    phase.intervals = Array(phase.intervals.prefix(3))
    result.variants[0].trials[0].phases = [phase]
    (result.comparisons, result.capacity) = ([], nil)
    return result
  }

  private static func result(_ kind: Kind) throws -> RunResult {
    var result = try short()
    switch kind {
    case .objectives: result.verdicts = objectives
    case .capacity: result.capacity = try Fixtures.sample.get().capacity
    case .comparison: try compare(&result)
    case .duel:
      try compare(&result)
      for (index, side) in ["A", "B"].enumerated() {
        result.variants[index].tool = result.tool
        result.variants[index].tool?.gitSHA = String(repeating: side.lowercased(), count: 40)
        result.variants[index].parameters = ["binary": .string("build-\(side)/ringside"), "side": .string(side)]
      }
    }
    let codes: [ExitCode] = kind == .capacity ? [] : kind == .objectives ? [.sloFailed] : [.regression]
    result.exitCodes = codes.isEmpty ? [.success] : codes
    result.exitCode = result.exitCodes[0]
    result.status = codes.isEmpty ? .passed : .failed
    return result
  }

  private static var objectives: [Verdict] {
    func source(_ line: Int) -> ResultModel.SourceLocation {
      .init(file: "Scenarios/sample.yaml", line: line, column: 15)
    }
    var unknown = Verdict(
      kind: .slo, id: "recovery_time<1s@main", ok: false, limit: 1e9, unit: "ns",
      detail: "inconclusive: no recovery_time was measured", source: source(15))
    unknown.isInconclusive = true
    return [
      Verdict(
        kind: .slo, id: "throughput>=0.99*offered@main", ok: true, observed: 9_998, limit: 9_900, unit: "per_s",
        detail: "median of 10 trials", source: source(12)),
      Verdict(
        kind: .slo, id: "latency.p99<500ns@main", ok: false, observed: 828, limit: 500, unit: "ns",
        ci95: Interval(810, 850), detail: "median of 10 trials, broken in 10 of them", source: source(13)),
      Verdict(
        kind: .slo, id: "latency.p99<1us@main per 250 ms", ok: false, severity: .warn, observed: 1_500, limit: 1_000,
        unit: "ns", detail: "1 of 8 windows is broken", source: source(14)),
      unknown,
    ]
  }

  /// A second variant that is a regression by the metric that decides, and unclear by another.
  private static func compare(_ result: inout RunResult) throws {
    var candidate = result.variants[0]
    (candidate.id, candidate.slug, candidate.baseline) = ("serializer=raw,batch=64", "v01-raw-64", false)
    candidate.parameters["serializer"] = "raw"
    result.variants.append(candidate)
    var regression = comparison("latency.p99", ratio: 1.12, p: 0.002, .worse)
    (regression.decides, regression.isRegression) = (true, true)
    var confirmation = regression
    confirmation.batch = 1
    var unclear = comparison("throughput", ratio: 0.98, p: 0.4, .inconclusive)
    unclear.decides = false
    regression.isConfirmed = true
    result.comparisons = [regression, confirmation, unclear]
    result.comparisonRules = ComparisonRules(metric: "latency.p99", confirmationCount: 1)
    result.verdicts = [
      Verdict(
        kind: .comparison, id: "latency.p99 of v01-raw-64 against v00-json-64", ok: false, observed: 1.12,
        ci95: Interval(1.08, 1.16), detail: "worse: 1.12 times the baseline"),
      Verdict(
        kind: .comparison, id: "throughput of v01-raw-64 against v00-json-64", ok: false, severity: .warn,
        observed: 0.98, detail: "inconclusive: 0.980 times the baseline"),
    ]
  }

  private static func comparison(
    _ metric: String, ratio: Double, p: Double, _ verdict: ResultModel.ComparisonResult.Outcome
  ) -> ResultModel.ComparisonResult {
    .init(
      metric: metric, baseline: "v00-json-64", candidate: "v01-raw-64", ratio: ratio,
      ratioCI95: Interval(ratio - 0.04, ratio + 0.04), p: p, pAdjusted: 2 * p, test: "sign-flip", baselineCount: 10,
      candidateCount: 10, baselineMedian: 828, candidateMedian: 828 * ratio, minimalDetectableEffectPercent: 4.1,
      verdict: verdict)
  }
}
