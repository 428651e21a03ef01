import DriverInterface
import ResultModel
import Testing

extension RunTests {
  /// Work queues on the embedded broker, from the scenario to the verified result.
  @Suite struct WorkQueueTests {
    @Test(arguments: RunTests.waits, ["each", "none", "{ every: 7 }"])
    func everyMessageArrivesWhateverTheWaitAndTheAcknowledgement(wait: String, acknowledgement: String) throws {
      let run = try EmbeddedRun(
        """
        name: test
        workload: { pattern: work_queue, wait: \(wait), ack: \(acknowledgement) }
        load: { saturate: 2000 }
        """)
      run.expectClean(sent: 2000)
      #expect(run.phase.counts.acknowledged == (acknowledgement == "none" ? 0 : 2000))
      #expect(run.queues.map(\.name) == ["work"])
      #expect(run.queues.map(\.consumerCount) == [1])
    }

    /// A queue of four places holds its producer back two thousand times.
    @Test(arguments: [1, 4], ["yield", "park"])
    func aFullQueueThatBlocksLosesNothing(batch: Int, wait: String) throws {
      let run = try EmbeddedRun(
        """
        name: test
        topology: { queues: { work: { max_length: 4 } } }
        workload: { pattern: work_queue, batch: \(batch), wait: \(wait) }
        load: { saturate: 2000 }
        """)
      run.expectClean(sent: 2000)
    }

    /// The consumer sleeps, so that the producer meets a full queue again and again.
    @Test(arguments: [0, 8])
    func whatAFullQueueRefusesIsCountedAndNotMissed(confirms: Int) throws {
      let run = try EmbeddedRun(
        """
        name: test
        topology: { queues: { work: { max_length: 2, overflow: reject_publish } } }
        workload:
          pattern: work_queue
          service_time: 20ms
          wait: yield
          batch: 4
          producers: { p: { confirms: \(confirms), batch: 1 } }
          consumers: { c: { busy: sleep, prefetch: 1, batch: 1 } }
        load: { saturate: 2000 }
        """)
      let counts = run.phase.counts
      #expect(run.result.status == .passed, "\(run.result.verdicts.filter { !$0.ok })")
      #expect(counts.sent == 2000)
      #expect(counts.rejected > 0)
      #expect(counts.accepted + counts.rejected == 2000)
      #expect(counts.received == counts.accepted)
      #expect(counts.confirmed == (confirms == 0 ? 0 : counts.accepted), "a refusal is no confirmation")
      run.expectEmptyQueues()
    }

    /// Nobody used to wake the producer: every message took the five milliseconds of its longest sleep, 100 in all.
    @Test(arguments: ["park", "spin_then_park"])
    func aParkedProducerIsWokenByWhatIsHandled(wait: String) throws {
      var received = 0
      // A busy host may keep both threads waiting for most of a run; that it does for every one of them is no accident.
      for _ in 0..<10 where received <= 250 {
        let run = try EmbeddedRun(
          """
          name: test
          workload: { pattern: work_queue, wait: \(wait) }
          load: { in_flight: 1, for: 500ms }
          """)
        #expect(run.result.status == .passed, "\(run.result.verdicts.filter { !$0.ok })")
        received = run.phase.counts.received
      }
      #expect(received > 250)
    }

    /// The consumer used to handle all 3000 before anybody noticed that the time was over.
    @Test func aDrainEndsOnTimeHoweverSlowTheConsumerIs() throws {
      let run = try EmbeddedRun(
        """
        name: test
        workload: { pattern: work_queue, wait: park, service_time: 1ms, consumers: { c: { busy: sleep } } }
        load:
          phases:
            - much: { constant: 30k/s, for: 100ms }
            - little: { constant: 100/s, for: 100ms }
          drain: 50ms
        """)
      #expect(run.result.status == .invalid)
      let much = run.phases[0]
      let sent = much.counts.sent
      #expect(much.counts.received < sent / 2)
      #expect(much.counts.received > 10, "what arrived in time counts")
      #expect(much.verification?.verified == much.counts.received)
      #expect(much.latency?.count == much.counts.received)
      #expect(much.verification?.lost == 0)
      let reasons = run.result.variants[0].trials[0].invalidReasons
      #expect(reasons.contains { $0.contains("still on their way") }, "\(reasons)")
      #expect(run.phase.counts.received == run.phase.counts.sent)
      #expect(run.phase.verification?.verified == run.phase.counts.sent)
      run.expectEmptyQueues()
    }

