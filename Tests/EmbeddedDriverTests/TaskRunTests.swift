import ResultModel
import Testing
import WorkloadLoops

extension RunTests {
  /// Tasks on the embedded broker, from the scenario to the verdict.
  @Suite struct TaskRunTests {
    private func runTasks(_ workload: String, _ load: String) throws -> EmbeddedRun {
      try EmbeddedRun("name: test\nworkload: { pattern: tasks, \(workload) }\nload: { \(load) }")
    }

    /// Every task was answered once, and nothing is left in a queue.
    private func expectAnswered(
      _ run: EmbeddedRun, _ count: Int? = nil, sourceLocation: Testing.SourceLocation = #_sourceLocation
    ) {
      #expect(run.result.status == .passed, "\(run.result.verdicts.filter { !$0.ok })", sourceLocation: sourceLocation)
      let counts = run.phase.counts
      if let count { #expect(counts.sent == count, sourceLocation: sourceLocation) }
      #expect(counts.received == counts.sent, sourceLocation: sourceLocation)
      #expect(run.phase.verification?.verified == counts.sent, sourceLocation: sourceLocation)
      #expect(run.phase.verification?.lost == 0, sourceLocation: sourceLocation)
      run.expectEmptyQueues(sourceLocation: sourceLocation)
    }

    @Test(arguments: RunTests.waits)
    func everyTaskIsAnswered(wait: String) throws {
      let run = try runTasks("wait: \(wait)", "in_flight: 1, for: 30ms")
      expectAnswered(run)
      let count = run.phase.counts.sent
      #expect(count > 0)
      #expect(run.phase.serviceTime?.count == count)
      #expect(run.phase.queueTime?.count == count)
      #expect(run.phase.handlerTime?.count == count)
      #expect(run.phase.resultTime?.count == count)
    }

    @Test(arguments: ["solo", "threads"], ["shared", "round_robin", "fair", "least_outstanding"])
    func severalClientsAndWorkersShareAQueue(pool: String, dispatch: String) throws {
      let run = try runTasks(
        "wait: yield, dispatch: \(dispatch), producers: { c: { count: 2 } }, workers: { pool: \(pool), count: 2 }",
        "warmup: 10ms, phases: [ few: { in_flight: 4, for: 20ms }, many: { saturate: 1000 } ]")
      expectAnswered(run, 1000)
    }

    /// They send to their own queue while it is full, and only they make room in it.
    @Test(arguments: [
      "job: { acks_late: true, fail: 50%, retries: 5 }",
      "one: { acks_late: true }, two: { acks_late: true }, both: { chain: [one, two] }",
    ])
    func lateTasksGetPastTheirOwnFullQueue(tasks: String) throws {
      let run = try EmbeddedRun(
        """
        name: test
        workload: { pattern: tasks, workers: { prefetch: 4 }, tasks: { \(tasks) } }
        topology: { queues: { tasks: { max_length: 16 } } }
        load: { saturate: 400, drain: 5s }
        """)
      #expect(run.result.status == .passed, "\(run.result.verdicts.filter { !$0.ok })")
      #expect(run.phase.counts.sent == 400 && run.phase.counts.received == 400)
      run.expectEmptyQueues()
    }

    @Test(
      arguments: ["json", "yaml", "messagepack", "plist", "cbor", "protobuf", "raw"],
      ["bytes", "record", "text", "numbers"]
    )
    func argumentsAndResultsAreEncoded(serializer: String, shape: String) throws {
      for compression in ["none", "lz4"] {
        let run = try runTasks(
          """
          payload: { shape: \(shape), size: { uniform: [32B, 600B] } }, serializer: \(serializer),
          compression: \(compression), wait: yield
          """, "saturate: 100")
        expectAnswered(run, 100)
        #expect(
          (run.phase.encodedBytesPerMessage == nil)
            == (serializer == "raw" && shape == "bytes" && compression == "none"))
        // Of every 16th task; arguments that are bytes need no decoding.
        let isEncoded = run.phase.encodedBytesPerMessage != nil
        #expect(run.phase.encodeTime?.count == (isEncoded ? 7 : nil))
        #expect(run.phase.decodeTime?.count == (serializer == "raw" && shape == "bytes" ? nil : 7))
      }
    }

    /// Not those of the replies, which are 48 bytes each.
    @Test(arguments: ["a: {}", "a: { payload: 200B }", "a: {}, b: { chain: [ a, a ] }"])
    func bytesAreThoseOfTheArguments(tasks: String) throws {
      let run = try runTasks("wait: yield, payload: 100B, tasks: { \(tasks) }", "saturate: 64")
      expectAnswered(run, 64)
      let perTask = run.phase.rates.bytesPerSecond / run.phase.rates.receivedPerSecond
      #expect((perTask - (tasks == "a: {}" ? 100 : 200)).magnitude < 1e-6)
    }

    @Test func aTaskWorksAsLongAsItsNumberSays() throws {
      let run = try runTasks("wait: yield, tasks: { a: { service_time: 300us } }", "in_flight: 2, for: 30ms")
      expectAnswered(run)
      #expect(run.phase.handlerTime.map { $0.min >= 299_000 } == true)
    }

