import Testing

@testable import TaskWorkers

@Suite struct TaskBeatTests {
  @Test func periodicTasksAreSentAtTheirMoments() throws {
    let world = try ApplicationWorld()
    let add = Workflow.task(try Add(x: 1, y: 1).signature())
    let minute: Int64 = 60_000_000_000
    let entry = Beat<Workflow>.Entry(
      name: "add", schedule: .interval(try IntervalSchedule(nanoseconds: minute)), payload: add)
    let beat = try TaskBeat(world.application, [entry], storage: nil, now: 0)
    let next = try #require(beat.step(now: 0))
    #expect(world.transport.broker.count("tasks") == 0)
    #expect(beat.step(now: next) == next + minute)
    #expect(beat.step(now: next) == next + minute)
    #expect(world.transport.broker.tasks("tasks").map(\.task) == ["Add"])
    _ = beat.step(now: next + minute)
    #expect(beat.sentCount == 2 && beat.failureCount == 0)
    world.run()
    #expect(world.application.resultStatistics.held == 0)
  }
}
