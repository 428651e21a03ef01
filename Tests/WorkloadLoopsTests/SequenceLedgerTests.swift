import Distributions
import Platform
import Testing

@testable import WorkloadLoops

@Suite struct SequenceLedgerTests {
  @Test func windowHoldsTwiceWhatIsUnderWayWithinItsBudget() {
    func window(_ streamCount: Int, _ underWay: Int) -> UInt64 {
      SequenceLedger(name: "", streams: [], streamCount: streamCount, underWayLimit: underWay, isShared: false)
        .windowCount
    }
    #expect(window(1, 1) == 65536)
    #expect(window(1, 1_000_000) == 2_097_152)
    #expect(window(1024, 1) == 32768)
    #expect(window(65536, 1) == 1024)
  }

  /// A set is the model: runs ahead, runs back over what was seen, late numbers from several windows ago.
  @Test(arguments: [1, 2, 3] as [UInt64], [false, true])
  func behavesLikeASet(seed: UInt64, isShared: Bool) {
    var random = SplitMix64(seed: seed)
    let ledger = SequenceLedger.short(isShared: isShared)
    let stream = Int.random(in: 0..<65536, using: &random)
    var model: Set<UInt64> = []
    var front: UInt64 = 0
    for step in 0..<800 {
      let first: UInt64
      switch UInt64.random(in: 0..<10, using: &random) {
      case 0: first = front + .random(in: 0..<3000, using: &random)
      case 1: first = front - min(front, .random(in: 0..<6000, using: &random))
      case 2, 3: first = front - min(front, .random(in: 0..<200, using: &random))
      default: first = front
      }
      let count = UInt64.random(in: 1...80, using: &random)
      let repeated = (first..<first + count).count { model.contains($0) }
      let receipt = ledger.record(stream: stream, first: first, count: count)
      #expect(receipt.repeatedCount == repeated, "seed \(seed), step \(step)")
      #expect(receipt.newCount == Int(count) - repeated, "seed \(seed), step \(step)")
      model.formUnion(first..<first + count)
      front = max(front, first + count)
    }
    for accepted in [front, front / 2, front + 5000] {
      let missing = (0..<accepted).filter { !model.contains($0) }
      let found = ledger.missing(stream: stream, acceptedCount: accepted, limit: .max)
      #expect(found.map(\.sequence) == missing, "seed \(seed), accepted \(accepted)")
      #expect(found.allSatisfy { $0.stream == stream })
      let firstFew = ledger.missing(stream: stream, acceptedCount: accepted, limit: 5)
      #expect(firstFew.map(\.sequence) == Array(missing.prefix(5)))
    }
  }

  @Test func everySingleMissingNumberIsNamed() {
    for lost in [0, 1, 31, 32, 1022, 1023, 1024, 2047, 4998, 4999] as [UInt64] {
      let ledger = SequenceLedger.short(isShared: false)
      if lost > 0 { _ = ledger.record(stream: 7, first: 0, count: lost) }
      if lost < 4999 { _ = ledger.record(stream: 7, first: lost + 1, count: 4999 - lost) }
      let missing = ledger.missing(stream: 7, acceptedCount: 5000, limit: 8)
      #expect(missing == [SequenceNumber(stream: 7, sequence: lost)])
    }
  }

  /// Only the last window used to be looked through: 500 was left out, for its word was never taken over.
  @Test func lossBeforeALostTailIsNamedFirst() {
    let ledger = SequenceLedger.short(isShared: false)
    _ = ledger.record(stream: 0, first: 0, count: 500)
    _ = ledger.record(stream: 0, first: 501, count: 499)
    let missing = ledger.missing(stream: 0, acceptedCount: 2000, limit: 3)
    #expect(missing.map(\.sequence) == [500, 1000, 1001])
  }

  @Test func nothingIsMissingOfAStreamThatSentNothing() {
    let ledger = SequenceLedger.short(isShared: false)
    #expect(ledger.missing(stream: 3, acceptedCount: 0, limit: 8).isEmpty)
    #expect(ledger.missing(stream: 3, acceptedCount: 2, limit: 8).map(\.sequence) == [0, 1])
  }

  @Test func streamsDoNotDisturbOneAnother() {
    let ledger = SequenceLedger.short(isShared: false)
    for stream in [0, 1, 65535] { _ = ledger.record(stream: stream, first: UInt64(stream) % 7, count: 3000) }
    #expect(ledger.record(stream: 2, first: 0, count: 3000).newCount == 3000)
    #expect(ledger.missing(stream: 1, acceptedCount: 3001, limit: 8).map(\.sequence) == [0])
    #expect(ledger.missing(stream: 0, acceptedCount: 3000, limit: 8).isEmpty)
  }

  @Test func numberFarBeyondWhatArrivedIsNotPlausible() {
    let ledger = SequenceLedger(name: "", streams: [0], streamCount: 1, underWayLimit: 1, isShared: false)
    #expect(ledger.isPlausible(SequenceNumber(stream: 0, sequence: 100_000_000)))
    for bit in 29..<48 { #expect(!ledger.isPlausible(SequenceNumber(stream: 0, sequence: 1 << bit))) }
  }
}
