import DriverInterface
import Histograms
import Platform
import ResultModel
import ScenarioModel
import WorkloadLoops

/// Makes a phase's result from its ending and the workers' meters, and says what makes it invalid.
struct PhaseSummary {
  let plan: WorkloadPlan
  let workerSet: WorkerSet
  let scenario: Scenario
  /// Nanoseconds of verification per message, nil for raw rings.
  let verificationCost: Double?
  let answersAtProducers: Bool

  private var totals: WorkerTotals { WorkerTotals(workerSet.workers) }
  private var receivingRole: WorkerRole { answersAtProducers ? .producer : .consumer }

  /// The phase's result; `runStart` is when the run began.
  func result(
    of phase: PhasePlan, isWarmup: Bool, ending: PhaseRunner.Ending, runStart: Int64,
    platform: PlatformSummary?
  ) -> PhaseResult {
    let totals = self.totals
    let sendingNanoseconds = sendingNanoseconds(phase, ending)
    var result = PhaseResult(
      name: phase.name, sampleType: isWarmup ? .warmup : .normal, load: phase.load.description,
      startOffsetNanoseconds: ending.startNanoseconds - runStart, durationNanoseconds: sendingNanoseconds,
      counts: counts(ending), rates: rates(phase, ending, sendingNanoseconds))
    let (lastSent, lastReceived) = (self.lastSent, self.lastReceived)
    result.drainNanoseconds = max(0, lastReceived - lastSent)
    if let released = ending.releaseNanoseconds {
      let backlog = BacklogSummary(
        messageCount: ending.backlogCount,
        buildNanoseconds: max(0, lastSent - ending.startNanoseconds),
        drainNanoseconds: max(0, lastReceived - released))
      result.backlog = backlog
      result.drainNanoseconds = backlog.drainNanoseconds
    }
    // What a beat sends is due by its schedules, and no part of the load.
    let sending = zip(workerSet.workers, plan.producers).filter { !$1.isBeat }.map(\.0)
    result.arrivals = ArrivalJudge.check(phase, sending)
    var verification = verification(ending)
    let violations = PhaseViolations(
      workerSet: workerSet, acceptedBefore: ending.acceptedBefore,
      looksForMissing: verification.lost > 0 && ending.balance == nil)
    // Damaged is not lost as well. Beyond what the logs keep, numbers cannot be compared, only counted.
    let isAllNamed = verification.corrupted <= violations.findings.count { $0.finding.kind == .corrupted }
    if ending.balance == nil {
      verification.lost -= isAllNamed ? violations.damagedCount : min(verification.lost, verification.corrupted)
    }
    verification.examples = violations.examples + (verification.lost > 0 ? ending.balance?.remarks ?? [] : [])
    result.verification = verification
    let faults = FaultReport(totals: totals, violations: violations, counts: verification).summaries
    result.faults = faults.isEmpty ? nil : faults
    // What a beat sends has intended times, whatever the load beside it.
    if phase.isOpenLoop || plan.producers.last?.isBeat == true {
      result.latency = LatencySummary(histogram: totals.merged(\.latency))
      result.sendDelay = LatencySummary(histogram: totals.merged(\.sendDelay))
    }
    result.serviceTime = LatencySummary(histogram: totals.merged(\.serviceTime))
    result.confirmTime = LatencySummary(histogram: totals.merged(\.confirmTime))
    result.queueTime = totals.merged(\.tasks?.queueTime).flatMap { LatencySummary(histogram: $0) }
    result.etaError = totals.merged(\.tasks?.etaError).flatMap { LatencySummary(histogram: $0) }
    result.handlerTime = totals.merged(\.tasks?.handlerTime).flatMap { LatencySummary(histogram: $0) }
    result.resultTime = totals.merged(\.tasks?.resultTime).flatMap { LatencySummary(histogram: $0) }
    result.encodeTime = totals.merged(\.encoding?.encodeTime).flatMap { LatencySummary(histogram: $0) }
    result.decodeTime = totals.merged(\.encoding?.decodeTime).flatMap { LatencySummary(histogram: $0) }
    let encodedCount = totals.sum(.encoded)
    if encodedCount > 0 { result.encodedBytesPerMessage = Double(totals.sum(.encodedBytes)) / Double(encodedCount) }
    result.intervalSeries = phase.isOpenLoop ? "latency" : "service_time"
    result.intervals = ending.rows.map { row in
      var sample = row.sample
      sample.startNanoseconds += result.startOffsetNanoseconds
      return sample
    }
    let dependence = SeriesDependence(result.intervals)
    dependence.widen(&result)
    if plan.simulatedClock == nil { result.resources = resources(ending) }
    result.ring = ringSummary()
    result.platform = platform
    result.labels = labels(phase, result) + (dependence.isDependent ? [.autocorrelated] : [])
    return result
  }

