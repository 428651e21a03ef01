import Platform
import Synchronization
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

  private let hour: Int64 = 3_600_000_000_000

  private func beat(
    _ world: ApplicationWorld, every interval: Int64, catchUp: CatchUpPolicy = .once, _ storage: Storage? = nil,
    now: Int64
  ) throws -> TaskBeat {
    let entry = Beat<Workflow>.Entry(
      name: "add", schedule: .interval(try IntervalSchedule(nanoseconds: interval)),
      payload: .task(try Add(x: 1, y: 1).signature()), catchUp: catchUp)
    return try TaskBeat(world.application, [entry], storage: storage, now: now)
  }

  /// Otherwise an interval of a day never comes where the process is started anew every day.
  @Test func aFirstMomentIsRememberedFromTheFirstStartOn() throws {
    let world = try ApplicationWorld()
    let storage = Storage()
    let first = try beat(world, every: 24 * hour, storage, now: 0)
    #expect(first.step(now: 0) == 24 * hour)
    let second = try beat(world, every: 24 * hour, storage, now: 10 * hour)
    #expect(second.step(now: 10 * hour) == 24 * hour)
    // Nothing is new, so nothing is stored.
    #expect(storage.storeCount == 1)
  }

  @Test(arguments: [(CatchUpPolicy.once, 1), (.skip, 0)])
  func aFirstMomentThatWasMissedIsForTheEntrysPolicy(policy: CatchUpPolicy, count: Int) throws {
    let world = try ApplicationWorld()
    let storage = Storage()
    _ = try beat(world, every: 24 * hour, catchUp: policy, storage, now: 0)
    let late = try beat(world, every: 24 * hour, catchUp: policy, storage, now: 30 * hour)
    #expect(late.step(now: 30 * hour) == 48 * hour)
    #expect(late.sentCount == count)
  }

  @Test func aStateThatCannotBeReadIsTold() throws {
    let world = try ApplicationWorld()
    let storage = Storage()
    let whole = try beat(world, every: hour, storage, now: 0)
    #expect(whole.storageProblem == nil)
    storage.bytes.withLock { $0?[20] ^= 1 }
    #expect(try beat(world, every: hour, storage, now: 0).storageProblem is BeatStateError)
    #expect(try beat(world, every: hour, storage, now: 0).storageProblem == nil, "it was replaced")
  }

  /// Its moment has not had its turn until it is sent.
  @Test func whatCannotBeSentIsTriedAgain() throws {
    let world = try ApplicationWorld()
    let storage = Storage()
    let second: Int64 = 1_000_000_000
    let beat = try beat(world, every: hour, storage, now: 0)
    world.transport.broker.limits["tasks"] = 0
    #expect(beat.step(now: hour) == hour + second)
    #expect(beat.sentCount == 0 && beat.failureCount == 1)
    // Nor is it forgotten when the process ends.
    let next = try self.beat(world, every: hour, storage, now: hour + second)
    world.transport.broker.limits["tasks"] = nil
    #expect(beat.step(now: hour + second) == 2 * hour)
    #expect(next.step(now: hour + 60 * second) == 2 * hour)
    #expect(beat.sentCount == 1 && next.sentCount == 1)
    #expect(world.transport.broker.count("tasks") == 2)
  }
}

/// Bytes that outlive the beat.
private final class Storage: BeatStorage, Sendable {
  let bytes = Guarded<[UInt8]?>(nil)
  private let count = Atomic<Int>(0)

  var storeCount: Int { count.load(ordering: .relaxed) }
  func load() -> [UInt8]? { bytes.withLock { $0 } }

  func store(_ bytes: [UInt8]) {
    count.wrappingAdd(1, ordering: .relaxed)
    self.bytes.withLock { $0 = bytes }
  }
}
