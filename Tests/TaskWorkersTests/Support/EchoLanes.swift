import DriverInterface
import Platform
import Serialization

@testable import TaskWorkers

/// Gives each record back.
struct EchoHandler: LaneHandler {
  func run(_ body: MessageBody, _ context: LaneContext, into result: inout ByteWriter) {
    unsafe result.append(BorrowedBytes(body.bytes))
  }
}

extension LanePool where Lane == ThreadLane {
  /// One more thread that echoes.
  mutating func growByEcho(_ options: LaneOptions, _ bell: LaneBell) throws {
    grow(by: try ThreadLane(options, name: "echo", bell: bell, time: CycleCounter.shared) { EchoHandler() })
  }
}
