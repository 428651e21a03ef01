import DriverInterface
import Platform
import RingBuffers
import Serialization
import Synchronization
import Testing

@testable import TaskWorkers

/// What a lane's worker owes whoever waits for it.
@Suite(.timeLimit(.minutes(1))) struct LaneLoopTests {
  private func options() -> LaneOptions {
    var options = LaneOptions()
    options.requestByteCapacity = 256
    options.completionByteCapacity = 256
    options.waiting = .parked
    return options
  }

  /// A record that the worker before had completed makes room without a completion: the intake may sleep until there is some.
  @Test func whoWaitsForRoomIsWokenWhenARecordIsSkipped() throws {
    let region = try LaneRegion(options(), calibration: nil)
    let bell = try LaneBell()
    var channel = LaneChannel(region, depth: 4)
    let admission = [UInt8](repeating: 1, count: 64).withMessageBody { channel.tryHandOver(LaneOrder(ticket: 1), $0) }
    #expect(admission == .taken)
    unsafe region.words[.firstSequence].pointee.store(2, ordering: .releasing)
    channel.close()
    let ticket = bell.doorbell.prepareToWait()
    var loop = LaneLoop(
      region, bell: bell.doorbell, time: SimulatedClock(), isDisposable: false, handler: EchoHandler())
    let ending = loop.run()
    #expect(ending == .drained && region.requests.usedByteCount == 0)
    let isRung = bell.doorbell.wait(ticket, timeoutNanoseconds: 1)
    #expect(isRung)
  }

  /// Not only threads of the worker's own: a lane's handler hears of a cold stop too, before its process is killed.
  @Test func aTaskInALaneIsAskedToStopByAColdStop() throws {
    let hasBegun = Flag()
    var registry = TaskRegistry()
    registry.register(Waiting.self)
    Waiting.begun.withLock { $0 = hasBegun }
    let known = registry
    let bell = try LaneBell()
    let lane = try ThreadLane(LaneOptions(), name: "lane", bell: bell, time: SimulatedClock()) {
      TaskLaneHandler(registry: known, clock: SimulatedClock())
    }
    var intake = TestIntake(lane, bell)
    var identifiers = TaskIdentifierSource(seed: 1)
    let task = try Waiting().signature()
    let message = task.message(identifier: identifiers.next(), options: nil, now: 0)
    #expect(intake.handOver(LaneOrder(ticket: 1), try message.encoded()) == .taken)
    intake.lane.flush()
    while !hasBegun.isRaised { spinHint() }
    intake.lane.stop(.cold(killingAt: .max))
    // Without being asked the task ends after a while as well, and succeeds.
    let seen = try intake.take(1)
    let outcome = try #require(seen[0].bytes.withMessageBody { TaskOutcome($0).map { SeenOutcome($0) } })
    #expect(outcome.state == .revoked)
  }
}

private final class Flag: Sendable {
  private let value = Atomic<Bool>(false)
  var isRaised: Bool { value.load(ordering: .acquiring) }
  func raise() { value.store(true, ordering: .releasing) }
}

/// Runs until it is asked to stop, or for two seconds.
private struct Waiting: TaskDefinition {
  static let begun = Guarded<Flag?>(nil)

  func run(_ context: TaskContext) throws -> Int {
    Self.begun.withLock { $0 }?.raise()
    let end = MonotonicClock.now() + 2_000_000_000
    while MonotonicClock.now() < end { try context.checkStop() }
    return 1
  }
}
