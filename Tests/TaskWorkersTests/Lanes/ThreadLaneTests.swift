import Distributions
import DriverInterface
import Platform
import RingBuffers
import Serialization
import Synchronization
import Testing

@testable import TaskWorkers

/// Gives each record back with what came before it on this lane; waits where a gate is shut.
private struct CountingHandler: LaneHandler {
  var count: UInt8 = 0
  let gate: Gate?

  mutating func run(_ body: MessageBody, _ context: LaneContext, into result: inout ByteWriter) {
    gate?.pass(context)
    result.append(count)
    unsafe result.append(BorrowedBytes(body.bytes))
    count &+= 1
  }
}

/// Where a handler waits until the test lets it go on.
private final class Gate: Sendable {
  let openedCount = Atomic<Int>(0)
  let enteredCount = Atomic<Int>(0)
  let softCount = Atomic<Int>(0)
  let condemnedCount = Atomic<Int>(0)

  func pass(_ context: LaneContext) {
    let number = enteredCount.wrappingAdd(1, ordering: .acquiringAndReleasing).newValue
    var (isSoft, isCondemned) = (false, false)
    while openedCount.load(ordering: .acquiring) < number {
      if context.isSoftLimitExceeded, !isSoft {
        isSoft = true
        softCount.wrappingAdd(1, ordering: .releasing)
      }
      if context.isCondemned, !isCondemned {
        isCondemned = true
        condemnedCount.wrappingAdd(1, ordering: .releasing)
      }
      spinHint()
    }
  }

  func open(_ count: Int = 1) { openedCount.wrappingAdd(count, ordering: .releasing) }
}

@Suite struct ThreadLaneTests {
  private func intake<Time: TimeSource>(
    _ options: LaneOptions, time: Time, gate: Gate? = nil
  ) throws -> TestIntake<ThreadLane> {
    let bell = try LaneBell()
    let lane = try ThreadLane(options, name: "lane", bell: bell, time: time) { CountingHandler(gate: gate) }
    return TestIntake(lane, bell)
  }

  private func options(depth: Int = 8, capacity: Int = 1024) -> LaneOptions {
    var options = LaneOptions()
    options.depth = depth
    options.requestByteCapacity = capacity
    options.completionByteCapacity = capacity
    options.waiting = .parked
    return options
  }

  /// Longer than time goes on: never.
  @Test func aLimitOfTheLongestTimeThereIsIsNeverOver() throws {
    let clock = SimulatedClock()
    let gate = Gate()
    var intake = try intake(options(), time: clock, gate: gate)
    _ = intake.handOver(LaneOrder(ticket: 1, softLimitNanoseconds: .max, hardLimitNanoseconds: .max - 1), [5])
    intake.lane.flush()
    while gate.enteredCount.load(ordering: .acquiring) == 0 { spinHint() }
    #expect(intake.step(now: clock.now()) == .max)
    gate.open()
    #expect(try intake.take(1).map(\.remarks) == [[]])
    #expect(gate.softCount.load(ordering: .acquiring) == 0)
  }

  /// An array of what is in hand is the model. The rings are so small that either of them fills up.
  @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
  func everyTicketComesBackOnceInOrder(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var options = options(depth: 1 + random.below(20), capacity: 256 << random.below(3))
    options.waiting = LaneOptions.Waiting.allCases[Int(seed % 3)]
    var intake = try intake(options, time: SimulatedClock())
    let largest = options.requestByteCapacity / 2 - 8 - RequestFrame.byteCount
    var model: [SeenCompletion] = []
    var handed: UInt8 = 0
    for step in 0..<3_000 {
      switch random.below(4) {
      case 0...1:
        let record = (0..<random.below(random.below(8) == 0 ? largest + 40 : 40)).map { _ in
          UInt8(truncatingIfNeeded: random.next())
        }
        let order = LaneOrder(ticket: random.next())
        switch intake.handOver(order, record) {
        case .taken:
          // One byte more than the record: what just fitted may not fit on its way back.
          let fits = record.count + 1 + CompletionFrame.byteCount + 8 <= options.completionByteCapacity / 2
          model.append(
            SeenCompletion(
              ticket: order.ticket, remarks: fits ? [] : .resultTooLarge, bytes: fits ? [handed] + record : []))
          handed &+= 1
        case .full: break
        case .tooLarge: #expect(record.count > largest)
        case .closed: Issue.record("closed, seed \(seed), step \(step)")
        }
      case 2: intake.step(now: 0)
      default:
        if random.below(20) == 0 {
          let count = model.count
          try intake.run { _, seen in seen.count == count }
        }
      }
      #expect(intake.lane.inHandCount == model.count - intake.seen.count)
      let count = intake.seen.count
      guard intake.seen == Array(model.prefix(count)) else {
        Issue.record("seed \(seed), step \(step)")
        return
      }
      intake.seen.removeAll()
      model.removeFirst(count)
    }
    intake.lane.stop(.warm)
    try intake.run { lane, _ in lane.isStopped }
    #expect(intake.seen == model)
  }

