import Testing

/// Tasks in child processes of the built binary.
@Suite struct TaskPoolTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  /// Chords, each task of which is verified by itself.
  @Test func childrenRunTasksAndAreKilledWithoutLosingAny() throws {
    try workspace.write(
      """
      name: pool
      workload:
        pattern: tasks
        workers: { pool: processes, concurrency: 2 }
        tasks:
          a: { service_time: 100us, acks_late: true, reject_on_worker_lost: true }
          w: { chord: { header: { a: 3 }, body: a } }
      load: { in_flight: 16, for: 400ms, pacing: { max_lag: 10s } }
      faults: [ { kind: kill_worker, who: workers.0, at: main+50ms, every: 100ms } ]
      """, to: "pool.yaml")
    let plan = try workspace.ringside("plan", "pool.yaml")
    #expect(plan.output.contains("2 that run tasks = 4"), "\(plan.output)")
    let outcome = try workspace.ringside("run", "pool.yaml", "--output", "results")
    #expect(outcome.exitCode == 0, "\(outcome.errors)\(outcome.output)")
    #expect(outcome.output.contains("0 lost, 0 duplicated, 0 reordered, 0 corrupted"))
    #expect(outcome.output.contains("kill_worker"))
  }

  @Test func aChildIsNotForUseByHand() throws {
    let outcome = try workspace.ringside("task-child")
    #expect(outcome.exitCode == 64)
    #expect(outcome.errors.contains("not by hand"))
    #expect(!(try workspace.ringside("--help").output.contains("task-child")))
  }
}
