import ResultModel
import Testing

extension RunTests {
  /// Tasks in pools of threads and of child processes, from the scenario to the verdict. The children are the executable `RingPeer`.
  @Suite struct TaskPoolRunTests {
    private func runTasks(
      _ workers: String, _ rest: String = "", load: String = "saturate: 400", faults: String = ""
    ) throws -> EmbeddedRun {
      try EmbeddedRun(
        "name: test\nworkload: { pattern: tasks, workers: { \(workers) }\(rest.isEmpty ? "" : ", ")\(rest) }\n"
          + "load: { \(load) }\n\(faults)")
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
      run.expectEmptyQueues(sourceLocation: sourceLocation)
    }

    @Test(arguments: ["pool: threads, concurrency: 3", "pool: processes", "pool: processes, concurrency: 2, count: 2"])
    func everyTaskOfAPoolIsAnswered(workers: String) throws {
      let run = try runTasks(
        workers, "producers: { c: { count: 2 } }",
        load: "warmup: 10ms, phases: [ few: { in_flight: 3, for: 20ms }, many: { saturate: 1000 } ]")
      expectAnswered(run, 1000)
      #expect(run.phase.handlerTime?.count == 1000)
      // The moments of a child are on its parent's axis.
      #expect(run.phase.queueTime.map { $0.min >= 0 } == true)
      #expect(run.phase.resultTime.map { $0.min >= 0 } == true)
    }

    /// One after the other they would take 600 ms.
    @Test(arguments: ["pool: threads", "pool: processes"])
    func tasksOfAWorkerRunSideBySide(pool: String) throws {
      let run = try runTasks(
        pool + ", concurrency: 4, prefetch_multiplier: 1", "tasks: { a: { service_time: 150ms, busy: sleep } }",
        load: "saturate: 4")
      expectAnswered(run, 4)
      #expect(run.phase.serviceTime.map { (150_000_000..<600_000_000).contains($0.max) } == true)
    }

    @Test func aChildDoesWhatTheScenarioSaysOfItsTasks() throws {
      let run = try runTasks(
        "pool: processes",
        """
        serializer: json, compression: lz4, payload: { shape: record, size: { uniform: [64B, 600B] } },
        tasks: { slow: { service_time: { bimodal: { 1ms: 90%, 2ms: 10% } } }, failing: { fail: 100%, retries: 1 } }
        """, load: "saturate: 200")
      expectAnswered(run, 200)
      let failed = run.phase.counts.failed ?? 0
      #expect((60...140).contains(failed))
      #expect(run.phase.counts.retried == failed)
      #expect(run.phase.handlerTime.map { $0.max >= 999_000 } == true)
      // Each child begins with a sample; attempts that fail are decoded too.
      #expect(run.phase.encodeTime?.count == 13)
      #expect(run.phase.decodeTime?.count == (200 + failed + 15) / 16)
    }

    @Test func eachThreadOfAPoolSaysHowLongDecodingTook() throws {
      let run = try runTasks("pool: threads, concurrency: 2", "serializer: json", load: "saturate: 200")
      expectAnswered(run, 200)
      // Two that count for themselves.
      #expect(run.phase.decodeTime.map { (13...14).contains($0.count) } == true)
    }

    @Test func childrenAreReplacedAfterSomeTasks() throws {
      let run = try runTasks("pool: processes, max_tasks_per_child: 50")
      expectAnswered(run, 400)
      #expect(run.phase.counts.redelivered == 0)
    }

    /// They used to work for their whole minute.
    @Test(arguments: ["pool: threads", "pool: threads, concurrency: 2", "pool: processes"])
    func aTaskThatIsToldToStopEndsAtItsLimitAndHasFailed(workers: String) throws {
      for busy in ["sleep", "spin"] {
        let run = try runTasks(
          workers,
          "tasks: { endless: { service_time: 1m, busy: \(busy), soft_time_limit: 10ms }, "
            + "quick: { service_time: 1ms, soft_time_limit: 10s } }", load: "saturate: 8")
        expectAnswered(run, 8)
        let failed = try #require(run.phase.counts.failed)
        #expect((1...7).contains(failed), "those that were endless, by lot")
        // The failure is the result: nobody was killed, and nothing is tried again.
        #expect(run.phase.counts.retried == 0 && run.phase.counts.redelivered == 0)
        #expect(run.phase.handlerTime?.count == 8 - failed)
        #expect(run.phase.serviceTime.map { $0.max >= 9_990_000 } == true)
      }
    }

    @Test func aTaskThatWasToldToStopIsTriedAgainLikeAnyThatFails() throws {
      let run = try runTasks(
        "pool: threads", "tasks: { a: { service_time: 1m, busy: sleep, soft_time_limit: 2ms, retries: 2 } }",
        load: "saturate: 3")
      expectAnswered(run, 3)
      #expect(run.phase.counts.failed == 3 && run.phase.counts.retried == 6)
    }

    /// It used to be refused: nobody told them.
    @Test(arguments: ["pool: solo", "pool: processes"])
    func aBatchThatIsToldToStopEndsAtItsLimitAndHasFailed(workers: String) throws {
      let run = try runTasks(
        workers, "tasks: { endless: { batch: 3, service_time: 1m, busy: sleep, soft_time_limit: 5ms, retries: 1 } }",
        load: "saturate: 7")
      expectAnswered(run, 7)
      #expect(run.phase.counts.failed == 7 && run.phase.counts.retried == 7)
      #expect(run.phase.counts.redelivered == 0)
    }

    @Test func aHardTimeLimitEndsATaskInItsChild() throws {
      let run = try runTasks(
        "pool: processes", "tasks: { endless: { service_time: 1m, busy: sleep, time_limit: 60ms }, quick: {} }",
        load: "saturate: 8")
      expectAnswered(run, 8)
      let failed = try #require(run.phase.counts.failed)
      #expect((1...7).contains(failed), "those that were endless, by lot")
      #expect(run.phase.handlerTime?.count == 8 - failed)
    }
  }
}