  /// Why the phase's figures must not be used, in sentences; empty when they may.
  func invalidReasons(_ phase: PhasePlan, _ result: PhaseResult, _ ending: PhaseRunner.Ending) -> [String] {
    var reasons: [String] = []
    let counts = result.counts
    if phase.isOpenLoop, Double(counts.sent) < 0.999 * Double(counts.scheduled) {
      // Rounded down: 99.9 % must not be said of what is less.
      let share = (1000 * Double(counts.sent) / Double(max(1, counts.scheduled))).rounded(.down) / 10
      reasons.append(
        "phase \(phase.name): only \(QuantityText.count(counts.sent)) of \(QuantityText.count(counts.scheduled)) "
          + "scheduled messages were sent (\(share) %, 99.9 % are needed): lower the rate")
    }
    let lagLimit = scenario.load.pacingMaxLagNanoseconds
    if let lag = result.sendDelay?.percentiles["99"], lag > lagLimit {
      reasons.append(
        "phase \(phase.name): the generator lagged, p99 of send_delay is \(QuantityText.duration(nanoseconds: lag)) "
          + "(load.pacing.max_lag is \(QuantityText.exactDuration(nanoseconds: lagLimit)))")
    }
    if let arrivals = result.arrivals, !arrivals.isPlausible {
      reasons.append(
        "phase \(phase.name): the generator's own schedule is not \(arrivals.process.rawValue): D = "
          + "\(QuantityText.significant(arrivals.statistic)) over \(QuantityText.count(arrivals.count)) gaps, "
          + "p = \(arrivals.p); this is a fault of ringside, please report it")
    }
    if case .backlog(let asked) = phase.load, ending.backlogCount < Int(asked) {
      reasons.append(
        "phase \(phase.name): only \(QuantityText.count(ending.backlogCount)) of \(QuantityText.count(Int(asked))) "
          + "messages piled up before the subject took no more; use a smaller backlog")
    }
    if ending.drainTimedOut {
      let drain = QuantityText.exactDuration(nanoseconds: scenario.load.drainNanoseconds)
      reasons.append(
        "phase \(phase.name): \(QuantityText.count(ending.outstandingCount)) messages were still on their way when the "
          + "drain of \(drain) was over (load.drain)")
    }
    if result.counts.received == 0, result.counts.scheduled > 0 {
      reasons.append(
        "phase \(phase.name): \(result.counts.errors > 0 ? "no request was answered in time" : "no message arrived")")
    }
    return reasons
  }

  /// What was broken on purpose in the phase, as events since `start`.
  func faultEvents(since start: Int64) -> [TrialEvent] {
    FaultReport.events(totals.injections, streamNames: workerSet.board.names, since: start)
  }

  /// When the last message was sent, and when one was received; 0 when none was.
  private var lastSent: Int64 { Int64(totals.largest(.lastSentNanoseconds, role: .producer)) }
  private var lastReceived: Int64 { Int64(totals.largest(.lastReceivedNanoseconds, role: receivingRole)) }

  /// From the start to the last message that was sent; an open loop sends at least for the time it was planned for, unless
  /// the user ended it.
  private func sendingNanoseconds(_ phase: PhasePlan, _ ending: PhaseRunner.Ending) -> Int64 {
    let sending = max(1, (lastSent > 0 ? lastSent : ending.endNanoseconds) - ending.startNanoseconds)
    return phase.isOpenLoop && !ending.wasInterrupted ? max(sending, phase.durationNanoseconds ?? 0) : sending
  }

  private func counts(_ ending: PhaseRunner.Ending) -> MessageCounts {
    var counts = MessageCounts()
    counts.scheduled = totals.sum(.scheduled, role: .producer)
    counts.sent = totals.sum(.sent, role: .producer)
    counts.accepted = totals.sum(.accepted, role: .producer)
    counts.unroutable = totals.sum(.unroutable, role: .producer)
    counts.confirmed = totals.sum(.confirmed, role: .producer)
    counts.rejected = totals.sum(.rejected, role: .producer)
    counts.received = totals.sum(.received, role: receivingRole)
    counts.acknowledged = totals.sum(.acknowledged, role: receivingRole)
    counts.redelivered = totals.sum(.redelivered, role: receivingRole)
    counts.returned = totals.sum(.returned, role: .producer)
    counts.dropped = totals.sum(.dropped, role: receivingRole)
    if let departures = ending.balance?.departures {
      counts.expired = departures.expired
      counts.dropped += departures.dropped
      counts.deadLettered = departures.deadLettered
      counts.discarded = departures.discarded
    }
    if case .tasks(let tasks) = plan.pattern {
      counts.failed = totals.sum(.failed, role: .producer)
      counts.retried = totals.sum(.retried, role: .consumer)
      counts.redelivered = totals.sum(.redelivered, role: .consumer)
      counts.expired = totals.sum(.expired, role: .producer)
      counts.revoked = totals.sum(.revoked, role: .producer)
      if !tasks.isPlain { counts.executed = totals.sum(.executed, role: .producer) }
    }
    // What was never answered is lost: each counts once.
    counts.errors = lateCount
    let replies = totals.sum(.late, role: .producer)
    if answersAtProducers { counts.late = replies }
    return counts
  }

