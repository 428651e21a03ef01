import Distributions
import DriverInterface
import Platform
import Testing

@testable import TaskWorkers

@Suite struct LanePoolTests {
  /// Lanes come and go while records do; an array of what is in hand is the model.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func everyTicketComesBackOnceWhileLanesComeAndGo(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var options = LaneOptions()
    options.depth = 4
    options.requestByteCapacity = 1024
    options.completionByteCapacity = 1024
    options.waiting = .parked
    let bell = try LaneBell()
    var pool = LanePool<ThreadLane>(capacity: 6)
    var inHand: Set<UInt64> = []
    var handed: UInt64 = 0
    for step in 0..<4_000 {
      switch random.below(40) {
      case 0: if pool.count < pool.capacity { try pool.growByEcho(options, bell) }
      case 1: _ = pool.shrink()
      case 2..<20:
        let admission = unsafe withUnsafeBytes(of: handed) {
          pool.tryHandOver(LaneOrder(ticket: handed), unsafe MessageBody(start: $0.baseAddress!, count: 8))
        }
        #expect(admission == .taken || admission == (pool.takingCount == 0 ? .closed : .full))
        if admission == .taken {
          inHand.insert(handed)
          handed += 1
        }
      default:
        takeAll(of: &pool, &inHand, "seed \(seed), step \(step)")
      }
      #expect(pool.inHandCount == inHand.count, "seed \(seed), step \(step)")
    }
    pool.stop(.warm)
    while pool.count > 0 { takeAll(of: &pool, &inHand, "seed \(seed), at the end") }
    #expect(inHand.isEmpty)
  }

  private func takeAll(of pool: inout LanePool<ThreadLane>, _ inHand: inout Set<UInt64>, _ place: String) {
    pool.flush()
    while let completion = pool.nextCompletion() {
      #expect(completion.remarks.hasResult && completion.body.word(at: 0) == completion.ticket, "\(place)")
      let wasThere = inHand.remove(completion.ticket) != nil
      #expect(wasThere, "\(place)")
    }
    pool.releaseCompletions()
    _ = pool.attend(now: MonotonicClock.now())
  }

  @Test func recordsAreSpreadEvenly() throws {
    var options = LaneOptions()
    options.depth = 2
    let bell = try LaneBell()
    var pool = LanePool<ThreadLane>(capacity: 3)
    for _ in 0..<3 { try pool.growByEcho(options, bell) }
    // Nothing is flushed, so nothing comes back meanwhile: with six places for six records none may meet a full lane.
    for ticket in 0..<6 as Range<UInt64> {
      let admission = unsafe withUnsafeBytes(of: ticket) {
        pool.tryHandOver(LaneOrder(ticket: ticket), unsafe MessageBody(start: $0.baseAddress!, count: 8))
      }
      #expect(admission == .taken)
    }
    let isKnown = pool.terminate(ticket: 3)
    let isUnknown = pool.terminate(ticket: 6)
    #expect(isKnown && !isUnknown)
  }

  /// A pool is smaller at once where it can be.
  @Test func theLaneWithTheLeastInHandGoesFirst() {
    let scripts = (0..<3).map { _ in LaneScript() }
    var pool = LanePool<ScriptedLane>(capacity: 3)
    for script in scripts { pool.grow(by: ScriptedLane(script)) }
    for ticket in 0..<6 as Range<UInt64> {
      _ = unsafe withUnsafeBytes(of: ticket) {
        pool.tryHandOver(LaneOrder(ticket: ticket), unsafe MessageBody(start: $0.baseAddress!, count: 8))
      }
    }
    scripts[0].complete()
    scripts[0].complete()
    scripts[1].complete()
    while pool.nextCompletion() != nil {}
    pool.releaseCompletions()
    for gone in [[0], [0, 1]] {
      let isSmaller = pool.shrink()
      #expect(isSmaller && scripts.indices.filter { scripts[$0].stop == .warm } == gone)
    }
    _ = pool.attend(now: 0)
    let (count, takingCount) = (pool.count, pool.takingCount)
    #expect(count == 2 && takingCount == 1, "one has something to finish")
  }

  @Test func aLaneThatGivesUpIsSetAside() throws {
    var options = LaneOptions()
    options.startFailureLimit = 1
    let bell = try LaneBell()
    var pool = LanePool<ChildLane>(capacity: 2)
    for task in ["serve", "bad"] {
      pool.grow(
        by: try ChildLane(
          ChildLaneTests.program(task), options, bell: bell, now: MonotonicClock.now(), calibration: nil))
    }
    while pool.count == 2 { _ = pool.attend(now: MonotonicClock.now()) }
    #expect(pool.takingCount == 1 && pool.failure?.contains("exited with code 3") == true)
  }
}