  @Test func refusesMoreThanItsDepth() throws {
    let gate = Gate()
    var intake = try intake(options(depth: 3), time: SimulatedClock(), gate: gate)
    let answers = (0..<4).map { intake.handOver(LaneOrder(ticket: UInt64($0)), [1]) }
    #expect(answers == [.taken, .taken, .taken, .full])
    gate.open(3)
    #expect(try intake.take(3).map(\.ticket) == [0, 1, 2])
    let next = intake.handOver(LaneOrder(ticket: 4), [1])
    #expect(next == .taken)
    gate.open()
  }

  @Test func warmStopRunsWhatIsInHand() throws {
    let gate = Gate()
    var intake = try intake(options(), time: SimulatedClock(), gate: gate)
    for ticket in 0..<5 as Range<UInt64> { _ = intake.handOver(LaneOrder(ticket: ticket), [9]) }
    intake.lane.stop(.warm)
    let late = intake.handOver(LaneOrder(ticket: 5), [9])
    #expect(late == .closed && !intake.lane.isStopped)
    gate.open(5)
    try intake.run { lane, _ in lane.isStopped }
    #expect(intake.seen.map(\.ticket) == [0, 1, 2, 3, 4])
    #expect(intake.seen.allSatisfy { $0.remarks.hasResult })
  }

  @Test func coldStopGivesBackWhatWasNotBegun() throws {
    let gate = Gate()
    var intake = try intake(options(), time: SimulatedClock(), gate: gate)
    for ticket in 0..<5 as Range<UInt64> { _ = intake.handOver(LaneOrder(ticket: ticket), [9]) }
    intake.lane.flush()
    while gate.enteredCount.load(ordering: .acquiring) < 1 { spinHint() }
    intake.lane.stop(.cold(killingAt: 0))
    gate.open(5)
    try intake.run { lane, _ in lane.isStopped }
    #expect(intake.seen.map(\.ticket) == [0, 1, 2, 3, 4])
    #expect(intake.seen.map(\.remarks) == [[], .notBegun, .notBegun, .notBegun, .notBegun])
  }

  @Test func limitsCountFromTheStartOfTheRecord() throws {
    let gate = Gate()
    let clock = SimulatedClock(startNanoseconds: 1000)
    var intake = try intake(options(), time: clock, gate: gate)
    let order = LaneOrder(ticket: 5, softLimitNanoseconds: 100, hardLimitNanoseconds: 300)
    _ = intake.handOver(LaneOrder(ticket: 4), [])
    _ = intake.handOver(order, [])
    // The first record has no limits, and the second cannot run before it.
    #expect(intake.step(now: 1000) == .max)
    gate.open()
    while intake.seen.isEmpty { intake.step(now: 1000) }
    while gate.enteredCount.load(ordering: .acquiring) < 2 { spinHint() }
    #expect(intake.step(now: 1050) == 1100)
    #expect(intake.step(now: 1099) == 1100)
    #expect(gate.softCount.load(ordering: .acquiring) == 0)
    #expect(intake.step(now: 1100) == 1300)
    while gate.softCount.load(ordering: .acquiring) < 1 { spinHint() }
    #expect(intake.step(now: 1299) == 1300)
    #expect(intake.step(now: 1300) == .max)
    while gate.condemnedCount.load(ordering: .acquiring) < 1 { spinHint() }
    gate.open()
    #expect(try intake.take(2).map(\.remarks) == [[], .timeLimitExceeded])
  }

  @Test func terminationIsAskedOfTheHandlerAndMarked() throws {
    let gate = Gate()
    var intake = try intake(options(), time: SimulatedClock(), gate: gate)
    for ticket in 0..<3 as Range<UInt64> { _ = intake.handOver(LaneOrder(ticket: ticket), [9]) }
    let unknown = intake.lane.terminate(ticket: 77)
    let known = intake.lane.terminate(ticket: 0)
    #expect(!unknown && known)
    while gate.condemnedCount.load(ordering: .acquiring) < 1 { intake.step(now: 0) }
    gate.open(3)
    #expect(try intake.take(3).map(\.remarks) == [.terminated, [], []])
  }

  /// The worker waits for room in the ring of results when the lane is dropped.
  @Test func droppingALaneEndsAWorkerThatWaitsForRoom() throws {
    var intake = try intake(options(depth: 64, capacity: 256), time: SimulatedClock())
    var count: UInt64 = 0
    while intake.lane.channel.region.completions.usedByteCount < 200 {
      if intake.handOver(LaneOrder(ticket: count), [UInt8](repeating: 1, count: 30)) == .taken { count += 1 }
      intake.lane.flush()
    }
  }
}
