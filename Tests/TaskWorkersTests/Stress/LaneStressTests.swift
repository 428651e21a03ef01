import DriverInterface
import Platform
import Testing

@testable import TaskWorkers

@Suite(.serialized) struct LaneStressTests {
  /// Three threads of each way of waiting, small rings, and an intake that parks: under ThreadSanitizer every record's and every
  /// result's bytes must be handed over properly.
  @Test(arguments: LaneOptions.Waiting.allCases)
  func recordsSurviveThreadsThatRaceThroughSmallRings(waiting: LaneOptions.Waiting) throws {
    var options = LaneOptions()
    options.depth = 16
    options.requestByteCapacity = 2048
    options.completionByteCapacity = 1024
    options.waiting = waiting
    let bell = try LaneBell()
    var pool = LanePool<ThreadLane>(capacity: 3)
    for _ in 0..<(waiting == .spinning ? 1 : 3) { try pool.growByEcho(options, bell) }
    let total: UInt64 = 30_000
    var (handed, sum, count): (UInt64, UInt64, UInt64) = (0, 0, 0)
    let record = UnsafeMutablePointer<UInt64>.allocate(capacity: 16)
    defer { unsafe record.deallocate() }
    while count < total {
      while handed < total {
        let words = 1 + Int(handed % 15)
        for index in 0..<words { unsafe record[index] = handed &* UInt64(index + 1) }
        let body = unsafe MessageBody(start: UnsafeRawPointer(record), count: 8 * words)
        guard pool.tryHandOver(LaneOrder(ticket: handed, softLimitNanoseconds: 1), body) == .taken else { break }
        handed += 1
      }
      pool.flush()
      while let completion = pool.nextCompletion() {
        let body = completion.body
        #expect(body.count == 8 * (1 + Int(completion.ticket % 15)))
        #expect(body.word(at: body.count - 8) == completion.ticket &* UInt64(body.count / 8))
        sum &+= completion.ticket
        count += 1
      }
      pool.releaseCompletions()
      _ = pool.attend(now: CycleCounter.shared.now())
      let ticket = bell.doorbell.prepareToWait()
      if pool.hasCompletions || pool.inHandCount == 0 {
        bell.doorbell.cancelWait()
      } else {
        bell.doorbell.wait(ticket, timeoutNanoseconds: 1_000_000)
      }
    }
    #expect(sum == total * (total - 1) / 2)
  }
}
