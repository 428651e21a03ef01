import DriverInterface
import Glibc
import Platform
import Serialization
import TaskWorkers

/// What the tests of pools start as children. The first argument says what to be.
@main
struct TaskPeer {
  static func main() throws {
    switch CommandLine.arguments.dropFirst().first {
    case "serve": try TaskChild.run { ObedientHandler() }
    case "bad": exit(3)
    case "late": while true { pause() }
    case PeerApplication.childArgument: try PeerApplication.main()
    case "parent": try parent()
    case "restart": try restart()
    default: exit(64)
    }
  }

  /// Starts a lane with a child, tells the child's process id, and waits to be killed.
  private static func parent() throws {
    let program = TaskChildProgram(executable: try ChildProcess.ownExecutablePath(), arguments: ["serve"])
    let bell = try LaneBell()
    var lane = try ChildLane(program, LaneOptions(), bell: bell, now: MonotonicClock.now(), calibration: nil)
    while !lane.isReady { _ = lane.attend(now: MonotonicClock.now()) }
    try OwnedDescriptor(adopting: 1).write(Array("\(lane.processID ?? -1)\n".utf8))
    while true { pause() }
  }

  /// Loses 200 children, and ends with an error if that left anything behind.
  private static func restart() throws {
    try lose(20)
    let (descriptors, bytes) = (openDescriptorCount(), ResidentMemory.currentByteCount() ?? 0)
    try lose(200)
    let growth = (ResidentMemory.currentByteCount() ?? 0) - bytes
    print("descriptors \(descriptors), then \(openDescriptorCount()); \(growth) bytes more")
    exit(openDescriptorCount() == descriptors && growth < 8 << 20 ? 0 : 1)
  }

  /// Makes a lane, runs so many records that each cost a child, and drops it.
  private static func lose(_ count: Int) throws {
    let program = TaskChildProgram(executable: try ChildProcess.ownExecutablePath(), arguments: ["serve"])
    let bell = try LaneBell()
    var lane = try ChildLane(program, LaneOptions(), bell: bell, now: MonotonicClock.now(), calibration: nil)
    var record = UInt8(ascii: "x")
    for ticket in 0..<UInt64(count) {
      let admission = unsafe withUnsafeBytes(of: &record) {
        lane.tryHandOver(LaneOrder(ticket: ticket), unsafe MessageBody(start: $0.baseAddress!, count: 1))
      }
      guard admission == .taken else { exit(2) }
      lane.flush()
      while lane.nextCompletion() == nil {
        _ = lane.attend(now: MonotonicClock.now())
        let bellTicket = bell.doorbell.prepareToWait()
        if lane.hasCompletions {
          bell.doorbell.cancelWait()
        } else {
          bell.doorbell.wait(bellTicket, timeoutNanoseconds: 10_000_000)
        }
      }
    }
  }

  private static func openDescriptorCount() -> Int { (0..<1024).count { OwnedDescriptor.isOpen($0) } }
}

/// Does what the first byte of a record says, and gives the record back.
struct ObedientHandler: LaneHandler {
  /// Where it notes what it has run, if the test wants to know.
  private let log: Int32

  init() {
    log = unsafe getenv("TASK_PEER_LOG").map { unsafe open($0, O_WRONLY | O_APPEND | O_CLOEXEC) } ?? -1
  }

  func run(_ body: MessageBody, _ context: LaneContext, into result: inout ByteWriter) {
    switch body.count > 0 ? unsafe body.bytes[0] : 0 {
    case UInt8(ascii: "c"): abort()
    case UInt8(ascii: "x"): exit(0)
    case UInt8(ascii: "h"): while true { pause() }
    case UInt8(ascii: "d"):
      // Dies the first time only.
      if !context.isRedelivered { Glibc.kill(getpid(), SIGKILL) }
    case UInt8(ascii: "s"):
      while !context.isSoftLimitExceeded { sched_yield() }
    case UInt8(ascii: "t"):
      // Dies when its soft limit is over the first time, and for good when it is over at the beginning of the second.
      if context.isRedelivered, context.isSoftLimitExceeded { abort() }
      guard !context.isRedelivered else { break }
      while !context.isSoftLimitExceeded { sched_yield() }
      Glibc.kill(getpid(), SIGKILL)
    case UInt8(ascii: "w"):
      let end = MonotonicClock.now() + 20_000
      while MonotonicClock.now() < end {}
    case UInt8(ascii: "l"):
      PrecisionSleep.sleep(nanoseconds: 50_000_000)
    case UInt8(ascii: "b"):
      let block = [UInt8](repeating: 7, count: 1 << 16)
      for _ in 0..<64 { result.append(block) }
      return
    case UInt8(ascii: "#"):
      // All at once or not at all: a kill falls before or after.
      if unsafe write(log, body.start, body.count) != body.count { exit(1) }
    case UInt8(ascii: "p"):
      result.append(littleEndian: UInt64(UInt32(bitPattern: getpid())))
      return
    default: break
    }
    unsafe result.append(BorrowedBytes(body.bytes))
  }
}
