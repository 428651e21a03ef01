import DriverInterface
import Platform
import RingBuffers
import Synchronization
import Testing

@testable import TaskWorkers

/// What the intake believes of what a worker says: the test is the worker.
@Suite struct LaneChannelTests {
  private func region() throws -> LaneRegion {
    var options = LaneOptions()
    options.requestByteCapacity = 1024
    options.completionByteCapacity = 1024
    return try LaneRegion(options, calibration: nil)
  }

  private func handOver(_ order: LaneOrder, to channel: inout LaneChannel) {
    let admission = unsafe withUnsafeBytes(of: UInt64(7)) {
      channel.tryHandOver(order, unsafe MessageBody(start: $0.baseAddress!, count: 8))
    }
    #expect(admission == .taken)
    channel.flush()
  }

  /// The worker says this of a record.
  private func complete(
    _ sequence: UInt64, _ remarks: LaneRemarks, by worker: inout ByteRing.Producer
  ) {
    let claim = worker.claim(byteCount: CompletionFrame.byteCount)
    #expect(claim == .granted)
    unsafe worker.claimedBytes.storeBytes(
      of: sequence, toByteOffset: CompletionFrame.sequenceOffset, as: UInt64.self)
    unsafe worker.claimedBytes.storeBytes(
      of: remarks.rawValue, toByteOffset: CompletionFrame.remarksOffset, as: UInt64.self)
    worker.publish()
  }

  @Test func aWorkerCannotSayThatARecordWasLostOrRunBefore() throws {
    let region = try region()
    var channel = LaneChannel(region, depth: 8)
    var worker = region.completions.makeProducer()
    let all = LaneRemarks(rawValue: .max)
    for (sequence, said, heard) in [(1, [], []), (2, all, .resultTooLarge)] as [(UInt64, LaneRemarks, LaneRemarks)] {
      handOver(LaneOrder(ticket: sequence), to: &channel)
      complete(sequence, said, by: &worker)
      let completion = channel.nextCompletion()
      #expect(completion?.ticket == sequence && completion?.remarks == heard)
      channel.releaseCompletions()
    }
    let (replayCount, isContradicted) = (channel.replayCount, channel.isContradicted)
    #expect(replayCount == 0 && !isContradicted)
  }

  @Test func whatIsRunAgainIsFlaggedWhateverTheWorkerSays() throws {
    let region = try region()
    var channel = LaneChannel(region, depth: 8)
    var worker = region.completions.makeProducer()
    handOver(LaneOrder(ticket: 5, isReplayedAfterLoss: true), to: &channel)
    for lossCount in 1...2 {
      unsafe region.words[.running].pointee.store(RunningMark(running: 1).rawValue, ordering: .releasing)
      channel.settle(mayReplay: true)
      let (replayCount, inHandCount) = (channel.replayCount, channel.inHandCount)
      #expect(replayCount == lossCount && inHandCount == 1)
    }
    complete(1, [], by: &worker)
    let completion = channel.nextCompletion()
    #expect(completion?.remarks == .redelivered)
  }
}
