import DriverInterface
import Glibc
import Platform
import Synchronization
import Testing

@testable import TaskWorkers

/// Lanes whose worker is the executable `TaskPeer`; the first byte of a record tells it what to do.
@Suite(.serialized) struct ChildLaneTests {
  static let replayed = LaneOrder(ticket: 1, isReplayedAfterLoss: true)

  /// Built beside the tests.
  static func program(_ task: String) throws -> TaskChildProgram {
    let own = try ChildProcess.ownExecutablePath()
    let path = own.prefix(through: own.lastIndex(of: "/") ?? own.startIndex) + "TaskPeer"
    return TaskChildProgram(executable: String(path), arguments: [task])
  }

  static func intake(
    _ task: String = "serve", _ change: (inout LaneOptions) -> Void = { _ in }
  ) throws -> TestIntake<ChildLane> {
    var options = LaneOptions()
    options.waiting = .parked
    options.requestByteCapacity = 1 << 14
    options.completionByteCapacity = 1 << 14
    change(&options)
    let bell = try LaneBell()
    let lane = try ChildLane(
      try program(task), options, bell: bell, now: MonotonicClock.now(),
      calibration: CycleCounter.shared.calibration)
    return TestIntake(lane, bell)
  }

  private func intake(
    _ task: String = "serve", _ change: (inout LaneOptions) -> Void = { _ in }
  ) throws -> TestIntake<ChildLane> {
    try Self.intake(task, change)
  }

  // MARK: Records

  @Test func recordsGoToTheChildAndBackInOrder() throws {
    var intake = try intake()
    var handed: UInt64 = 0
    var model: [SeenCompletion] = []
    while handed < 5_000 {
      let record = [UInt8](repeating: UInt8(truncatingIfNeeded: handed >> 8), count: Int(handed % 500))
      if intake.handOver(LaneOrder(ticket: handed), record) == .taken {
        model.append(SeenCompletion(ticket: handed, remarks: [], bytes: record))
        handed += 1
      } else {
        intake.step()
      }
    }
    #expect(try intake.take(5_000) == model)
    #expect(intake.lane.inHandCount == 0 && intake.lane.startCount == 1)
  }

  @Test func aResultThatDoesNotFitIsReportedAsSuch() throws {
    var intake = try intake()
    let outcome = try intake.outcome(of: "big")
    #expect(outcome == SeenCompletion(ticket: 1, remarks: .resultTooLarge, bytes: []))
    #expect(try intake.outcome(of: "again").remarks == [])
  }

  @Test func aRecordThatDoesNotFitIsRefused() throws {
    var intake = try intake()
    let admission = intake.handOver(LaneOrder(ticket: 1), [UInt8](repeating: 0, count: 1 << 13))
    #expect(admission == .tooLarge)
  }

  // MARK: Deaths

  /// A crash, an exit in the middle of a record, and a kill are all the same.
  @Test(arguments: ["crash", "xit", "die"])
  func aChildThatDiesOfARecordGivesItBackAsLost(record: String) throws {
    var intake = try intake()
    #expect(try intake.outcome(of: record).remarks == .workerLost)
    #expect(try intake.outcome(of: "next") == SeenCompletion(ticket: 1, remarks: [], bytes: Array("next".utf8)))
    #expect(intake.lane.startCount == 2 && intake.lane.lossCount == 1)
  }

  @Test func aReplayedRecordIsRunAgainAndMarked() throws {
    var intake = try intake()
    let outcome = try intake.outcome(of: "die", Self.replayed)
    #expect(outcome == SeenCompletion(ticket: 1, remarks: .redelivered, bytes: Array("die".utf8)))
  }

  @Test func recordsBehindADeathAreRunOnceAndNotMarked() throws {
    var intake = try intake()
    for ticket in 0..<50 as Range<UInt64> {
      let record = ticket == 20 ? "crash" : ticket == 30 ? "die" : "echo"
      _ = intake.handOver(LaneOrder(ticket: ticket, isReplayedAfterLoss: ticket == 30), Array(record.utf8))
    }
    let seen = try intake.take(50)
    #expect(seen.map(\.ticket) == Array(0..<50))
    let remarks = seen.map(\.remarks)
    #expect(remarks[20] == .workerLost && remarks[30] == .redelivered)
    #expect(remarks.indices.allSatisfy { $0 == 20 || $0 == 30 || remarks[$0] == [] })
  }

