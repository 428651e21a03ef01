import Distributions
import Platform
import Testing
import WorkloadLoops

@testable import EmbeddedDriver

/// What goes between a run and the process at the far end of its ring.
@Suite struct PeerMessageTests {
  private static let place = SequenceLedger.LeftBehind(stream: 3, wordNumber: 1 << 40)

  private func replies() -> [PeerReply] {
    var remarks = PeerRemarks([], [])
    remarks.findings = [
      [
        Finding(kind: .corrupted, number: SequenceNumber(stream: 2, sequence: 1 << 47), words: "is not what it says"),
        Finding(kind: .lost, number: nil, words: ""),
      ], [],
    ]
    remarks.leftBehind = [[Self.place: 0x8000_0001], [:]]
    return [.ready, .refused("no – not today"), .done(remarks), .done(PeerRemarks([], []))]
  }

  /// Byte by byte and several at once.
  @Test(arguments: [1, 3, 1000])
  func repliesArriveAsTheyWereSentHoweverTheyAreCut(chunk: Int) throws {
    let sent = replies()
    let bytes = sent.flatMap(\.encoded)
    var waiting: [UInt8] = []
    var received: [PeerReply] = []
    for start in stride(from: 0, to: bytes.count, by: chunk) {
      waiting += bytes[start..<min(bytes.count, start + chunk)]
      while let reply = try PeerReply.take(from: &waiting) { received.append(reply) }
    }
    #expect(received == sent)
    #expect(waiting.isEmpty)
  }

  /// Whatever is damaged, the answer is a reply, an error or a wait for more, never the end of the process.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func damagedRepliesAreSurvived(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let good = replies().map(\.encoded)
    for _ in 0..<2000 {
      var bytes = good[Int.random(in: 0..<good.count, using: &random)]
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      _ = try? PeerReply.take(from: &bytes)
    }
  }

  @Test func whatIsNoReplyIsRefused() {
    for body in [[9], [], [3, 5]] as [[UInt64]] {
      var words = PeerWords()
      words.append(UInt64(body.count * 8))
      for word in body { words.append(word) }
      var bytes = Array(words.bytes)
      #expect(throws: PeerMessageError.self) { try PeerReply.take(from: &bytes) }
    }
    var endless = [UInt8](repeating: 0xFF, count: 8)
    #expect(throws: PeerMessageError.self) { try PeerReply.take(from: &endless) }
  }

  @Test func aPhaseKeepsWhatAReceivingLoopLooksAt() {
    for load in [
      .poisson(ratePerSecond: 5), .saturate(messageCount: nil), .inFlight(perProducer: 3), .backlog(messageCount: 9),
    ] as [PhasePlan.Load] {
      let plan = PhasePlan(name: "p", load: load, durationNanoseconds: nil, seed: 1)
      let command = PeerCommand(beginning: plan)
      #expect(PeerCommand(rawValue: command.rawValue)?.phase?.isOpenLoop == plan.isOpenLoop)
      #expect(command.phase?.holdsReceivers == plan.holdsReceivers)
    }
    #expect(PeerCommand.startReceiving.phase == nil && PeerCommand.stopReceiving.phase == nil)
  }

  @Test func aRequestKeepsWhatConsumersNeed() throws {
    let ring = WorkloadPlan.RingPlan(
      kind: .broadcast(laps: true), capacity: 64, publishesLazily: true, isRoundTrip: false, itemByteCount: 32,
      isBetweenProcesses: true)
    var plan = EmbeddedSubjectTests.plan(.ring(ring))
    plan.checksOrder = false
    plan.producers = ["a.0", "a.1"].map { .init(name: $0, payloadByteCount: 32, wait: .spinThenPark) }
    plan.consumers = [
      .init(name: "c.0", batchCount: 16, wait: .yield), .init(name: "a-long-name-of-a-reader.1", wait: .park),
    ]
    let memory = try SharedMemory(byteCount: PeerRequest.byteCount(consumerCount: 2))
    PeerRequest(plan, ring).store(plan.consumers, in: memory)
    let (found, foundRing) = try #require(PeerRequest.plan(in: memory))
    #expect(foundRing == ring)
    #expect(found.consumers.map(\.name) == ["c.0", "a-long-name-of-"])
    #expect(found.consumers.map(\.batchCount) == [16, 1])
    #expect(found.consumers.map(\.wait) == [.yield, .park])
    #expect(found.producers.count == 2 && found.producers.allSatisfy(\.wait.parks))
    #expect(!found.checksOrder)
    #expect(found.histogramLayout == plan.histogramLayout)
    let difference = found.time.now() - plan.time.now()
    #expect(abs(difference) < 1_000_000_000, "the same clock, not another one that was started later")
  }

  @Test func memoryWithoutARequestIsNone() throws {
    #expect(PeerRequest.plan(in: try SharedMemory(byteCount: 4096)) == nil)
  }
}
