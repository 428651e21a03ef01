import ResultModel
import Testing

extension RunTests {
  /// Requests and replies on the embedded broker.
  @Suite struct RequestReplyTests {
    @Test(arguments: RunTests.waits)
    func everyRequestIsAnswered(wait: String) throws {
      let run = try EmbeddedRun(
        """
        name: test
        workload: { pattern: request_reply, producers: { c: { timeout: 1m } }, wait: \(wait) }
        load: { in_flight: 1, for: 30ms }
        """)
      #expect(run.result.status == .passed, "\(run.result.verdicts.filter { !$0.ok })")
      let counts = run.phase.counts
      #expect(counts.received > 0)
      #expect(counts.received == counts.sent)
      #expect(counts.acknowledged == counts.received)
      #expect(run.phase.verification?.verified == counts.sent)
      #expect(run.phase.serviceTime?.count == counts.sent)
      run.expectEmptyQueues()
    }

    @Test(arguments: ["each", "none"], [1, 8])
    func everyRequestOfACountIsAnswered(acknowledgement: String, batch: Int) throws {
      let run = try EmbeddedRun(
        """
        name: test
        workload:
          pattern: request_reply
          wait: yield
          producers: { c: { count: 2 } }
          consumers: { s: { count: 2, ack: \(acknowledgement), batch: \(batch), prefetch: 16 } }
        load: { warmup: 10ms, phases: [ few: { in_flight: 4, for: 30ms }, many: { saturate: 1000 } ] }
        """)
      #expect(run.result.status == .passed, "\(run.result.verdicts.filter { !$0.ok })")
      #expect(run.phase.counts.sent == 1000)
      #expect(run.phase.counts.received == 1000)
      #expect(run.phase.verification?.lost == 0)
      run.expectEmptyQueues()
    }

    /// The server sleeps longer than the client waits. One that was answered in the end used to count as an error, as received, as
    /// verified and as lost at once.
    @Test(arguments: ["saturate: 1", "constant: 20/s, for: 500ms"])
    func aReplyThatComesTooLateIsAnErrorAndNothingElse(load: String) throws {
      let run = try EmbeddedRun(
        """
        name: test
        workload:
          pattern: request_reply
          service_time: 20ms
          wait: park
          producers: { c: { timeout: 5ms } }
          consumers: { s: { busy: sleep } }
        load: { \(load), pacing: { max_lag: 10s } }
        """)
      #expect(run.result.exitCode == .verificationFailed)
      #expect(run.result.verdicts.contains { $0.id == "timed out@main" && !$0.ok })
      let reasons = run.result.variants[0].trials[0].invalidReasons
      #expect(reasons.contains { $0.contains("no request was answered in time") }, "\(reasons)")
      let counts = run.phase.counts
      #expect(counts.errors == counts.accepted)
      #expect(counts.late == counts.accepted)
      #expect(counts.received == 0)
      #expect(run.phase.verification?.verified == 0)
      #expect(run.phase.verification?.lost == 0)
      #expect(run.phase.verification?.examples == [])
    }

    /// Every fourth request is slow: what is answered in time keeps its latency, and every request counts once.
    @Test func whatIsAnsweredInTimeIsMeasured() throws {
      let run = try EmbeddedRun(
        """
        name: test
        workload:
          pattern: request_reply
          service_time: { cycle: [1us, 1us, 1us, 600ms] }
          wait: park
          producers: { c: { timeout: 300ms } }
          consumers: { s: { count: 2, busy: sleep, prefetch: 1, batch: 1 } }
        load: { constant: 10/s, for: 400ms, pacing: { max_lag: 10s } }
        """)
      #expect(run.result.exitCode == .verificationFailed, "a caller that gave up is no success")
      let counts = run.phase.counts
      #expect(counts.accepted == 4)
      #expect(counts.errors == 1)
      #expect(counts.received == 3)
      #expect(run.phase.latency?.count == 3)
      #expect(run.phase.verification?.verified == 3)
      #expect(run.phase.verification?.lost == 0)
    }
  }
}
