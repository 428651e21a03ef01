public import DriverInterface
import Histograms
import Platform
public import ResultModel
public import ScenarioModel
public import WorkloadLoops

/// Runs one scenario against one driver, in this process: inspect, prepare, phase by phase, judge.
public struct ScenarioRunner {
  /// What a run leaves behind.
  public struct Outcome: Sendable {
    /// The result and its interval histograms.
    public var recording: RunRecording
    /// What the subject says about itself after the run.
    public var statistics: SubjectStatistics
  }

  private let scenario: Scenario
  private let driver: any Driver
  private let tool: ToolInformation
  private let stop: StopFlag

  /// A run of `scenario` by the build that `tool` describes; `stop` ends it early with what was measured.
  public init(scenario: Scenario, driver: any Driver, tool: ToolInformation, stop: StopFlag) {
    self.scenario = scenario
    self.driver = driver
    self.tool = tool
    self.stop = stop
  }

  /// Runs the scenario on threads of its own and calls `progress` about once per interval from the calling thread.
  /// - Throws: `DriverError` when the subject cannot do what is asked, `PinnedThread.StartError` when the system refuses
  ///   a thread.
  public func run(progress: (ProgressSnapshot) -> Void) throws -> Outcome {
    let started = WallClock.now()
    let host = HostInspection.inspect()
    let time = CycleCounter.shared
    let runStart = time.now()
    let plan = WorkloadPlan(scenario, time: time)
    try refuseBeyondCapabilities(plan)
    let workerSet = try driver.prepare(plan)
    let hiccup = try HiccupMeter(periodNanoseconds: scenario.measure.hiccupNanoseconds)
    defer { hiccup.stop() }
    var trial = try runPhases(plan, workerSet, hiccup, runStart, progress)
    // Read once: a stop that comes later finds everything measured.
    let reason = stop.requested
    trial.result.status = reason != .none ? .aborted : trial.result.invalidReasons.isEmpty ? .ok : .invalid
    let judgement = RunJudge(scenario: scenario, stop: reason).judge(trial.result)
    let result = assemble(
      trial, judgement, host, plan, started: started, duration: time.now() - runStart, hiccup.snapshot())
    return Outcome(
      recording: RunRecording(result: result, intervalHistograms: trial.intervals), statistics: driver.statistics())
  }

  private struct Trial {
    var result: TrialResult
    var intervals: [IntervalHistogram] = []
  }

  private func refuseBeyondCapabilities(_ plan: WorkloadPlan) throws(DriverError) {
    let capabilities = driver.capabilities
    if case .ring = plan.pattern, !capabilities.rings {
      throw DriverError(.notSupported, "driver \(driver.name) has no raw rings; use the embedded driver")
    }
    if plan.pattern == .requestReply, !capabilities.requestReply {
      throw DriverError(.notSupported, "driver \(driver.name) has no request and reply")
    }
    if !capabilities.publisherConfirms, plan.producers.contains(where: { $0.confirmsOutstandingLimit > 0 }) {
      throw DriverError(.notSupported, "driver \(driver.name) has no publisher confirms; leave out confirms")
    }
  }

  /// Whether answers come back to the producers, which then account for them.
  private func answersAtProducers(_ plan: WorkloadPlan) -> Bool {
    switch plan.pattern {
    case .requestReply: true
    case .ring(let ring): ring.isRoundTrip
    case .workQueue: false
    }
  }

  private func runPhases(
    _ plan: WorkloadPlan, _ workerSet: WorkerSet, _ hiccup: HiccupMeter, _ runStart: Int64,
    _ progress: (ProgressSnapshot) -> Void
  ) throws -> Trial {
    var trial = Trial(
      result: TrialResult(index: 0, order: 0, seed: scenario.seed, startOffsetNanoseconds: 0, phases: []))
    let summary = PhaseSummary(
      plan: plan, workerSet: workerSet, scenario: scenario, verificationCost: verificationCost(plan),
      answersAtProducers: answersAtProducers(plan))
    for (index, phase) in scenario.load.phases.enumerated() where !stop.isRequested {
      let phasePlan = PhasePlan(phase, index: index, of: scenario)
      let hiccupBefore = hiccup.snapshot()
      let pressureBefore = HostPressure.read()
      let ending = try withoutActuallyEscaping(progress) { progress in
        try PhaseRunner(
          workerSet: workerSet, time: plan.time, intervalNanoseconds: scenario.measure.intervalNanoseconds,
          drainNanoseconds: scenario.load.drainNanoseconds, answersAtProducers: summary.answersAtProducers, stop: stop
        ) { row, elapsed in
          progress(snapshot(row, elapsed: elapsed, index: index))
        }.run(phasePlan)
      }
      let result = summary.result(
        of: phasePlan, isWarmup: phase.isWarmup, ending: ending, runStart: runStart,
        hiccup: hiccup.snapshot().subtracting(hiccupBefore),
        stolenNanoseconds: HostPressure.read().stolenNanoseconds - pressureBefore.stolenNanoseconds)
      record(result, ending, runStart, into: &trial)
      if !phase.isWarmup, !stop.isRequested {
        trial.result.invalidReasons += summary.invalidReasons(phasePlan, result, ending)
      }
    }
    if stop.isRequested {
      trial.result.events.append(
        TrialEvent(offsetNanoseconds: plan.time.now() - runStart, kind: "interrupted", subject: "run"))
    }
    return trial
  }

