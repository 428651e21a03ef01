import Distributions
import DriverInterface
import Histograms
import Platform
import ResultModel
public import ScenarioModel
public import WorkloadLoops

/// Runs one trial against one driver, in this process: prepare the subject, then phase by phase.
public struct TrialRunner {
  private let trial: PlannedTrial
  private let scenario: Scenario
  private let slug: String
  private let driver: any Driver
  private let stop: StopFlag

  /// A trial of `scenario`, whose interval histograms are filed under `slug`; `stop` ends it early with what was measured.
  public init(_ trial: PlannedTrial, of scenario: Scenario, slug: String, driver: any Driver, stop: StopFlag) {
    self.trial = trial
    self.scenario = scenario.seeded(with: trial.seed)
    self.slug = slug
    self.driver = driver
    self.stop = stop
  }

  /// Runs the trial on threads of its own and calls `progress` about once per interval from the calling thread.
  /// - Throws: `DriverError` when the subject cannot do what is asked, `PinnedThread.StartError` when the system refuses
  ///   a thread.
  public func run(progress: (ProgressSnapshot) -> Void) throws -> TrialOutcome {
    let plan = WorkloadPlan(scenario, time: CycleCounter.shared)
    let start = plan.now()
    try driver.refuseWhatIsBeyond(plan)
    let workerSet = try driver.prepare(plan)
    // A simulation does not mind what the machine does.
    let hiccup =
      plan.simulatedClock == nil ? try HiccupMeter(periodNanoseconds: scenario.measure.hiccupNanoseconds) : nil
    defer { hiccup?.stop() }
    let reader = try scenario.measure.statisticsNanoseconds.map {
      try StatisticsReader(driver, periodNanoseconds: $0)
    }
    defer { reader?.stop() }
    var outcome = try runPhases(plan, workerSet, hiccup, start, progress)
    outcome.readings = reader?.stop()
    outcome.result.events = outcome.result.events.inOrderOfTime
    outcome.threadCount = plan.threadCount
    outcome.notes = RunNotes(plan: plan).notes + outcome.notes
    return outcome
  }

  private func runPhases(
    _ plan: WorkloadPlan, _ workerSet: WorkerSet, _ hiccup: HiccupMeter?, _ trialStart: Int64,
    _ progress: (ProgressSnapshot) -> Void
  ) throws -> TrialOutcome {
    var outcome = TrialOutcome(
      result: TrialResult(index: trial.index, order: trial.order, seed: trial.seed, phases: []))
    var trace = TraceRecorder(plan)
    let summary = PhaseSummary(
      plan: plan, workerSet: workerSet, scenario: scenario, verificationCost: verificationCost(plan),
      answersAtProducers: plan.answersAtProducers)
    outcome.statistics = driver.statistics()
    var readingTime = plan.now()
    for (index, phase) in scenario.load.phases.enumerated() where !stop.isRequested {
      let phasePlan = PhasePlan(phase, index: index, of: scenario)
      let watch = ObjectiveWatch(
        scenario.objectives, phase: phase.name, series: phase.isOpenLoop ? "latency" : "service_time",
        interval: scenario.measure.intervalNanoseconds, sendingNanoseconds: phase.durationNanoseconds, stop: stop)
      let platform = PlatformWatch(hiccup)
      let ending = try withoutActuallyEscaping(progress) { progress in
        try run(
          phasePlan, plan, workerSet,
          interval: WarmupSteadiness.interval(of: phase, usual: scenario.measure.intervalNanoseconds),
          answersAtProducers: summary.answersAtProducers
        ) { row, elapsed in
          watch.note(row)
          progress(snapshot(row, elapsed: elapsed, index: index))
        }
      }
      outcome.statistics = driver.statistics().withRates(
        since: outcome.statistics, nanoseconds: plan.now() - readingTime)
      readingTime = plan.now()
      if let failure = ending.failure {
        outcome.result.status = .crashed
        outcome.result.invalidReasons.append("\(phase.name): \(failure)")
        return outcome
      }
      var result = summary.result(
        of: phasePlan, isWarmup: phase.isWarmup, ending: ending, runStart: trialStart, platform: platform.summary())
      var events = summary.faultEvents(since: trialStart)
      // A subject that takes nothing any more does not end the phase that it is judged in.
      let planned = ending.wasInterrupted ? watch.endNanoseconds : phase.durationNanoseconds
      judgeWindows(
        of: &result, ending, sendingNanoseconds: max(result.durationNanoseconds, planned ?? 0), adding: &events)
      record(result, ending, trialStart, events: events, into: &outcome)
      if !phase.isWarmup { trace.add(workerSet.workers, startNanoseconds: ending.startNanoseconds) }
      if !phase.isWarmup, !stop.isRequested {
        outcome.result.invalidReasons += summary.invalidReasons(phasePlan, result, ending)
      }
    }
    // Read once: a stop that comes later finds everything measured.
    let wasStopped = stop.isRequested
    outcome.result.status = wasStopped ? .aborted : outcome.result.invalidReasons.isEmpty ? .ok : .invalid
    if wasStopped {
      outcome.result.events.append(
        TrialEvent(
          offsetNanoseconds: plan.now() - trialStart,
          kind: stop.requested == .objective ? .objectiveEndedRun : .interrupted, subject: "run"))
    }
    outcome.trace = trace.recorded
    if let note = trace.note { outcome.notes.append(note) }
    return outcome
  }

