import DriverInterface
import Platform
import RingBuffers
import Testing

@testable import TaskWorkers

/// The lanes of a node with child processes.
@Suite struct PooledSeatTests {
  private func lanes(_ tasksAhead: Int = 0) -> LaneOptions {
    PooledSeat<MemoryEndpoint, SimulatedClock>.lanes(
      ChildPoolOptions(program: TaskChildProgram(executable: "", arguments: []), count: 1, tasksAhead: tasksAhead))
  }

  /// What is handed over counts as begun, so that nothing may wait there that is still to be revoked, expired or given back.
  @Test func aChildIsGivenOneTaskAtATimeUnlessMoreAreAskedFor() {
    #expect(lanes().depth == 1 && lanes(3).depth == 4 && lanes(-1).depth == 1)
  }

  @Test func theLargestMessageAndTheLargestOutcomeFit() throws {
    let region = try LaneRegion(lanes(), calibration: nil)
    var channel = LaneChannel(region, depth: 1)
    let largest = [UInt8](repeating: 1, count: TaskEnvelope.byteCountLimit)
    let admission = largest.withMessageBody { channel.tryHandOver(LaneOrder(ticket: 1), $0) }
    #expect(admission == .taken)
    #expect(region.completions.recordByteLimit - CompletionFrame.byteCount >= TaskEnvelope.byteCountLimit)
  }
}
