import Distributions
import DriverInterface
import Platform
import Testing

@testable import TaskWorkers

/// A worker whose pool grows and shrinks while it works: the test is the lanes.
@Suite struct PooledSizeTests {
  private typealias Worker = TaskWorld.Pooled<ScriptedLane>
  private let world = TaskWorld()

  /// By lane: what it has, in the order in which they came.
  private final class Scripts {
    var all: [LaneScript] = []

    func add(depth: Int = 1) -> ScriptedLane {
      all.append(LaneScript())
      all[all.count - 1].depth = depth
      return ScriptedLane(all[all.count - 1])
    }
  }

  private let scripts = Scripts()

  private func worker(_ count: Int, limit: Int, isLate: Bool = false) -> Worker {
    world.registry.register("work", options: TaskOptions { $0.acksLate = isLate }) { _, _ in }
    var worker: Worker = world.pooledWorker(laneLimit: limit)
    for _ in 0..<count { worker.pool.grow(by: scripts.add()) }
    return worker
  }

  private func step(_ worker: inout Worker) {
    while worker.step(limit: 10, now: world.now) > 0 {}
  }

  /// What `resize` throws.
  private func resize(_ worker: inout Worker, to count: Int, failingAt place: Int = .max) -> String? {
    var made = 0
    do {
      try worker.resize(to: count) { () throws(DriverError) in
        made += 1
        if made == place { throw DriverError(.unavailable, "no memory") }
        return scripts.add()
      }
      return nil
    } catch { return error.message }
  }

  @Test func newLanesTakeWhatWaitsAndThoseThatGoFinishWhatTheyHave() {
    for isLate in [false, true] {
      scripts.all = []
      for byte in 0..<8 as Range<UInt8> { world.apply("work", [byte]) }
      var worker = worker(1, limit: 6, isLate: isLate)
      step(&worker)
      #expect(scripts.all.map(\.records.count) == [1])
      #expect(resize(&worker, to: 3) == nil)
      step(&worker)
      #expect(scripts.all.map(\.records.count) == [1, 1, 1])
      #expect(resize(&worker, to: 1) == nil)
      #expect(scripts.all.count { $0.stop == .warm } == 2)
      // Each once, also those of the lanes that go.
      while let busy = scripts.all.last(where: { !$0.records.isEmpty }) {
        busy.succeed(busy.records[0].bytes.taskMessage?.arguments.bytes ?? [])
        step(&worker)
      }
      #expect(world.outcomes().map { $0.value }.sorted { $0[0] < $1[0] } == (0..<8).map { [$0] })
      let (count, takingCount) = (worker.pool.count, worker.pool.takingCount)
      #expect(count == 1 && takingCount == 1 && worker.core.endpoint.unacknowledgedCount == 0)
    }
  }