  private func rates(_ phase: PhasePlan, _ ending: PhaseRunner.Ending, _ sendingNanoseconds: Int64) -> Rates {
    let counts = counts(ending)
    var rates = Rates(
      scheduled: nil, sent: counts.sent, received: counts.received,
      bytes: totals.sum(.receivedBytes, role: receivingRole), durationNanoseconds: sendingNanoseconds,
      receivingNanoseconds: max(sendingNanoseconds, lastReceived - ending.startNanoseconds))
    let planned = ending.wasInterrupted ? sendingNanoseconds : phase.durationNanoseconds ?? 0
    if phase.isOpenLoop, planned > 0 {
      rates.offeredPerSecond = Double(counts.scheduled) * 1e9 / Double(planned)
    }
    return rates
  }

  private func verification(_ ending: PhaseRunner.Ending) -> VerificationCounts {
    var counts = VerificationCounts()
    let unique = totals.sum(.unique, role: receivingRole)
    // What was still on its way when the time was over is neither lost nor delivered.
    let dropped = totals.sum(.dropped, role: receivingRole)
    let missing =
      ending.balance?.missingCount
      ?? ending.acceptedCount - unique - dropped - lateCount - totals.sum(.damaged, role: .producer)
    counts.lost = max(0, missing - (ending.drainTimedOut ? ending.outstandingCount : 0))
    counts.duplicated = totals.sum(.duplicated)
    counts.reordered = totals.sum(.reordered)
    counts.corrupted = totals.sum(.corrupted)
    counts.verified = unique
    counts.costNanosecondsPerMessage = verificationCost
    return counts
  }

  /// Requests that were answered, but too late.
  private var lateCount: Int {
    totals.sum(.timedOut, role: .producer) - totals.sum(.unanswered, role: .producer)
      - totals.sum(.undecided, role: .producer)
  }

  private func resources(_ ending: PhaseRunner.Ending) -> ResourceUsageSummary {
    var summary = ResourceUsageSummary()
    let messages = Double(max(1, totals.sum(.received, role: receivingRole)))
    summary.cpuUserNanoseconds = Int64(totals.sum(.userNanoseconds))
    summary.cpuSystemNanoseconds = Int64(totals.sum(.systemNanoseconds))
    summary.cpuNanosecondsPerMessage =
      Double(summary.cpuUserNanoseconds + summary.cpuSystemNanoseconds) / messages
    if AllocationCounters.areAvailable {
      summary.setAllocated(
        byteCount: totals.sum(.allocatedBytes), messageCount: totals.sum(.received, role: receivingRole),
        intervals: ending.rows.map(\.sample))
    }
    summary.contextSwitchesVoluntary = totals.sum(.voluntarySwitches)
    summary.contextSwitchesInvoluntary = totals.sum(.involuntarySwitches)
    summary.minorFaults = Int(ending.minorFaultCount)
    summary.residentPeakBytes = Int(ResourceUsage.process().peakResidentByteCount)
    return summary
  }

  private func ringSummary() -> RingSummary {
    var summary = RingSummary()
    let batches = totals.sum(.batches, role: receivingRole)
    if batches > 0 { summary.batchMean = Double(totals.sum(.received, role: receivingRole)) / Double(batches) }
    summary.fullWaits = totals.sum(.fullWaits)
    summary.emptyPolls = totals.sum(.emptyPolls)
    return summary
  }

  private func labels(_ phase: PhasePlan, _ result: PhaseResult) -> [PhaseLabel] {
    var labels: [PhaseLabel] = []
    if !phase.isOpenLoop { labels.append(.closedLoop) }
    if plan.simulatedClock == nil, plan.threadCount > CPUTopology.coreCount { labels.append(.oversubscribed) }
    if let lag = result.sendDelay?.percentiles["99"], let latency = result.latency?.percentiles["99"],
      Double(lag) > 0.1 * Double(latency)
    {
      labels.append(.generatorBound)
    }
    if let p99 = (result.latency ?? result.serviceTime)?.percentiles["99"],
      let hiccup = result.platform?.hiccup?.percentiles["99.9"], p99 < hiccup
    {
      labels.append(.platformBound)
    }
    if case .tasks(let tasks) = plan.pattern, tasks.kinds.contains(where: \.ignoresResult) {
      labels.append(.resultIgnored)
    }
    return labels
  }
}
