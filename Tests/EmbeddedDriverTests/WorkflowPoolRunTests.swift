import ResultModel
import Testing

extension RunTests {
  /// Workflows, tasks without results and tasks with arguments of their own in pools of threads and of children, which may die.
  @Suite struct WorkflowPoolRunTests {
    private func runTasks(
      _ workers: String, _ tasks: String, _ load: String, _ rest: String = "wait: park", child: String = "task-child",
      faults: String = ""
    ) throws -> EmbeddedRun {
      try EmbeddedRun(
        "name: test\nworkload: { pattern: tasks, \(rest), workers: { \(workers) }, tasks: { \(tasks) } }\n"
          + "load: { \(load) }\n\(faults)", taskChild: try EmbeddedRun.peer(child))
    }

    /// Every request was answered once, and so many tasks were executed for each.
    private func expectAnswered(
      _ run: EmbeddedRun, tasksEach: Int? = nil, sourceLocation: Testing.SourceLocation = #_sourceLocation
    ) {
      #expect(run.result.status == .passed, "\(run.result.verdicts.filter { !$0.ok })", sourceLocation: sourceLocation)
      let counts = run.phase.counts
      #expect(counts.sent > 0 && counts.received == counts.sent, sourceLocation: sourceLocation)
      #expect(run.phase.verification?.verified == counts.sent, sourceLocation: sourceLocation)
      #expect(run.phase.verification?.duplicated == 0, sourceLocation: sourceLocation)
      if let tasksEach { #expect(counts.executed == tasksEach * counts.sent, sourceLocation: sourceLocation) }
      run.expectEmptyQueues(sourceLocation: sourceLocation)
    }

    static let pools = ["concurrency: 3", "pool: processes, concurrency: 2, count: 2"]
    private static let chord = "a: {}, b: {}, w: { chord: { header: { a: 4 }, body: b } }"
    private static let lateChord =
      "a: { acks_late: true, reject_on_worker_lost: true }, b: { acks_late: true, reject_on_worker_lost: true }, "
      + "w: { chord: { header: { a: 4 }, body: b } }"

    @Test(arguments: pools)
    func everyTaskOfAWorkflowIsExecutedOnce(workers: String) throws {
      let run = try runTasks(
        workers,
        "a: { payload: 4KiB }, b: {}, w: { chord: { header: [c, m], body: c } }, "
          + "m: { chord: { header: [a], body: b } }, c: { chain: [b, a] }", "saturate: 100",
        "wait: yield, serializer: json, compression: zstd, payload: { shape: record, size: 200B }")
      expectAnswered(run, tasksEach: 6)
      #expect(run.phase.handlerTime?.count == 600)
    }

    @Test(arguments: pools)
    func tasksWithoutResultsAndFailuresAreCountedOnce(workers: String) throws {
      let run = try runTasks(
        workers, "a: { ignore_result: true, fail: 30%, retries: 1 }, b: { payload: { uniform: [100B, 900B] } }",
        "saturate: 300")
      expectAnswered(run, tasksEach: 1)
      #expect(run.phase.counts.failed.map { $0 > 0 } == true)
    }

    @Test(arguments: pools)
    func theBeatSendsBesideTheLoad(workers: String) throws {
      let run = try runTasks(
        workers, "often: {}, part: {}, w: { group: { part: 2 }, schedule: { every: 5ms } }",
        "in_flight: 2, for: 52ms, pacing: { max_lag: 10s }")
      expectAnswered(run)
      #expect(run.phase.counts.executed == run.phase.counts.sent + 10)
    }

    @Test func tasksOfAWorkflowAreDoneInBatches() throws {
      let run = try runTasks(
        "count: 2",
        "a: { batch: 8, fail: 20% }, b: { batch: 3, ignore_result: true }, w: { chain: [a, g] }, g: { group: { a: 3 } }",
        "saturate: 200")
      expectAnswered(run)
      #expect(run.phase.counts.failed.map { $0 > 0 } == true)
    }

    @Test func childrenOfWorkflowsAreReplacedAndKeepTimeLimits() throws {
      let run = try runTasks(
        "pool: processes, max_tasks_per_child: 40",
        "a: {}, slow: { service_time: 1m, busy: sleep, time_limit: 60ms }, w: { chord: { header: { a: 3 }, body: a } }, "
          + "v: { chain: [a, slow, a] , weight: 0.05 }", "saturate: 60")
      expectAnswered(run)
      let failed = try #require(run.phase.counts.failed)
      // What follows the killed one never runs.
      #expect(failed > 0 && run.phase.counts.executed == 4 * (60 - failed) + 2 * failed)
    }

    @Test(arguments: [1, 3])
    func aChordWhoseChildrenAreKilledIsExecutedOnce(batchCount: Int) throws {
      let run = try runTasks(
        "pool: processes, concurrency: 2",
        "a: { service_time: 200us, acks_late: true, reject_on_worker_lost: true, batch: \(batchCount) }, "
          + "w: { chord: { header: { a: 4 }, body: a } }", "in_flight: 8, for: 400ms",
        faults: "faults: [ { kind: kill_worker, who: workers, at: main+50ms, every: 30ms } ]")
      expectAnswered(run, tasksEach: 5)
      let kills = try #require(run.phase.faults?.first?.injected)
      #expect(kills > 0 && run.phase.counts.redelivered <= kills * batchCount)
    }

    /// Its children run a member in so many twice, and say so nowhere.
    @Test func anUnflaggedSecondExecutionOfAMemberIsCaught() throws {
      let run = try runTasks("pool: processes, concurrency: 2", Self.chord, "saturate: 100", child: "repeating-child")
      #expect(run.result.exitCode == .verificationFailed)
      let verification = try #require(run.phase.verification)
      // 500 tasks on two children, one in 40 of each.
      #expect((11...12).contains(verification.duplicated), "\(verification.duplicated)")
      #expect(verification.lost == 0 && verification.corrupted == 0)
      #expect(run.result.verdicts.contains { !$0.ok && $0.id.hasPrefix("duplicated") }, "\(run.result.verdicts)")
      #expect(run.phase.counts.received == 100 && run.phase.counts.executed == 500)
    }

    /// Its children die with a member in so many whose work is done, and the next ones do it again.
    @Test func aFlaggedSecondExecutionIsAccepted() throws {
      let run = try runTasks("pool: processes, concurrency: 2", Self.lateChord, "saturate: 100", child: "dying-child")
      expectAnswered(run, tasksEach: 5)
      #expect(run.phase.counts.redelivered > 0 && run.phase.counts.failed ?? 0 == 0)
    }

    /// Three children die of a task before it is given up: all three executions are accounted for.
    @Test func aTaskThatKillsEveryChildIsExecutedAsOftenAsItMayBe() throws {
      let run = try runTasks("pool: processes", Self.lateChord, "saturate: 30", child: "poisoned-child")
      expectAnswered(run)
      let failed = try #require(run.phase.counts.failed)
      #expect((1...4).contains(failed) && run.phase.counts.redelivered > 0)
    }

    /// Acknowledged when it begins, it is gone with its child: once, not twice.
    @Test func aMemberThatDiesWithItsChildEndsItsChord() throws {
      let run = try runTasks("pool: processes", Self.chord, "saturate: 60", child: "dying-child")
      expectAnswered(run)
      #expect(run.phase.counts.redelivered == 0 && run.phase.counts.failed.map { $0 > 0 } == true)
    }

    @Test func anAnswerToAnotherTaskIsCaught() throws {
      let run = try runTasks("pool: processes", Self.chord, "saturate: 60", child: "confused-child")
      #expect(run.result.exitCode == .verificationFailed)
      #expect(run.phase.verification.map { $0.corrupted > 0 && $0.lost == 0 } == true)
    }
  }
}