  /// A list of what waits, runs and is over is the model.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func everyTaskIsDoneOnceWhileThePoolChanges(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var worker = worker(2, limit: 8, isLate: seed == 2)
    var sent: Set<TaskIdentifier> = []
    var ended: [TaskIdentifier] = []
    for moment in 0..<3000 {
      switch random.below(8) {
      case 0:
        let wanted = 1 + random.below(5)
        let (count, takingCount, capacity) = (worker.pool.count, worker.pool.takingCount, worker.pool.capacity)
        let refusal = resize(&worker, to: wanted)
        let place = "seed \(seed), moment \(moment)"
        #expect((refusal == nil) == (wanted - takingCount <= capacity - count), "\(place)")
        let now = worker.pool.takingCount
        #expect(now == (refusal == nil ? wanted : takingCount), "\(place)")
      case 1..<4: sent.insert(world.apply("work"))
      default:
        let busy = scripts.all.filter { !$0.records.isEmpty }
        if !busy.isEmpty { busy[random.below(busy.count)].succeed() }
      }
      step(&worker)
      ended += world.outcomes().map(\.identifier)
    }
    while let busy = scripts.all.first(where: { !$0.records.isEmpty }) {
      busy.succeed()
      step(&worker)
      ended += world.outcomes().map(\.identifier)
    }
    #expect(ended.count == sent.count && Set(ended) == sent, "seed \(seed)")
    #expect(worker.core.isDrained == true, "seed \(seed)")
  }

  @Test func lanesThatStillFinishSomethingLeaveNoRoomForMore() {
    for _ in 0..<4 { world.apply("work") }
    var worker = worker(2, limit: 3)
    step(&worker)
    #expect(resize(&worker, to: 1) == nil)
    #expect(
      resize(&worker, to: 3)
        == "1 that are to go still finish what they have begun: there is room for 1 more")
    #expect(worker.pool.takingCount == 1)
    for script in scripts.all { script.succeed() }
    step(&worker)
    #expect(resize(&worker, to: 3) == nil)
    #expect(worker.pool.takingCount == 3)
  }

  @Test func aLaneThatCannotBeMadeLeavesThePoolAsItWas() {
    var worker = worker(2, limit: 8)
    #expect(resize(&worker, to: 5, failingAt: 3) == "no memory")
    _ = worker.step(limit: 1, now: world.now)
    let (count, takingCount) = (worker.pool.count, worker.pool.takingCount)
    #expect(count == 2 && takingCount == 2)
  }

  @Test func thoseThatGaveUpAreReplaced() {
    var worker = worker(2, limit: 8)
    scripts.all[0].failure = "could not be started"
    _ = worker.step(limit: 1, now: world.now)
    #expect(worker.failure != nil && worker.pool.takingCount == 1)
    #expect(resize(&worker, to: 3) == nil)
    #expect(worker.failure == nil && worker.pool.takingCount == 3)
    _ = worker.step(limit: 1, now: world.now)
    #expect(worker.failure == nil)
  }

  @Test func aWorkerThatEndsKeepsItsSize() {
    var worker = worker(1, limit: 8)
    worker.stop(.warm)
    #expect(resize(&worker, to: 2) == "the worker is about to end")
    // Whatever else has happened to it, before or afterwards.
    for stopsFirst in [false, true] {
      scripts.all = []
      var other = self.worker(1, limit: 8)
      if stopsFirst { other.stop(.warm) }
      scripts.all[0].failure = "could not be started"
      step(&other)
      other.stop(.warm)
      #expect(resize(&other, to: 2) == "the worker is about to end")
    }
  }

  /// They used to stay with a worker that did nothing any more.
  @Test func tasksThatWaitForTheirRateLimitGoBackWhenAllLanesHaveGivenUp() {
    world.registry.register("limited", options: TaskOptions { $0.rateLimit = RateLimit("1/h") }) { _, _ in }
    var worker = worker(1, limit: 2)
    for _ in 0..<3 { world.apply("limited") }
    step(&worker)
    #expect(scripts.all[0].records.count == 1 && worker.core.endpoint.unacknowledgedCount == 2)
    scripts.all[0].succeed()
    scripts.all[0].failure = "could not be started"
    step(&worker)
    #expect(world.broker.count("tasks") == 2 && worker.core.endpoint.unacknowledgedCount == 0)
    #expect(resize(&worker, to: 1) == nil)
    step(&worker)
    world.wait(.seconds(3600))
    step(&worker)
    #expect(scripts.all[1].records.count == 1 && world.outcomes().count == 1)
  }

  /// It used to say again why it had given up, and to be good for nothing any more.
  @Test func aWorkerThatHasGivenUpBeginsAgainWhenItGetsNewLanes() {
    for isLate in [false, true] {
      scripts.all = []
      var worker = worker(1, limit: 4, isLate: isLate)
      let tasks = (0..<6).map { _ in world.apply("work") }
      scripts.all[0].failure = "could not be started"
      step(&worker)
      #expect(worker.failure == "could not be started" && world.broker.count("tasks") == 6)
      #expect(resize(&worker, to: 2, failingAt: 1) == "no memory")
      step(&worker)
      #expect(worker.failure == "could not be started" && world.broker.count("tasks") == 6, "nothing has changed")
      scripts.all[0].stop = .warm
      #expect(resize(&worker, to: 2) == nil)
      #expect(worker.failure == nil && worker.pool.takingCount == 2)
      step(&worker)
      while let busy = scripts.all.first(where: { !$0.records.isEmpty }) {
        busy.succeed()
        step(&worker)
      }
      #expect(Set(world.outcomes().map(\.identifier)) == Set(tasks))
      // And again.
      for script in scripts.all.suffix(2) { script.failure = "no more" }
      step(&worker)
      world.apply("work")
      step(&worker)
      #expect(worker.failure == "no more" && world.broker.count("tasks") == 1)
      world.broker.queues["tasks"] = []
    }
  }
}