    @Test(arguments: [1, 8])
    func everyAcceptedMessageIsConfirmedOnce(batch: Int) throws {
      let run = try EmbeddedRun(
        """
        name: test
        workload: { pattern: work_queue, wait: yield, batch: \(batch), producers: { p: { confirms: 8 } } }
        load: { saturate: 2000 }
        """)
      run.expectClean(sent: 2000)
      #expect(run.phase.counts.confirmed == 2000)
      #expect(run.phase.confirmTime?.count == 2000)
    }

    @Test(arguments: [1, 16])
    func severalProducersAndConsumersShareAQueue(batch: Int) throws {
      let run = try EmbeddedRun(
        """
        name: test
        workload:
          pattern: work_queue
          wait: park
          batch: \(batch)
          producers: { p: { count: 2 } }
          consumers: { c: { count: 2, prefetch: 16, ack: { every: 4 } } }
        load: { saturate: 4001 }
        """)
      run.expectClean(sent: 4001)
      #expect(run.queues.map(\.consumerCount) == [2])
    }

    /// k leads to a, l to both; each producer uses them in turn.
    @Test(arguments: [1, 8])
    func aDirectExchangeSendsEachKeyToItsQueues(batch: Int) throws {
      let run = try EmbeddedRun(
        """
        name: test
        topology:
          exchanges: { e: direct }
          queues: { a: { max_length: 16 }, b: { max_length: 8 } }
          bindings: [ { from: e, to: a, key: k }, { from: e, to: a, key: l }, { from: e, to: b, key: l } ]
        workload:
          pattern: work_queue
          wait: park
          batch: \(batch)
          producers: { both: { to: e, keys: [k, l] }, one: { to: e, keys: [l] } }
          consumers: { a: { from: a }, b: { from: b } }
        load: { saturate: 2000 }
        """)
      let counts = run.phase.counts
      #expect(run.result.status == .passed, "\(run.result.verdicts.filter { !$0.ok })")
      #expect(counts.sent == 2000)
      #expect(counts.accepted == 2000)
      // Batches by turns, which a full queue may shorten: without them it is known how many messages go by which key.
      if batch == 1 { #expect(counts.received == 500 + 2 * 1500) }
      #expect(counts.received > 2 * 1000)
      #expect(run.phase.verification?.verified == counts.received)
      run.expectEmptyQueues()
    }

    @Test func numbersGoOnFromPhaseToPhase() throws {
      let run = try EmbeddedRun(
        """
        name: test
        workload: { pattern: work_queue, wait: yield }
        load: { phases: [ one: { saturate: 500 }, two: { saturate: 700 }, three: { in_flight: 3, for: 20ms } ] }
        """)
      #expect(run.result.status == .passed)
      #expect(run.phases.prefix(2).map(\.counts.received) == [500, 700])
      #expect(run.phases[2].counts.received == run.phases[2].counts.sent)
      #expect(run.phases[2].counts.sent > 3)
    }

    /// So few messages, so long before the end, that also a busy machine sends them all.
    @Test(arguments: ["constant", "poisson"])
    func anOpenLoopHasLatencies(kind: String) throws {
      let run = try EmbeddedRun(
        """
        name: test
        seed: 5
        workload: { pattern: work_queue }
        load: { \(kind): 10/s, for: 400ms, pacing: { max_lag: 10s } }
        """)
      #expect(run.result.exitCodes.allSatisfy { $0 != .verificationFailed })
      #expect(run.phase.latency?.count == run.phase.counts.received)
      #expect(run.phase.sendDelay?.count == run.phase.counts.sent)
      #expect(run.phase.serviceTime?.count == run.phase.counts.received)
    }

    /// Of the largest bodies, a hundred thousand used to be checksummed before the run, for minutes.
    @Test func bodiesOfEverySizeArriveWhole() throws {
      for size in ["32B", "33B", "4KiB", "1MiB"] {
        try EmbeddedRun(
          "name: test\nworkload: { pattern: work_queue, wait: yield, payload: \(size) }\nload: { saturate: 100 }"
        ).expectClean(sent: 100)
      }
    }
  }
}
