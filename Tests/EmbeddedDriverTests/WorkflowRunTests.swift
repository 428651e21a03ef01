import ResultModel
import Testing
import WorkloadLoops

extension RunTests {
  /// Workflows, tasks without results, and tasks with arguments of their own, from the scenario to the verdict.
  @Suite struct WorkflowRunTests {
    private func runTasks(_ tasks: String, _ load: String, _ workload: String = "wait: yield") throws -> EmbeddedRun {
      try EmbeddedRun("name: test\nworkload: { pattern: tasks, \(workload), tasks: { \(tasks) } }\nload: { \(load) }")
    }

    /// Every request was answered once, and so many tasks were executed for each.
    private func expectAnswered(
      _ run: EmbeddedRun, tasksEach: Int? = nil, sourceLocation: Testing.SourceLocation = #_sourceLocation
    ) {
      #expect(run.result.status == .passed, "\(run.result.verdicts.filter { !$0.ok })", sourceLocation: sourceLocation)
      let counts = run.phase.counts
      #expect(counts.sent > 0 && counts.received == counts.sent, sourceLocation: sourceLocation)
      #expect(run.phase.verification?.verified == counts.sent, sourceLocation: sourceLocation)
      if let tasksEach { #expect(counts.executed == tasksEach * counts.sent, sourceLocation: sourceLocation) }
      run.expectEmptyQueues(sourceLocation: sourceLocation)
    }

    static let workflows: [(text: String, taskCount: Int)] = [
      ("w: { chain: [a, b, a] }", 3), ("w: { group: { a: 4, b: 1 } }", 5),
      ("w: { chord: { header: { a: 4 }, body: b } }", 5),
      ("w: { chain: [a, g, b] }, g: { group: [a, c] }, c: { chain: [a, b] }", 5),
      ("w: { chord: { header: [c, m], body: c } }, m: { chord: { header: [a], body: b } }, c: { chain: [b, a] }", 6),
      ("w: { group: [c, c, a] }, c: { chain: [a, g] }, g: { group: { b: 2 } }", 7),
    ]

    @Test(arguments: workflows)
    func everyTaskOfAWorkflowIsExecutedOnce(text: String, taskCount: Int) throws {
      let run = try runTasks("a: {}, b: {}, \(text)", "saturate: 100", "wait: yield, workers: { count: 2 }")
      expectAnswered(run, tasksEach: taskCount)
      #expect(run.phase.counts.sent == 100)
      #expect(run.phase.handlerTime?.count == 100 * taskCount)
    }

    @Test(arguments: [("json", "zstd"), ("raw", "lz4"), ("protobuf", "none")])
    func resultsReachTheNextTaskInEveryEncoding(serializer: String, compression: String) throws {
      let run = try runTasks(
        "a: {}, b: {}, w: { chord: { header: { a: 3 }, body: b } }", "saturate: 50",
        "wait: yield, payload: { shape: record, size: 200B }, serializer: \(serializer), compression: \(compression)")
      expectAnswered(run, tasksEach: 4)
    }

    @Test func aChainTakesAsLongAsItsTasksTogether() throws {
      let run = try runTasks(
        "a: { service_time: 300us }, b: { service_time: 200us }, w: { chain: [a, b, a] }", "in_flight: 1, for: 30ms")
      expectAnswered(run, tasksEach: 3)
      #expect(run.phase.serviceTime.map { $0.min >= 799_000 } == true)
    }

    @Test(arguments: ["park", "yield"])
    func anOpenLoopOfWorkflowsHasLatencies(wait: String) throws {
      let run = try runTasks(
        "a: {}, b: {}, w: { chord: { header: { a: 3 }, body: b } }",
        "poisson: 1k/s, for: 100ms, pacing: { max_lag: 10s }", "wait: \(wait)")
      expectAnswered(run, tasksEach: 4)
      #expect(run.phase.latency?.count == run.phase.counts.sent)
    }

    /// Which attempt of which member fails is known beforehand.
    private func firstFailure(_ members: Range<Int>, of sequence: UInt64, retries: Int = 0) -> Int? {
      let plan = FailurePlan(share: 0.3, requeues: false, seed: 1)
      return members.first { member in
        let number = SequenceNumber(stream: 0, sequence: sequence | UInt64(member) << 32)
        return (0...retries).allSatisfy { plan.hits(number, returnCount: $0) }
      }
    }

    @Test(arguments: [0, 2])
    func aChainEndsWhereItFails(retries: Int) throws {
      let run = try runTasks(
        "a: { fail: 30%, retries: \(retries) }, w: { chain: [a, a, a] }", "saturate: 200",
        "wait: yield, workers: { count: 2 }")
      expectAnswered(run)
      let failures = (1...200).compactMap { firstFailure(0..<3, of: $0, retries: retries) }
      #expect(run.phase.counts.failed == failures.count)
      // What comes behind a failure never runs.
      #expect(run.phase.counts.executed == 200 * 3 - failures.reduce(0) { $0 + 2 - $1 })
    }

    @Test func aChordWithAFailureFailsAndItsOtherTasksRun() throws {
      let run = try runTasks(
        "a: { fail: 30% }, b: {}, w: { chord: { header: { a: 4 }, body: b } }", "saturate: 200",
        "wait: park, workers: { count: 2 }")
      expectAnswered(run)
      let failedCount = (1...200).filter { firstFailure(0..<4, of: $0) != nil }.count
      #expect(run.phase.counts.failed == failedCount)
      #expect(run.phase.counts.executed == 200 * 5 - failedCount)
    }

    @Test func aGroupIsDoneWhenAllItsTasksAre() throws {
      let run = try runTasks("a: { fail: 30% }, w: { group: { a: 3 } }", "saturate: 200")
      expectAnswered(run, tasksEach: 3)
      #expect(run.phase.counts.failed == (1...200).filter { firstFailure(0..<3, of: $0) != nil }.count)
    }

    @Test func whatExpiresEndsItsWorkflow() throws {
      let run = try runTasks(
        "slow: { service_time: 2ms }, late: { expires: 1ms }, w: { chain: [slow, late] }", "in_flight: 8, for: 40ms")
      expectAnswered(run)
      #expect(run.phase.counts.expired > 0)
    }

    @Test(arguments: ["yield", "park"])
    func tasksWithoutResultsAreCountedOnce(wait: String) throws {
      let run = try runTasks(
        "a: { ignore_result: true, service_time: 20us, fail: 30%, retries: 1 }", "in_flight: 8, for: 60ms",
        "wait: \(wait), workers: { count: 2 }")
      expectAnswered(run, tasksEach: 1)
      let count = run.phase.counts.sent
      let failedCount = (1...UInt64(max(1, count))).filter { firstFailure(0..<1, of: $0, retries: 1) != nil }.count
      #expect(run.phase.counts.failed == failedCount)
      #expect(run.phase.resultTime?.count ?? 0 == 0)
      #expect(run.phase.labels.contains(.resultIgnored))
    }

    @Test func theLatencyOfATaskWithoutAResultEndsWithIt() throws {
      let run = try runTasks(
        "a: { ignore_result: true, service_time: 1ms }", "constant: 200/s, for: 100ms, pacing: { max_lag: 10s }",
        "wait: park")
      expectAnswered(run, tasksEach: 1)
      #expect(run.phase.latency?.count == run.phase.counts.sent)
      #expect(run.phase.latency.map { $0.min >= 999_000 } == true)
    }

    @Test func tasksHaveArgumentsOfTheirOwn() throws {
      let run = try runTasks(
        "big: { payload: 4KiB }, drawn: { payload: { uniform: [100B, 900B] } }, w: { chain: [big, drawn] }",
        "saturate: 300", "wait: yield, payload: 64B, serializer: json")
      expectAnswered(run, tasksEach: 2)
      #expect(run.phase.encodedBytesPerMessage.map { $0 > 300 } == true)
    }

    @Test func severalClientsHaveWorkflowsAtTheSameTime() throws {
      let run = try runTasks(
        "a: {}, b: {}, lone: { weight: 3 }, w: { chord: { header: { a: 3 }, body: b } }", "saturate: 600",
        "wait: yield, producers: { c: { count: 2 } }, workers: { count: 2 }")
      expectAnswered(run)
    }

    @Test func aCountdownHoldsATaskOfAWorkflowBack() throws {
      let run = try runTasks("a: {}, later: { countdown: 20ms }, w: { chain: [a, later] }", "saturate: 20")
      expectAnswered(run, tasksEach: 2)
      #expect(run.phase.serviceTime.map { $0.min >= 20_000_000 } == true)
    }

    @Test func theBeatSendsByScheduleAlone() throws {
      let run = try runTasks(
        "quick: { schedule: { every: 2ms } }, slow: { schedule: { every: 10ms } }",
        "for: 51ms, pacing: { max_lag: 10s }",
        "wait: yield")
      expectAnswered(run, tasksEach: 1)
      #expect(run.phase.counts.scheduled == 25 + 5 && run.phase.counts.sent == 30)
      #expect(run.phase.latency?.count == 30)
      #expect(run.result.variants[0].threads == 2)
    }

    /// Three hours of the night in which the clocks of Berlin go back, in 60 ms: half past two counts once, every quarter of an hour.
    @Test func theBeatSendsByTheClocksOnAWall() throws {
      let run = try runTasks(
        "nightly: { schedule: { crontab: '30 2 * * *', timezone: Europe/Berlin } }, "
          + "often: { schedule: { minute: '*/15', timezone: Europe/Berlin } }",
        "for: 61ms, pacing: { max_lag: 10s }", "wait: yield, beat: { from: 2026-10-25T00:00:00Z, speed: 180000 }")
      expectAnswered(run, tasksEach: 1)
      #expect(run.phase.counts.scheduled == 12 + 1 && run.phase.counts.sent == 13)
      #expect(run.phase.latency?.count == 13)
    }

    /// The beat's share used to count as missing from the clients' schedule.
    @Test func theLoadIsJudgedWithoutTheBeat() throws {
      let run = try runTasks(
        "often: {}, rare: { schedule: { every: 10ms } }", "poisson: 1k/s, for: 100ms, pacing: { max_lag: 10s }")
      expectAnswered(run)
      #expect(run.phase.arrivals.map { $0.isPlausible && $0.count > 50 } == true)
    }

    @Test func theBeatSendsBesideTheLoad() throws {
      let run = try runTasks(
        "often: {}, part: {}, w: { group: { part: 2 }, schedule: { every: 5ms } }",
        "in_flight: 2, for: 52ms, pacing: { max_lag: 10s }", "wait: yield, producers: { c: { count: 2 } }")
      expectAnswered(run)
      let counts = run.phase.counts
      // Those of the beat have an intended time.
      #expect(run.phase.latency?.count == 10)
      #expect(counts.executed == counts.sent + 10)
    }

    @Test func aWorkflowTooLargeForAMessageIsRefusedBeforehand() throws {
      #expect(throws: (any Error).self) {
        let run = try runTasks("a: { payload: 900KiB }, w: { chain: [a, a] }", "saturate: 1")
        if run.result.status != .passed { throw Refused() }
      }
    }

    private struct Refused: Error {}
  }
}
