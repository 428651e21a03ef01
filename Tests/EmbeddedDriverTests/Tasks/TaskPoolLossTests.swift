import DriverInterface
import EmbeddedDriver
import Glibc
import Platform
import ResultModel
import Testing
import WorkloadLoops

extension RunTests {
  /// Children that are killed while they run tasks, by the signal that they cannot notice.
  @Suite struct TaskPoolLossTests {
    private func run(
      _ task: String, _ faults: String, load: String, workers: String = "concurrency: 2"
    ) throws -> EmbeddedRun {
      try EmbeddedRun(
        """
        name: test
        workload: { pattern: tasks, workers: { pool: processes, \(workers) }, tasks: { a: { \(task) } } }
        load: { \(load) }
        faults: [ { kind: kill_worker, who: workers, \(faults) } ]
        """)
    }

    /// 200 kills of two workers with two children each. What a child ran when it died is run again, and nothing else is: no more
    /// tasks are flagged than children were killed, and no attempt is made that nothing accounts for (`duplicated`).
    ///
    /// How many kills hit a child at work in a given time is the machine's doing: there are runs until they were so many.
    @Test func killsLoseNothingAndRunNothingTwiceButWhatWasRunning() throws {
      var (killCount, redeliveredCount, runCount) = (0, 0, 0)
      while killCount < 200, runCount < 50 {
        let run = try run(
          "service_time: 50us, acks_late: true, reject_on_worker_lost: true",
          "at: main+10ms, every: 10ms, times: 50", load: "in_flight: 32, for: 600ms",
          workers: "count: 2, concurrency: 2")
        let counts = run.phase.counts
        #expect(counts.received == counts.sent)
        #expect(counts.failed == 0)
        #expect(run.phase.verification?.verified == counts.sent)
        #expect(run.phase.verification?.duplicated == 0)
        let kills = run.phase.faults?.first?.injected ?? 0
        #expect(counts.redelivered <= kills)
        run.expectEmptyQueues()
        killCount += kills
        redeliveredCount += counts.redelivered
        runCount += 1
      }
      #expect(killCount >= 200 && redeliveredCount > 0, "\(killCount) kills, \(redeliveredCount) of them hit a task")
    }

    /// Acknowledged when it begins, it is gone with the child: once, not twice.
    @Test func withoutLateAcknowledgementWhatRanIsAFailure() throws {
      let run = try run("service_time: 1ms", "at: main+50ms, every: 50ms, times: 4", load: "in_flight: 8, for: 300ms")
      #expect(run.result.status == .passed, "\(run.result.verdicts.filter { !$0.ok })")
      #expect(run.phase.counts.received == run.phase.counts.sent)
      #expect(run.phase.counts.redelivered == 0)
      #expect(run.phase.counts.failed.map { (1...4).contains($0) } == true)
      #expect(run.phase.faults?.map(\.injected) == [4])
    }

    /// The first child runs its share, and no other one starts.
    @Test func aPoolThatLosesItsLastChildEndsTheTrialAndSaysWhy() throws {
      let peer = try EmbeddedRun.peer("task-child")
      let workspace = try TemporaryFolder()
      let script = "mkdir \(workspace.path)/started || exit 3; exec \(peer.executable) task-child"
      let run = try EmbeddedRun(
        """
        name: test
        workload: { pattern: tasks, workers: { pool: processes, max_tasks_per_child: 20 } }
        load: { in_flight: 4, for: 20s }
        """, taskChild: PeerProgram(executable: "/bin/sh", arguments: ["-c", script]))
      #expect(run.result.status == .invalid)
      let trial = run.result.variants[0].trials[0]
      #expect(trial.status == .crashed)
      #expect(trial.invalidReasons.contains { $0.contains("gave up after 5 failed starts") }, "\(trial.invalidReasons)")
      // What was sent and not run is back in the queue.
      #expect(run.queues.first { $0.name == "tasks" }?.unacknowledgedCount == 0)
    }

    @Test(
      arguments: [
        (nil, DriverError.Code.notSupported, "no way to start"),
        (PeerProgram(executable: "/nowhere", arguments: []), .unavailable, "No such file"),
        (PeerProgram(executable: "/bin/false", arguments: []), .unavailable, "exited with code 1"),
      ] as [(PeerProgram?, DriverError.Code, String)])
    func aChildThatCannotStartIsTheDriversError(program: PeerProgram?, code: DriverError.Code, says: String) {
      let subject = EmbeddedSubject(taskChild: program)
      let tasks = EmbeddedSubjectTests.plan(
        .tasks(.init(pool: .processes, kinds: [.init(name: "a")])), payload: 64)
      let error = #expect(throws: DriverError.self) { try subject.prepare(tasks) }
      #expect(error?.code == code)
      #expect(error?.message.contains(says) == true, "\(error?.message ?? "")")
    }
  }
}

/// An empty folder that goes away with its owner.
private final class TemporaryFolder {
  let path: String

  init() throws {
    var template = Array("/tmp/ringside-pool-XXXXXX".utf8CString)
    guard unsafe mkdtemp(&template) != nil else { throw SystemError("make a temporary folder", code: errno) }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    unsafe rmdir(path + "/started")
    unsafe rmdir(path)
  }
}
