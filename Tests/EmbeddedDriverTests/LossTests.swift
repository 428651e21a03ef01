import ResultModel
import Testing

extension RunTests {
  /// Messages that expire, overflow, fail and end as dead letters: each is accounted for, most of it in virtual time.
  @Suite struct LossTests {
    /// One worker for 500 messages a second, who gets 700, with `queue` as the properties of its queue.
    static func overload(queue: String, producer: String = "", seconds: Int = 4) throws -> EmbeddedRun {
      try EmbeddedRun(
        """
        name: test
        time: virtual
        topology: { queues: { work: { \(queue) }, dead: {} } }
        workload:
          service_time: 2ms
          producers: { p: { keys: [work], \(producer) } }
          consumers: { c: { from: work, prefetch: 1 }, keeper: { from: dead, speed: 1000 } }
        load: { poisson: 700/s, for: \(seconds)s, pacing: { max_lag: 10s } }
        """)
    }

    @Test(arguments: ["message_ttl: 20ms", "message_ttl: 20ms, order: lifo", "message_ttl: 20ms, priorities: 3"])
    func whatIsNotReceivedInTimeIsExpiredAndNotLost(queue: String) throws {
      let run = try Self.overload(queue: queue)
      #expect(run.result.status == .passed, "\(run.result.verdicts.filter { !$0.ok })")
      let counts = run.phase.counts
      #expect(counts.expired > counts.sent / 5)
      #expect(counts.received + counts.expired == counts.sent)
      #expect(run.phase.verification?.isClean == true)
      let latest = try #require(run.phase.latency?.max)
      #expect(latest <= 20_000_000)
      run.expectEmptyQueues()
    }

    @Test func messagesMayExpireByThemselves() throws {
      let run = try Self.overload(queue: "", producer: "expiration: 10ms")
      #expect(run.result.status == .passed, "\(run.result.verdicts.filter { !$0.ok })")
      #expect(run.phase.counts.received + run.phase.counts.expired == run.phase.counts.sent)
      #expect(try #require(run.phase.latency?.max) <= 10_000_000)
    }

    @Test func theNewestFirstAnswersMostAtOnce() throws {
      let oldest = try Self.overload(queue: "message_ttl: 100ms", seconds: 10)
      let newest = try Self.overload(queue: "message_ttl: 100ms, order: lifo", seconds: 10)
      let fifo = try #require(oldest.phase.latency?.percentiles["50"])
      let lifo = try #require(newest.phase.latency?.percentiles["50"])
      #expect(fifo > 50_000_000)
      #expect(lifo < 5_000_000)
    }

    @Test func whatDoesNotFitIsDroppedAndNotLost() throws {
      let run = try Self.overload(queue: "max_length: 10, overflow: drop_head")
      #expect(run.result.status == .passed, "\(run.result.verdicts.filter { !$0.ok })")
      let counts = run.phase.counts
      #expect(counts.dropped > counts.sent / 5)
      #expect(counts.received + counts.dropped == counts.sent)
      #expect(counts.deadLettered == 0)
    }

    @Test(arguments: [
      "message_ttl: 20ms", "max_length: 10, overflow: drop_head", "max_bytes: 1280B, overflow: drop_head",
    ])
    func deadLettersArriveInTheirOwnQueue(queue: String) throws {
      let run = try Self.overload(queue: "\(queue), dead_letter: { key: dead }")
      #expect(run.result.status == .passed, "\(run.result.verdicts.filter { !$0.ok })")
      let counts = run.phase.counts
      #expect(counts.deadLettered > counts.sent / 5)
      #expect(counts.received == counts.sent, "each is received in one queue or the other")
      #expect(counts.expired + counts.dropped == 0)
      #expect(run.phase.verification?.verified == counts.sent)
      run.expectEmptyQueues()
    }

    @Test func refusedMessagesAreDeadLettersToo() throws {
      let run = try Self.overload(
        queue: "max_length: 10, overflow: reject_publish_dlx, dead_letter: { key: dead }", producer: "confirms: 1000")
      #expect(run.result.status == .passed, "\(run.result.verdicts.filter { !$0.ok })")
      let counts = run.phase.counts
      #expect(counts.rejected > counts.sent / 5)
      #expect(counts.accepted == counts.sent - counts.rejected)
      #expect(counts.received == counts.sent)
      #expect(run.phase.verification?.verified == counts.sent)
    }

    static func failing(_ queue: String, fail: String, time: String = "virtual") throws -> EmbeddedRun {
      try EmbeddedRun(
        """
        name: test
        time: \(time)
        topology: { queues: { work: { \(queue) }, dead: {} } }
        workload:
          producers: { p: { keys: [work] } }
          consumers: { c: { from: work, fail: \(fail) }, keeper: { from: dead } }
        load: { constant: 1k/s, for: 2s, pacing: { max_lag: 10s } }
        """)
    }

