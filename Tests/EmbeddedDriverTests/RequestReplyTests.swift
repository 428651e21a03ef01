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

    /// The server sleeps longer than the client waits.
    @Test func aReplyThatComesTooLateIsMissed() throws {
      let run = try EmbeddedRun(
        """
        name: test
        workload:
          pattern: request_reply
          service_time: 60ms
          wait: park
          producers: { c: { timeout: 5ms } }
          consumers: { s: { busy: sleep } }
        load: { saturate: 1 }
        """)
      #expect(run.result.exitCode == .verificationFailed)
      #expect(run.phase.verification?.lost == 1)
      #expect(run.phase.counts.errors == 1)
    }
  }
}