  @Test func aRecordThatKillsEveryChildIsGivenUp() throws {
    var intake = try intake()
    let outcome = try intake.outcome(of: "crash", LaneOrder(ticket: 1, isReplayedAfterLoss: true, replayLimit: 2))
    #expect(outcome.remarks == [.redelivered, .workerLost, .poisoned])
    #expect(intake.lane.lossCount == 3)
    #expect(try intake.outcome(of: "next").remarks == [])
  }

  @Test func aSpareTakesOver() throws {
    var intake = try intake { $0.keepsSpare = true }
    for _ in 0..<5 {
      #expect(try intake.outcome(of: "die", Self.replayed).remarks == .redelivered)
    }
    #expect(intake.lane.lossCount == 5)
  }

  /// The one before has passed its turn on and was killed before it could ring for it.
  @Test func aSuccessorWhoseTurnNobodyRangForTakesOver() throws {
    var intake = try intake { $0.keepsSpare = true }
    #expect(try intake.outcome(of: "first").remarks == [])
    let words = intake.lane.channel.region.words
    let sleepers = unsafe words.turnDoorbell.memory + 4
    while unsafe sleepers.load(as: UInt32.self) == 0 { intake.step() }
    let processID = intake.lane.processID
    let first = try #require(processID)
    unsafe words[.turn].pointee.store(2, ordering: .releasing)
    Glibc.kill(first, SIGKILL)
    #expect(try intake.outcome(of: "next").remarks == [])
    #expect(intake.lane.processID != first && intake.lane.lossCount == 0)
  }

  // MARK: Limits

  @Test func aHardLimitKillsWhatHangsAndSaysSo() throws {
    var intake = try intake()
    let start = MonotonicClock.now()
    let order = LaneOrder(ticket: 3, hardLimitNanoseconds: 30_000_000, isReplayedAfterLoss: true)
    #expect(try intake.outcome(of: "hang", order).remarks == .timeLimitExceeded)
    #expect(MonotonicClock.now() - start >= 30_000_000)
    #expect(try intake.outcome(of: "echo", order).remarks == [])
  }

  @Test func aSoftLimitIsToldToTheHandler() throws {
    var intake = try intake()
    let order = LaneOrder(ticket: 3, softLimitNanoseconds: 10_000_000, hardLimitNanoseconds: 50_000_000_000)
    #expect(try intake.outcome(of: "soft", order).remarks == [])
    #expect(intake.lane.startCount == 1)
  }

  @Test func aRecordThatIsRunAgainHasItsSoftLimitAgain() throws {
    var intake = try intake()
    let order = LaneOrder(
      ticket: 3, softLimitNanoseconds: 300_000_000, hardLimitNanoseconds: 50_000_000_000, isReplayedAfterLoss: true)
    #expect(try intake.outcome(of: "timed", order).remarks == .redelivered)
  }

  /// What runs and what waits behind it.
  @Test func terminationEndsWhatRunsAndWhatIsAboutToRun() throws {
    var intake = try intake()
    for ticket in 0..<4 as Range<UInt64> {
      _ = intake.handOver(LaneOrder(ticket: ticket, isReplayedAfterLoss: true), Array("hang".utf8))
    }
    _ = intake.handOver(LaneOrder(ticket: 4), Array("echo".utf8))
    for ticket in 0..<4 as Range<UInt64> {
      let isThere = intake.lane.terminate(ticket: ticket)
      #expect(isThere)
    }
    let seen = try intake.take(5)
    #expect(seen.map(\.ticket) == [0, 1, 2, 3, 4])
    #expect(seen.map(\.remarks) == [.terminated, .terminated, .terminated, .terminated, []])
  }

  // MARK: Replacement

  @Test(arguments: [1, 2, 10])
  func aChildIsReplacedAfterItsShare(limit: Int) throws {
    var intake = try intake { $0.recordLimitPerChild = limit }
    for ticket in 0..<30 as Range<UInt64> { _ = intake.handOver(LaneOrder(ticket: ticket), Array("pid".utf8)) }
    let seen = try intake.take(30)
    #expect(seen.map(\.ticket) == Array(0..<30) && seen.allSatisfy { $0.remarks == [] })
    for start in stride(from: 0, to: 30, by: limit) {
      let share = seen[start..<start + limit].map(\.bytes)
      #expect(Set(share).count == 1)
    }
    #expect(Set(seen.map(\.bytes)).count == 30 / limit)
    #expect(intake.lane.lossCount == 0)
  }

  // MARK: Starts that fail

