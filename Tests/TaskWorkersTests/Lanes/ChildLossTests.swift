import Distributions
import Glibc
import Platform
import Testing

@testable import TaskWorkers

/// Children that are killed at random under load, by the signal that they cannot notice.
@Suite(.serialized) struct ChildLossTests {
  enum Kind: CaseIterable { case plain, spare, retiring }

  /// 8 bytes: what to do, and the ticket, which the child also notes in a file that outlives it.
  private func record(_ ticket: UInt64) -> [UInt8] {
    let number = unsafe withUnsafeBytes(of: ticket) { unsafe Array($0.prefix(7)) }
    return [UInt8(ascii: "#")] + number
  }

  private func makeIntake(_ kind: Kind, log: String) throws -> TestIntake<ChildLane> {
    var options = LaneOptions()
    options.depth = 64
    options.requestByteCapacity = 4096
    options.completionByteCapacity = 1024
    options.waiting = .parked
    options.keepsSpare = kind == .spare
    options.recordLimitPerChild = kind == .retiring ? 40 : nil
    var program = try ChildLaneTests.program("serve")
    program.environment["TASK_PEER_LOG"] = log
    let bell = try LaneBell()
    let calibration = CycleCounter.shared.calibration
    return TestIntake(
      try ChildLane(program, options, bell: bell, now: MonotonicClock.now(), calibration: calibration), bell)
  }

  /// How often each ticket was run, by the children's own account.
  private func runCounts(_ log: TemporaryFile) throws -> [UInt64: Int] {
    let bytes = try log.read()
    var counts: [UInt64: Int] = [:]
    for start in stride(from: 0, to: bytes.count, by: 8) {
      let ticket = bytes[start + 1..<start + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      counts[ticket, default: 0] += 1
    }
    return counts
  }

  /// 70 kills in each way of replacement.
  @Test(arguments: Kind.allCases)
  func killsLoseNothingAndRunNothingTwiceUnmarked(kind: Kind) throws {
    let seed: UInt64 = 11
    var random = SplitMix64(seed: seed)
    let log = try TemporaryFile()
    var intake = try makeIntake(kind, log: log.path)
    let killCount = 70
    var (handed, kills): (UInt64, Int) = (0, 0)
    var nextKill = 5
    var replays: Set<UInt64> = []
    var done: [SeenCompletion] = []
    while true {
      // How many kills hit a child at work is the machine's doing: there are more of them until half of the usual number has.
      let goesOn =
        kills < killCount || (intake.lane.lossCount < UInt64(killCount / 2) && kills < 10 * killCount)
      guard goesOn || intake.lane.inHandCount > 0 else { break }
      var isIdle = true
      while goesOn {
        let order = LaneOrder(ticket: handed, isReplayedAfterLoss: random.below(2) == 0)
        guard intake.handOver(order, record(handed)) == .taken else { break }
        if order.isReplayedAfterLoss { replays.insert(handed) }
        handed += 1
        isIdle = false
      }
      if intake.step() == .min { isIdle = false }
      done += intake.seen
      intake.seen.removeAll()
      if goesOn, done.count >= nextKill, intake.lane.isReady {
        for _ in 0..<random.below(2_000) { spinHint() }
        intake.lane.active?.kill()
        kills += 1
        nextKill = done.count + random.below(120)
      }
      if isIdle { try intake.run { lane, seen in !seen.isEmpty || lane.isReady } }
    }
    #expect(done.map(\.ticket) == Array(0..<handed), "\(kind), seed \(seed): not once each, in order")
    let counts = try runCounts(log)
    for completion in done {
      let count = counts[completion.ticket] ?? 0
      let isAsked = replays.contains(completion.ticket)
      switch completion.remarks {
      case []: #expect(count == 1 && completion.bytes == record(completion.ticket))
      case .redelivered: #expect(isAsked && count >= 1 && completion.bytes == record(completion.ticket))
      case .workerLost: #expect(!isAsked && count <= 1)
      default: Issue.record("\(kind), seed \(seed): \(completion)")
      }
    }
    #expect(intake.lane.lossCount >= UInt64(killCount / 2), "hardly a kill has hit")
  }

  /// In a process of its own, where nobody else opens anything.
  @Test func replacementsLeaveNothingBehind() throws {
    let program = try ChildLaneTests.program("restart")
    let child = try ChildProcess(.init(executable: program.executable, arguments: program.arguments))
    let ending = child.wait(untilMonotonic: MonotonicClock.now() + 120_000_000_000)
    #expect(ending?.outcome == .exited(code: 0))
  }
}

/// An empty file that goes away with its owner.
private final class TemporaryFile {
  let path: String

  init() throws {
    var template = Array("/tmp/ringside-lanes-XXXXXX".utf8CString)
    let descriptor = unsafe mkstemp(&template)
    guard descriptor >= 0 else { throw SystemError("make a temporary file", code: errno) }
    close(descriptor)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { unsafe unlink(path) }

  func read() throws -> [UInt8] {
    let number = unsafe open(path, O_RDONLY)
    guard number >= 0 else { throw SystemError("open \(path)", code: errno) }
    return try OwnedDescriptor(adopting: number).readToEnd()
  }
}
