import ResultModel
import Testing

extension RunTests {
  /// Objectives of whole runs, mostly in virtual time, where everything follows from the seed.
  @Suite struct ObjectiveRunTests {
    private static func run(_ slo: String, load: String, _ rest: String = "", seconds: Int = 8) throws -> EmbeddedRun {
      try EmbeddedRun(
        """
        name: test
        time: virtual
        workload: { pattern: work_queue, service_time: { exponential: 100us } }
        load: { \(load), for: \(seconds)s, drain: 10s }
        \(rest)
        slo: [ \(slo) ]
        """)
    }

    private func objectives(_ run: EmbeddedRun) -> [Verdict] { run.result.verdicts.filter { $0.kind == .slo } }

    @Test func aSimulationKeepsWhatTheoryPromises() throws {
      // M/M/1 at half its capacity: times in the system are exponential with a mean of 200 us.
      let run = try Self.run(
        "latency.p99 < 1.3ms, throughput >= 0.99 * offered, { expect: latency.p90 < 1ms, window: 1s }, verify.lost == 0",
        load: "poisson: 5k/s")
      #expect(run.result.status == .passed, "\(run.result.failures)")
      #expect(objectives(run).map(\.ok) == [true, true, true, true])
      let windows = try #require(run.phase.objectives?.first)
      // 8 s in steps of 250 ms, the first when the first second is over; one more while the last messages arrive.
      #expect((29...30).contains(windows.windowCount))
      #expect(run.phase.recoveryTimeNanoseconds == nil)
    }

    @Test func aSpikeBreaksItAndItHoldsAgain() throws {
      let slo = "{ expect: latency.p99 < 50ms, window: 500ms, severity: warn }"
      let run = try Self.run(slo, load: "poisson: 5k/s, peak: 12k/s", seconds: 12)
      #expect(run.result.exitCode == .success, "\(run.result.failures)")
      let verdict = try #require(objectives(run).first)
      #expect(!verdict.ok)
      let events = run.result.trial.events.filter { $0.kind.hasPrefix("slo") }
      #expect(events.map(\.kind) == ["slo_breach", "slo_holds"])
      #expect(events[0].offsetNanoseconds > 4_000_000_000 && events[0].offsetNanoseconds < 6_000_000_000)
      #expect(events[0].detail.hasPrefix("latency.p99<50ms is broken: observed "))
      #expect(run.phase.objectives?.first?.breachCount == 1)
    }

    @Test func aBreachMayEndTheRun() throws {
      let slo = "{ expect: latency.p99 < 50ms, window: 500ms, abort: true }, verify.lost == 0"
      let run = try Self.run(slo, load: "poisson: 15k/s", "trials: 3", seconds: 600)
      #expect(run.result.status == .failed)
      #expect(run.result.exitCodes == [.sloFailed], "\(run.result.failures)")
      #expect(run.result.variants[0].trials.count == 1)
      #expect(run.result.trial.status == .aborted)
      #expect(run.phase.durationNanoseconds < 5_000_000_000)
      #expect(run.phase.counts.received > 1_000, "what was measured is kept")
      #expect(run.result.trial.events.map(\.kind).last == "slo_abort")
      #expect(objectives(run).map(\.ok) == [false, true])
    }

    /// The only server stands still, so that nothing is sent any more: that is the breach, and not the end of what is judged.
    @Test func aStandstillOfAClosedLoopIsABreach() throws {
      let run = try EmbeddedRun(
        """
        name: test
        workload: { pattern: request_reply, wait: park, timeout: 20s }
        load: { in_flight: 1, for: 30s, drain: 100ms }
        measure: { interval: 50ms }
        faults: [ { kind: pause, who: consumer.0, at: main+50ms, for: 600ms } ]
        slo: [ { expect: throughput > 0/s, window: 200ms, abort: true } ]
        """)
      #expect(run.result.exitCodes.contains(.sloFailed), "\(run.result.verdicts)")
      #expect(run.result.trial.status == .aborted)
      #expect(try #require(run.phase.objectives?.first).brokenCount > 0)
    }

    /// A consumer stands still for a while; when messages come as they should again is known to an interval.
    @Test func recoveryFromAPauseIsMeasured() throws {
      let run = try EmbeddedRun(
        """
        name: test
        workload: { pattern: work_queue, wait: park }
        load: { constant: 1k/s, for: 1200ms, pacing: { max_lag: 10s }, drain: 30s }
        measure: { interval: 50ms }
        faults: [ { kind: pause, who: consumer.0, at: main+300ms, for: 200ms } ]
        slo:
          - { expect: throughput >= 0.5 * offered, window: 100ms, severity: warn }
          - { expect: recovery_time < 10s, severity: warn }
        """)
      let recovery = try #require(objectives(run).last)
      #expect(recovery.id == "recovery_time<10s@main")
      // On a busy machine it may not have recovered by the end: then it says so.
      if let time = run.phase.recoveryTimeNanoseconds {
        #expect(time >= 0 && time < 1_000_000_000)
        #expect(recovery.observed == Double(time))
        #expect(recovery.ok)
      } else {
        #expect(!recovery.ok)
      }
      #expect(run.result.trial.events.contains { $0.kind == "slo_breach" }, "nothing arrived for 200 ms")
    }
  }
}

extension RunResult {
  /// The first trial.
  fileprivate var trial: TrialResult { variants[0].trials[0] }

  /// What did not hold.
  fileprivate var failures: [String] { verdicts.filter { !$0.ok }.map(\.id) }
}