  @Test func aProgramThatEndsAtOnceIsAClearFailure() throws {
    var intake = try intake("bad") { $0.startFailureLimit = 3 }
    for ticket in 0..<3 as Range<UInt64> { _ = intake.handOver(LaneOrder(ticket: ticket), [1]) }
    try intake.run { lane, seen in lane.isStopped && seen.count == 3 }
    #expect(intake.seen.map(\.ticket) == [0, 1, 2])
    #expect(intake.seen.allSatisfy { $0.remarks == .notBegun })
    let failure = intake.lane.failure ?? ""
    #expect(failure.contains("3 failed starts in a row") && failure.contains("exited with code 3"), "\(failure)")
    let late = intake.handOver(LaneOrder(ticket: 9), [1])
    #expect(late == .closed && intake.lane.startCount == 3)
  }

  @Test func aProgramThatIsNeverReadyIsKilled() throws {
    var intake = try intake("late") {
      $0.startFailureLimit = 2
      $0.startTimeoutNanoseconds = 20_000_000
    }
    try intake.run { lane, _ in lane.isStopped }
    #expect(intake.lane.failure?.contains("ended by signal 9") == true)
  }

  @Test func aProgramThatDoesNotExistIsRefusedAtOnce() throws {
    let program = TaskChildProgram(executable: "/nowhere/to be found", arguments: [])
    let bell = try LaneBell()
    #expect(throws: SystemError("start /nowhere/to be found", code: ENOENT)) {
      _ = try ChildLane(program, LaneOptions(), bell: bell, now: 0, calibration: nil)
    }
  }

  // MARK: Stops

  @Test func warmStopRunsWhatIsInHandEvenAfterADeath() throws {
    var intake = try intake()
    for ticket in 0..<20 as Range<UInt64> {
      let order = LaneOrder(ticket: ticket, isReplayedAfterLoss: true)
      _ = intake.handOver(order, Array(ticket == 10 ? "die".utf8 : "echo".utf8))
    }
    intake.lane.stop(.warm)
    try intake.run { lane, _ in lane.isStopped }
    #expect(intake.seen.map(\.ticket) == Array(0..<20))
    #expect(intake.seen.indices.allSatisfy { intake.seen[$0].remarks == ($0 == 10 ? .redelivered : []) })
    #expect(intake.lane.processID == nil && intake.lane.failure == nil)
  }

  @Test func coldStopGivesBackWhatWasNotBegun() throws {
    var intake = try intake()
    for ticket in 0..<20 as Range<UInt64> { _ = intake.handOver(LaneOrder(ticket: ticket), Array("long".utf8)) }
    try intake.run { lane, seen in seen.count == 2 }
    intake.lane.stop(.cold(killingAt: .max))
    try intake.run { lane, _ in lane.isStopped }
    #expect(intake.seen.map(\.ticket) == Array(0..<20))
    let finished = intake.seen.prefix { $0.remarks == [] }.count
    #expect(finished >= 2 && finished <= 4)
    #expect(intake.seen.dropFirst(finished).allSatisfy { $0.remarks == .notBegun })
  }

  @Test func coldStopKillsWhatDoesNotEnd() throws {
    var intake = try intake()
    for ticket in 0..<3 as Range<UInt64> {
      _ = intake.handOver(LaneOrder(ticket: ticket, isReplayedAfterLoss: true), Array("hang".utf8))
    }
    // A beginning rings no bell.
    while intake.lane.channel.runningMark.sequence != 1 { intake.step() }
    intake.lane.stop(.cold(killingAt: MonotonicClock.now() + 10_000_000))
    try intake.run { lane, _ in lane.isStopped }
    #expect(intake.seen.map(\.remarks) == [.workerLost, .notBegun, .notBegun])
  }

  /// The middle of three processes is killed; the child has only its lifeline to learn from.
  @Test func childrenDieWithTheirParent() throws {
    let pipe = try OwnedDescriptor.pipe()
    let program = try Self.program("parent")
    var launch = ChildProcess.Launch(executable: program.executable, arguments: program.arguments)
    launch.standardOutput = .descriptor(pipe.writing.number)
    let parent = try ChildProcess(launch)
    pipe.writing.close()
    var text: [UInt8] = []
    while !text.contains(10), case .bytes(let more) = try pipe.reading.read() { text += more }
    let child = try #require(Int32(String(decoding: text.dropLast(), as: UTF8.self)))
    parent.kill()
    parent.wait()
    // The child holds the pipe's write end: it ends with the child. Whatever it prints would be a surprise.
    #expect(try pipe.reading.readToEnd() == [])
    #expect(child > 0)
  }
}
