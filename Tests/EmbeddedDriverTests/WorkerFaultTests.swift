import DriverInterface
import ResultModel
import Testing

extension RunTests {
  /// What happens to workers on purpose, and that nothing is lost by it.
  @Suite struct WorkerFaultTests {
    private func events(_ run: EmbeddedRun) -> [TrialEvent] {
      run.result.variants[0].trials[0].events.filter { $0.kind.hasPrefix("fault") }
    }

    @Test(arguments: ["ring, payload: 32B", "work_queue", "request_reply"])
    func aPauseBeginsAndEndsAndDelaysWhatComesMeanwhile(pattern: String) throws {
      let run = try EmbeddedRun(
        """
        name: test
        workload: { pattern: \(pattern), wait: yield }
        load: { constant: 1k/s, for: 400ms, pacing: { max_lag: 10s }, drain: 30s }
        faults: [ { kind: pause, who: consumer.0, at: main+100ms, for: 100ms } ]
        """)
      #expect(run.result.verdicts.allSatisfy { $0.ok || $0.kind != .verify })
      let events = events(run)
      #expect(events.map(\.kind) == ["fault_start", "fault_end"])
      #expect(events.map(\.subject) == ["consumer.0", "consumer.0"])
      #expect(events.count == 2 && events[1].offsetNanoseconds - events[0].offsetNanoseconds >= 100_000_000)
      #expect(run.phase.latency.map { $0.max >= 90_000_000 } == true, "the first that waited")
      #expect(run.phase.faults == [FaultSummary(kind: "pause", injected: 1, planned: 1)])
    }

    @Test(arguments: ["ring, payload: 32B", "work_queue", "request_reply"])
    func aSlowConsumerLosesNothing(pattern: String) throws {
      let run = try EmbeddedRun(
        """
        name: test
        workload: { pattern: \(pattern), wait: yield }
        load: { constant: 500/s, for: 300ms, pacing: { max_lag: 10s }, drain: 30s }
        faults: [ { kind: slow_consumer, who: consumer, factor: 3, at: main+50ms, for: 100ms } ]
        """)
      #expect(run.result.verdicts.allSatisfy { $0.ok || $0.kind != .verify })
      #expect(events(run).map(\.kind) == ["fault_start", "fault_end"])
      #expect(run.phase.faults == [FaultSummary(kind: "slow_consumer", injected: 1, planned: 1)])
    }

    /// Faults that never happened used to be dropped silently, and the run passed as if it had survived them.
    @Test(arguments: [
      // Nobody dies without a message; the phase is over before its time; and one that does happen.
      ("constant: 10/s, for: 200ms, pacing: { max_lag: 10s }", "kill_worker", "main+140ms", 0),
      ("saturate: 100", "pause", "main+1m", 0),
      ("in_flight: 1, for: 100ms", "pause", "main+1ms", 1),
    ])
    func faultsThatNeverHappenAreMissed(load: String, kind: String, at: String, happened: Int) throws {
      let run = try EmbeddedRun(
        """
        name: test
        workload: { pattern: work_queue, wait: park }
        load: { \(load) }
        faults: [ { kind: \(kind), who: consumer, at: \(at), for: 5ms } ]
        """)
      #expect(run.phase.faults == [FaultSummary(kind: kind, injected: happened, planned: 1)])
      let notes = run.result.notes.filter { $0.contains("\(kind) happened 0 of 1 times") }
      #expect(notes.count == 1 - happened, "\(run.result.notes)")
    }

    /// Twice, so that the worker's second life is one too. More comes than they can handle, so that there is always something to
    /// die with.
    @Test(arguments: ["each", "{ every: 8 }"], [1, 2])
    func whatADeadConsumerHeldGoesToAnother(acknowledgement: String, count: Int) throws {
      let run = try EmbeddedRun(
        """
        name: test
        workload:
          pattern: work_queue
          wait: park
          service_time: 1ms
          ack: \(acknowledgement)
          batch: 8
          consumers: { c: { count: \(count), busy: sleep } }
        load: { constant: 2k/s, for: 800ms, pacing: { max_lag: 10s }, drain: 30s }
        faults: [ { kind: kill_worker, who: c.0, at: main+100ms, for: 200ms, every: 300ms, times: 2 } ]
        """)
      #expect(run.result.verdicts.allSatisfy { $0.ok || $0.kind != .verify }, "\(run.result.verdicts)")
      #expect(run.phase.counts.redelivered > 0)
      #expect(events(run).map(\.kind) == ["fault_start", "fault_end", "fault_start", "fault_end"])
      #expect(run.phase.faults == [FaultSummary(kind: "kill_worker", injected: 2, planned: 2)])
      #expect(run.queues.map(\.consumerCount) == [count])
      run.expectEmptyQueues()
    }

    @Test func aConsumerThatIsNotReplacedStaysDead() throws {
      let run = try EmbeddedRun(
        """
        name: test
        workload:
          pattern: work_queue
          wait: park
          service_time: 2ms
          consumers: { c: { count: 2, busy: sleep, prefetch: 1 } }
        load: { phases: [ one: { constant: 1k/s, for: 200ms }, two: { saturate: 100 } ], pacing: { max_lag: 10s }, drain: 30s }
        faults: [ { kind: kill_worker, who: c.1, at: one+50ms } ]
        """)
      #expect(run.result.verdicts.allSatisfy { $0.ok || $0.kind != .verify }, "\(run.result.verdicts)")
      #expect(run.queues.map(\.consumerCount) == [1])
      #expect(run.phase.counts.received == 100)
      run.expectEmptyQueues()
    }

    @Test func aDeadServersRequestsAreAnsweredByAnother() throws {
      let run = try EmbeddedRun(
        """
        name: test
        workload:
          pattern: request_reply
          wait: park
          producers: { client: { timeout: 10s } }
          consumers: { server: { count: 2, batch: 4 } }
        load: { constant: 1k/s, for: 300ms, pacing: { max_lag: 10s }, drain: 30s }
        faults: [ { kind: kill_worker, who: server.1, at: main+50ms, for: 50ms } ]
        """)
      #expect(run.result.verdicts.allSatisfy { $0.ok || $0.kind != .verify }, "\(run.result.verdicts)")
      #expect(run.phase.counts.received == run.phase.counts.sent)
      run.expectEmptyQueues()
    }
  }
}