    /// Which attempt of which task fails is known beforehand.
    @Test(arguments: [0, 1, 3])
    func failuresAreAnswersAndRetriesAreCounted(retries: Int) throws {
      let count = 500
      let run = try runTasks("wait: yield, tasks: { a: { fail: 40%, retries: \(retries) } }", "saturate: \(count)")
      expectAnswered(run, count)
      let plan = FailurePlan(share: 0.4, requeues: false, seed: 1)
      var (failed, retried) = (0, 0)
      for sequence in 1...UInt64(count) {
        let number = SequenceNumber(stream: 0, sequence: sequence)
        let attempts = (0...retries).prefix { plan.hits(number, returnCount: $0) }.count
        retried += min(attempts, retries)
        if attempts > retries { failed += 1 }
      }
      #expect(run.phase.counts.failed == failed)
      #expect(run.phase.counts.retried == retried)
    }

    @Test func retriesWaitOutsideOfTheWorkers() throws {
      let run = try runTasks(
        "wait: yield, tasks: { a: { fail: 50%, retries: 5, retry_backoff: 2ms, retry_backoff_max: 10ms } }",
        "saturate: 200")
      expectAnswered(run, 200)
      #expect(run.phase.counts.retried.map { $0 > 100 } == true)
    }

    @Test func aCountdownHoldsATaskBack() throws {
      let run = try runTasks("wait: yield, tasks: { a: { countdown: 30ms } }", "saturate: 200")
      expectAnswered(run, 200)
      #expect(run.phase.queueTime.map { $0.min >= 29_000_000 } == true)
      // By a real clock, and never early.
      #expect(run.phase.etaError.map { $0.count == 200 && $0.min >= 0 && $0.negativeCount ?? 0 == 0 } == true)
    }

    /// Of two kinds only the one that is held back has a moment to keep, and only at its first attempt.
    @Test func howFarFromItsTimeATaskBeganIsThatOfItsFirstAttempt() throws {
      let run = try runTasks(
        "wait: yield, tasks: { late: { countdown: 5ms, fail: 50%, retries: 20 }, now: {} }", "saturate: 400")
      expectAnswered(run, 400)
      let (measured, all) = (run.phase.etaError?.count ?? 0, run.phase.queueTime?.count ?? 0)
      #expect(all == 400 && (50...150).contains(measured), "half of them, and of these half: \(measured)")
      let none = try runTasks("wait: yield, tasks: { now: {} }", "saturate: 20")
      #expect(none.phase.etaError == nil)
    }

    @Test func aRateLimitSpreadsTasksOut() throws {
      let run = try runTasks("wait: yield, tasks: { a: { rate_limit: 200/s } }", "saturate: 21")
      expectAnswered(run, 21)
      #expect(run.phase.serviceTime.map { $0.max >= 80_000_000 } == true)
    }

    @Test func whatHasExpiredIsAnswered() throws {
      let run = try runTasks(
        "wait: yield, tasks: { a: { service_time: 3ms, expires: 1ms } }", "in_flight: 16, for: 50ms")
      expectAnswered(run)
      #expect(run.phase.counts.expired > 0)
      #expect(run.phase.counts.failed == 0)
    }

    @Test func kindsComeByTheirWeight() throws {
      let run = try runTasks(
        "wait: yield, tasks: { quick: { weight: 9 }, failing: { weight: 1, fail: 100% } }", "saturate: 2000")
      expectAnswered(run, 2000)
      #expect(run.phase.counts.failed.map { (120...290).contains($0) } == true)
    }

    /// The work of a batch is that of its longest task, done once.
    @Test(arguments: ["raw", "json"])
    func severalTasksAreDoneAtOnceAndEachIsAnswered(serializer: String) throws {
      let run = try runTasks(
        "wait: yield, serializer: \(serializer), payload: 128B, tasks: { a: { batch: 10, service_time: 5ms, busy: sleep } }",
        "saturate: 100")
      expectAnswered(run, 100)
      // One after the other they would take half a second.
      #expect(run.phase.serviceTime.map { $0.max < 400_000_000 } == true)
      #expect(run.phase.handlerTime.map { $0.min >= 4_900_000 } == true)
    }

    @Test func oneOfABatchMayFailAndBeTriedAgain() throws {
      let run = try runTasks("wait: yield, tasks: { a: { batch: 8, fail: 40%, retries: 1 } }", "saturate: 300")
      expectAnswered(run, 300)
      #expect(run.phase.counts.retried.map { (80...160).contains($0) } == true)
      #expect(run.phase.counts.failed.map { (20...80).contains($0) } == true)
    }

    @Test func anOpenLoopHasLatencies() throws {
      let run = try runTasks("wait: park", "poisson: 2k/s, for: 100ms, pacing: { max_lag: 10s }")
      expectAnswered(run)
      #expect(run.phase.latency?.count == run.phase.counts.sent)
    }
  }
}
