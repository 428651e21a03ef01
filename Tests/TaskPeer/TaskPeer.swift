import DriverInterface
import Glibc
import Platform
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
}

/// Does what the first byte of a record says, and gives the record back.
struct ObedientHandler: LaneHandler {
  func run(_ body: MessageBody, _ context: LaneContext, into result: inout LaneResult) {
    switch body.count > 0 ? unsafe body.bytes[0] : 0 {
    case UInt8(ascii: "c"): abort()
    case UInt8(ascii: "x"): exit(0)
    case UInt8(ascii: "h"): while true { pause() }
    case UInt8(ascii: "d"):
      // Dies the first time only.
      if !context.isRedelivered { Glibc.kill(getpid(), SIGKILL) }
    case UInt8(ascii: "s"):
      while !context.isSoftLimitExceeded { sched_yield() }
    case UInt8(ascii: "w"):
      let end = MonotonicClock.now() + 20_000
      while MonotonicClock.now() < end {}
    case UInt8(ascii: "l"):
      PrecisionSleep.sleep(nanoseconds: 50_000_000)
    case UInt8(ascii: "b"):
      let block = [UInt8](repeating: 7, count: 1 << 16)
      for _ in 0..<64 { unsafe block.withUnsafeBytes { unsafe result.append($0) } }
      return
    case UInt8(ascii: "p"):
      let number = UInt64(UInt32(bitPattern: getpid()))
      unsafe withUnsafeBytes(of: number) { unsafe result.append($0) }
      return
    default: break
    }
    result.append(body)
  }
}