  private func record(
    _ result: PhaseResult, _ ending: PhaseRunner.Ending, _ runStart: Int64, into trial: inout Trial
  ) {
    trial.result.phases.append(result)
    let start = ending.startNanoseconds - runStart
    trial.result.events.append(
      TrialEvent(offsetNanoseconds: start, kind: "phase_start", subject: result.name, detail: result.load ?? ""))
    trial.result.events.append(
      TrialEvent(offsetNanoseconds: ending.endNanoseconds - runStart, kind: "phase_end", subject: result.name))
    trial.intervals += ending.rows.map { row in
      IntervalHistogram(
        slug: Self.slug, series: result.intervalSeries ?? "latency",
        startNanoseconds: start + row.sample.startNanoseconds,
        lengthNanoseconds: row.sample.lengthNanoseconds, histogram: row.histogram)
    }
  }

  private func snapshot(_ row: IntervalSampler.Row, elapsed: Int64, index: Int) -> ProgressSnapshot {
    let phase = scenario.load.phases[index]
    return ProgressSnapshot(
      phaseName: phase.name, phaseIndex: index, phaseCount: scenario.load.phases.count,
      isOpenLoop: phase.isOpenLoop, elapsedNanoseconds: elapsed,
      totalNanoseconds: phase.durationNanoseconds, receivedCount: row.receivedCount,
      receivedPerSecond: Double(row.sample.received) * 1e9 / Double(row.sample.lengthNanoseconds),
      p99Nanoseconds: row.sample.p99)
  }

  /// Raw rings compare instead of checksumming, inside the loop that is measured; there is nothing to measure beside it.
  private func verificationCost(_ plan: WorkloadPlan) -> Double? {
    if case .ring = plan.pattern { return nil }
    guard let producer = plan.producers.first else { return nil }
    return VerificationCost.measure(
      payloadByteCount: producer.payloadByteCount, checksPayload: plan.checksPayload, time: plan.time)
  }

  private static let slug = "v01-default"

  private func assemble(
    _ trial: Trial, _ judgement: RunJudge.Judgement, _ host: HostInspection, _ plan: WorkloadPlan, started: Int64,
    duration: Int64, _ hiccup: LatencyHistogram
  ) -> RunResult {
    var environment = host.environment
    var noise = NoiseInformation()
    noise.hiccupP99Nanoseconds = hiccup.isEmpty ? nil : hiccup.value(atPercentile: 99)
    noise.hiccupMaxNanoseconds = hiccup.isEmpty ? nil : hiccup.max
    noise.pressureCPUSomePercent = host.pressure.cpuSomePercent
    let stolen = HostPressure.read().stolenNanoseconds - host.pressure.stolenNanoseconds
    noise.stealPercent = 100 * Double(stolen) / Double(max(1, duration) * Int64(CPUTopology.coreCount))
    environment.noise = noise
    var variant = VariantResult(
      id: "default", slug: Self.slug, threads: plan.threadCount, trials: [trial.result])
    variant.baseline = false
    var result = RunResult(
      runID: "\(scenario.name)-\(started / 1_000_000)", status: judgement.status, exitCodes: judgement.exitCodes,
      tool: tool, scenario: identity(plan), environment: environment,
      started: WallClockTime(millisecondsSinceEpoch: started / 1_000_000), durationNanoseconds: duration,
      variants: [variant])
    result.verdicts = judgement.verdicts
    result.notes = RunNotes(plan: plan).notes
    return result
  }

  private func identity(_ plan: WorkloadPlan) -> ScenarioIdentity {
    ScenarioIdentity(
      name: scenario.name, path: scenario.path, resolvedSHA256: ScenarioDigest.sha256(scenario.resolvedJSON),
      seed: scenario.seed, pattern: scenario.workload.pattern.rawValue,
      resolved: (try? JSONValue(parsing: scenario.resolvedJSON)) ?? .null)
  }
}