  private func run(
    _ phase: PhasePlan, _ plan: WorkloadPlan, _ workerSet: WorkerSet, interval: Int64, answersAtProducers: Bool,
    progress: @escaping (IntervalSampler.Row, Int64) -> Void
  ) throws -> PhaseRunner.Ending {
    if let clock = plan.simulatedClock {
      return SimulatedPhaseRunner(
        workerSet: workerSet, clock: clock, workload: plan, driver: driver,
        intervalNanoseconds: interval, drainNanoseconds: scenario.load.drainNanoseconds,
        answersAtProducers: answersAtProducers, stop: stop, progress: progress
      ).run(phase)
    }
    return try PhaseRunner(
      workerSet: workerSet, time: plan.time, intervalNanoseconds: interval,
      drainNanoseconds: scenario.load.drainNanoseconds, answersAtProducers: answersAtProducers, workload: plan,
      driver: driver, stop: stop, progress: progress
    ).run(phase)
  }

  /// Judges the objectives that are about stretches of the phase, whose faults are among its `events`.
  private func judgeWindows(
    of result: inout PhaseResult, _ ending: PhaseRunner.Ending, sendingNanoseconds: Int64,
    adding events: inout [TrialEvent]
  ) {
    let objectives = PhaseObjectives(
      scenario.objectives, result: result, rows: ending.rows, interval: scenario.measure.intervalNanoseconds,
      sendingNanoseconds: sendingNanoseconds)
    let faultEnds = events.filter { $0.kind == TrialEvent.Kind.faultEnd.rawValue }.map(\.offsetNanoseconds)
    objectives.note(in: &result, faultEnds: faultEnds)
    events += objectives.events(phase: result.name, start: result.startOffsetNanoseconds)
  }

  private func record(
    _ result: PhaseResult, _ ending: PhaseRunner.Ending, _ trialStart: Int64, events: [TrialEvent],
    into outcome: inout TrialOutcome
  ) {
    outcome.result.phases.append(result)
    let start = ending.startNanoseconds - trialStart
    outcome.result.events.append(
      TrialEvent(offsetNanoseconds: start, kind: .phaseStart, subject: result.name, detail: result.load ?? ""))
    outcome.result.events += events
    if let backlog = result.backlog, let released = ending.releaseNanoseconds {
      let end = released - trialStart + backlog.drainNanoseconds
      outcome.result.events += [
        TrialEvent(offsetNanoseconds: start + backlog.buildNanoseconds, kind: .backlogBuilt, subject: result.name),
        TrialEvent(offsetNanoseconds: released - trialStart, kind: .consumersReleased, subject: result.name),
        TrialEvent(offsetNanoseconds: end, kind: .backlogDrained, subject: result.name),
      ]
    }
    outcome.result.events.append(
      TrialEvent(offsetNanoseconds: ending.endNanoseconds - trialStart, kind: .phaseEnd, subject: result.name))
    outcome.intervals += ending.rows.map { row in
      IntervalHistogram(
        slug: slug, series: result.intervalSeries ?? "latency",
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
    if plan.simulatedClock != nil { return nil }
    guard let producer = plan.producers.first else { return nil }
    return VerificationCost.measure(
      payloadByteCount: min(producer.payloadByteCount, max(MessageStamp.byteCount, Int(producer.sizes.mean))),
      checksPayload: plan.checksPayload, time: plan.time)
  }
}

extension Scenario {
  fileprivate func seeded(with seed: UInt64) -> Scenario {
    var scenario = self
    scenario.seed = seed
    return scenario
  }
}

extension WorkloadPlan {
  /// The present on the time source of the run, or of the simulation.
  fileprivate func now() -> Int64 { simulatedClock?.now() ?? time.now() }

  /// Whether answers come back to the producers, which then account for them.
  fileprivate var answersAtProducers: Bool {
    switch pattern {
    case .requestReply, .tasks: true
    case .ring(let ring): ring.isRoundTrip
    case .workQueue: false
    }
  }
}

extension Driver {
  fileprivate func refuseWhatIsBeyond(_ plan: WorkloadPlan) throws(DriverError) {
    if case .ring = plan.pattern, !capabilities.rings {
      throw DriverError(.notSupported, "driver \(name) has no raw rings; use the embedded driver")
    }
    if case .tasks = plan.pattern, !capabilities.tasks {
      throw DriverError(.notSupported, "driver \(name) has no task workers")
    }
    if plan.pattern == .requestReply, !capabilities.requestReply {
      throw DriverError(.notSupported, "driver \(name) has no request and reply")
    }
    if !capabilities.publisherConfirms, plan.producers.contains(where: { $0.confirmsOutstandingLimit > 0 }) {
      throw DriverError(.notSupported, "driver \(name) has no publisher confirms; leave out confirms")
    }
    for queue in plan.topology.queues {
      if !capabilities.dispatches.contains(queue.dispatch) {
        throw DriverError(
          .notSupported, "driver \(name) has no dispatch \(queue.dispatch), for the queue \(queue.name)")
      }
      if let missing = queue.features.subtracting(capabilities.queueFeatures).map(\.rawValue).min() {
        throw DriverError(.notSupported, "driver \(name) has no `\(missing)`, for the queue \(queue.name)")
      }
    }
    if !capabilities.faultInjection, plan.consumers.contains(where: { !$0.faults.isEmpty }) {
      throw DriverError(.notSupported, "driver \(name) cannot break anything on purpose; leave out faults")
    }
  }
}
