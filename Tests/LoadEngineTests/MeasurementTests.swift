import DriverInterface
import Histograms
import LoadEngine
import Platform
import ResultModel
import Synchronization
import Testing

/// The figures of a phase: counts, rates, series, intervals, labels.
@Suite(.serialized) struct MeasurementTests {
  /// What was sent counts until the last message was sent, what was received until the last one came.
  @Test func sendingAndReceivingAreTimedByThemselves() throws {
    let behaviour = FakeBehaviour(
      scheduledCount: 4000, lastSendNanoseconds: 1_500_000_000, lastReceptionNanoseconds: 2_000_000_000)
    let result = try ScenarioRun.result(ScenarioText.workQueue("{ saturate: 4000 }"), FakeSubject(behaviour))
    let phase = result.phase
    #expect(phase.durationNanoseconds == 1_500_000_000)
    #expect(phase.drainNanoseconds == 500_000_000)
    #expect(phase.rates.sentPerSecond == 4000 / 1.5)
    #expect(phase.rates.receivedPerSecond == 2000)
    #expect(phase.rates.bytesPerSecond == 2000 * 128)
    #expect(phase.rates.offeredPerSecond == nil, "nothing is offered by a load that only saturates")
    #expect(phase.load == "saturate 4,000")
  }

  /// An open loop lasts at least as long as planned, even when its last message came early.
  @Test func anOpenLoopLastsAsPlanned() throws {
    let early = try ScenarioRun.openLoop(
      FakeBehaviour(lastSendNanoseconds: 1_000_000, lastReceptionNanoseconds: 1_000_000))
    #expect(early.phase.durationNanoseconds == 1_000_000_000)
    #expect(early.phase.rates.offeredPerSecond == 1000)
    #expect(early.phase.rates.receivedPerSecond == 1000)
    let late = try ScenarioRun.openLoop(FakeBehaviour(lastReceptionNanoseconds: 4_000_000_000))
    #expect(late.phase.durationNanoseconds == 1_000_000_000)
    #expect(late.phase.drainNanoseconds == 3_000_000_000)
    #expect(late.phase.rates.offeredPerSecond == 1000)
    #expect(late.phase.rates.sentPerSecond == 1000)
    #expect(late.phase.rates.receivedPerSecond == 250)
  }

  @Test func anOpenLoopHasLatencyAndAClosedLoopHasNot() throws {
    let open = try ScenarioRun.openLoop(FakeBehaviour()).phase
    #expect(open.latency?.count == 1000)
    #expect(open.latency?.max == 100_000_100)
    #expect(open.serviceTime?.max == 100_000_000)
    #expect(open.sendDelay?.max == 100)
    #expect(open.confirmTime == nil)
    #expect(open.intervalSeries == "latency")
    let closed = try ScenarioRun.result(ScenarioText.workQueue("{ saturate: 1000 }"), FakeSubject()).phase
    #expect(closed.latency == nil)
    #expect(closed.sendDelay == nil)
    #expect(closed.serviceTime?.count == 1000)
    #expect(closed.intervalSeries == "service_time")
  }

  @Test func intervalsAddUpToTheTotals() throws {
    let text = ScenarioText.workQueue(
      "{ warmup: 100ms, phases: [ steady: { constant: 10k/s, for: 100ms } ] }", "measure: { interval: 10ms }")
    let behaviour = FakeBehaviour(partCount: 10)
    let subject = FakeSubject(["warmup": behaviour, "steady": behaviour])
    let recording = try ScenarioRun.outcome(text, subject).recording
    for phase in recording.result.trial.phases {
      let rows = phase.intervals
      #expect(rows.count > 1)
      #expect(rows.reduce(0) { $0 + $1.sent } == 1000)
      #expect(rows.reduce(0) { $0 + $1.received } == 1000)
      #expect(rows.first?.startNanoseconds == phase.startOffsetNanoseconds, "counted from the start of the trial")
      for (row, next) in zip(rows, rows.dropFirst()) {
        #expect(row.startNanoseconds + row.lengthNanoseconds == next.startNanoseconds)
      }
      // Three digits: what an interval has is the difference of two histograms.
      #expect(rows.compactMap(\.max).allSatisfy { abs($0 - 100_000_100) < 100_000 })
      let offset = try #require(recording.result.trial.startOffsetNanoseconds)
      let histograms = recording.intervalHistograms.filter { histogram in
        rows.contains { $0.startNanoseconds + offset == histogram.startNanoseconds }  // From the start of the run.
      }
      #expect(histograms.reduce(0) { $0 + $1.histogram.count } == 1000)
    }
  }

  /// Each row used to round by itself, so that the sum drifted from the rate.
  @Test func offeredMessagesOfAllIntervalsAreTheLoad() throws {
    let text = ScenarioText.workQueue("{ constant: 1777/s, for: 10ms }", "measure: { interval: 10ms }")
    let result = try ScenarioRun.result(text, FakeSubject(FakeBehaviour(scheduledCount: 18, partCount: 18)))
    #expect(result.phase.intervals.reduce(0) { $0 + ($1.offered ?? 0) } == 18)
  }