    @Test func whatFailsIsTriedAgainUntilItSucceeds() throws {
      let run = try Self.failing("retry: { backoff: 700ms, max: 2s }", fail: "20%")
      #expect(run.result.status == .passed, "\(run.result.verdicts.filter { !$0.ok })")
      let counts = run.phase.counts
      #expect((400...600).contains(counts.redelivered), "a fifth fails, and a fifth of that again")
      #expect(counts.received == counts.sent + counts.redelivered)
      #expect(counts.acknowledged == counts.sent)
      run.expectEmptyQueues()
    }

    @Test func whatFailsTooOftenIsADeadLetter() throws {
      let run = try Self.failing("delivery_limit: 1, dead_letter: { key: dead }", fail: "50%")
      #expect(run.result.status == .passed, "\(run.result.verdicts.filter { !$0.ok })")
      let counts = run.phase.counts
      #expect((400...600).contains(counts.deadLettered), "a quarter fails twice")
      #expect(counts.acknowledged == counts.sent)
    }

    @Test func whatFailsTooOftenWithoutAPlaceToGoIsThrownAway() throws {
      let run = try Self.failing("delivery_limit: 0", fail: "50%")
      #expect(run.result.status == .passed, "\(run.result.verdicts.filter { !$0.ok })")
      let counts = run.phase.counts
      #expect(try #require(counts.discarded) == counts.sent - counts.acknowledged)
      #expect((800...1200).contains(counts.acknowledged))
    }

    @Test func aFailureIsADeadLetterAtOnceWhereNothingElseIsSaid() throws {
      let run = try Self.failing("dead_letter: { key: dead }", fail: "10%")
      #expect(run.result.status == .passed, "\(run.result.verdicts.filter { !$0.ok })")
      #expect(run.phase.counts.redelivered == 0)
      #expect((150...250).contains(run.phase.counts.deadLettered))
    }

    @Test func threadsFailAndRetryToo() throws {
      let run = try Self.failing(
        "retry: { backoff: 5ms, max: 20ms }, delivery_limit: 2, dead_letter: { key: dead }", fail: "40%", time: "wall")
      #expect(run.result.status == .passed, "\(run.result.verdicts.filter { !$0.ok })")
      #expect(run.phase.counts.acknowledged == run.phase.counts.sent)
      #expect(run.phase.counts.deadLettered > 0)
      run.expectEmptyQueues()
    }

    @Test func whatTheSubjectDoesNotOwnUpToIsLost() throws {
      let run = try EmbeddedRun(
        """
        name: test
        topology: { queues: { work: { max_length: 1000, overflow: drop_head, dead_letter: { key: dead } }, dead: {} } }
        workload:
          producers: { p: { keys: [work] } }
          consumers: { c: { from: work }, keeper: { from: dead } }
        load: { saturate: 20k }
        faults: [ { kind: lose, one_in: 4k, who: c } ]
        """)
      #expect(run.result.exitCode == .verificationFailed)
      let lost = try #require(run.phase.verification?.lost)
      #expect((1...5).contains(lost))
      #expect(run.phase.verification?.examples.first?.contains("of work and dead") == true)
    }

    @Test func mandatoryMessagesWithoutAQueueComeBack() throws {
      let run = try EmbeddedRun(
        """
        name: test
        time: virtual
        topology:
          exchanges: { events: direct }
          queues: { work: {} }
          bindings: [ { from: events, to: work, key: known } ]
        workload:
          pattern: routing
          producers: { p: { keys: [known, unknown], mandatory: true } }
        load: { constant: 1k/s, for: 1s, pacing: { max_lag: 10s } }
        """)
      #expect(run.result.status == .passed, "\(run.result.verdicts.filter { !$0.ok })")
      #expect(run.phase.counts.returned == 500)
      #expect(run.phase.counts.received == 500)
      #expect(run.phase.counts.unroutable == 0)
    }

    @Test func urgentMessagesOvertakeOthers() throws {
      func median(_ priority: Int) throws -> Int64 {
        let run = try EmbeddedRun(
          """
          name: test
          time: virtual
          topology: { queues: { work: { priorities: 9 } } }
          workload:
            producers:
              quick: { count: 3, service_time: 2ms, priority: \(priority) }
              slow: { service_time: 20ms }
            consumers: { c: { count: 2, prefetch: 1 } }
          load: { poisson: 260/s, for: 10s }
          """)
        #expect(run.result.status == .passed, "\(run.result.verdicts.filter { !$0.ok })")
        return try #require(run.phase.latency?.percentiles["50"])
      }
      let (alike, urgent) = (try median(0), try median(9))
      #expect(2 * urgent < alike, "\(urgent) ns, not much less than \(alike) ns")
    }
  }
}