  @Test func progressTellsHowFarThePhaseIs() throws {
    var snapshots: [ProgressSnapshot] = []
    let text = ScenarioText.workQueue("{ constant: 10k/s, for: 100ms }", "measure: { interval: 10ms }")
    _ = try ScenarioRun.outcome(text, FakeSubject(FakeBehaviour(partCount: 20))) { snapshots.append($0) }
    let last = try #require(snapshots.last)
    #expect(last.phaseName == "main")
    #expect(last.phaseIndex == 0)
    #expect(last.phaseCount == 1)
    #expect(last.isOpenLoop)
    #expect(last.totalNanoseconds == 100_000_000)
    for (earlier, later) in zip(snapshots, snapshots.dropFirst()) {
      #expect(earlier.elapsedNanoseconds < later.elapsedNanoseconds)
      #expect(earlier.receivedCount <= later.receivedCount, "of the phase so far, not of the interval")
    }
  }

  @Test func labelsSayWhatTheFiguresShow() throws {
    let closed = try ScenarioRun.result(ScenarioText.workQueue("{ saturate: 1000 }"), FakeSubject()).phase
    #expect(closed.labels.contains(.closedLoop))
    let lagging = FakeBehaviour(sendDelayNanoseconds: 500_000, serviceTimeNanoseconds: 1_000_000)
    #expect(try ScenarioRun.openLoop(lagging).phase.labels.contains(.generatorBound))
    let prompt = FakeBehaviour(sendDelayNanoseconds: 100, serviceTimeNanoseconds: 50_000_000_000)
    #expect(try ScenarioRun.openLoop(prompt).phase.labels.isEmpty)
    // No timer of any machine fires within a nanosecond.
    let instant = FakeBehaviour(
      sendDelayNanoseconds: 0, serviceTimeNanoseconds: 1, partCount: 10)
    #expect(try ScenarioRun.openLoop(instant).phase.labels.contains(.platformBound))
  }

  @Test func moreThreadsThanCoresAreSaidAtThePhaseAndInTheNotes() throws {
    let text = """
      name: test
      workload: { pattern: work_queue, producers: { p: { count: \(CPUTopology.coreCount) } } }
      load: { saturate: 1000 }
      """
    let result = try ScenarioRun.result(text, FakeSubject())
    #expect(result.phase.labels.contains(.oversubscribed))
    #expect(result.notes.contains { $0.contains("needs \(CPUTopology.coreCount + 1) cores") })
    #expect(result.variants[0].threads == CPUTopology.coreCount + 1)
  }

  @Test func pageFaultsAreThoseOfThePhase() throws {
    let result = try ScenarioRun.result(ScenarioText.workQueue("{ saturate: 1000 }"), FakeSubject())
    let faults = try #require(result.phase.resources?.minorFaults)
    #expect(faults >= 0)
    #expect(Int64(faults) < ResourceUsage.process().minorFaultCount, "the process had some before the phase began")
  }

  @Test func theResultNamesScenarioToolAndMachine() throws {
    let outcome = try ScenarioRun.outcome(ScenarioText.workQueue("{ saturate: 1000 }"), FakeSubject())
    let result = outcome.recording.result
    #expect(result.scenario.name == "test")
    #expect(result.scenario.pattern == "work_queue")
    #expect(result.scenario.resolvedSHA256.count == 64)
    #expect(result.scenario.resolved != .null)
    #expect(result.tool == ScenarioRun.tool)
    #expect(result.environment.machineKey.count == 12)
    #expect(result.environment.cores == CPUTopology.coreCount)
    #expect(result.runID.hasPrefix("test-"))
    #expect(result.durationNanoseconds > 0)
    #expect(result.phase.verification?.costNanosecondsPerMessage ?? 0 > 0)
    #expect(outcome.statistics.queues.map(\.name) == ["work"])
  }

  @Test func whatTheDriverRefusesIsAnErrorAndNoResult() throws {
    let refusing = FakeSubject([:], refusal: DriverError(.refused, "not today"))
    #expect(throws: DriverError.self) {
      try ScenarioRun.result(ScenarioText.workQueue("{ saturate: 1 }"), refusing)
    }
  }

  static let rings = "name: test\nworkload: { pattern: ring }\nload: { saturate: 1000 }\n"
  static let confirms = "name: test\nworkload: { pattern: work_queue, producers: { p: { confirms: 10 } } }\n"

  @Test(arguments: [rings, confirms, ScenarioText.requestReply("{ in_flight: 1, for: 1s }")])
  func asksForNothingThatTheDriverCannotDo(text: String) throws {
    let plain = Capabilities(rings: false, publisherConfirms: false, requestReply: false, sharedClock: true)
    let subject = FakeSubject([:], capabilities: plain)
    let error = #expect(throws: DriverError.self) { try ScenarioRun.result(text, subject) }
    #expect(error?.code == .notSupported)
    #expect(subject.preparedCount.load(ordering: .relaxed) == 0)
  }

  /// A latency of 100 ms used to be a p99 of 1 ms when the histograms ended there, and nothing said so.
  @Test func valuesBeyondTheHistogramsAreNotPercentiles() throws {
    let result = try ScenarioRun.openLoop(FakeBehaviour(), "measure: { histogram: { max: 1ms } }")
    let latency = try #require(result.phase.latency)
    #expect(latency.saturatedCount == 1000)
    #expect(latency.supported == [])
    #expect(latency.max == 100_000_100)
    #expect(result.variants[0].summary["latency.p99"] == nil)
    let notes = result.notes.filter { $0.contains("1,000 of 1,000 values of latency were above measure.histogram.max") }
    #expect(notes.count == 1, "\(result.notes)")
  }
}
