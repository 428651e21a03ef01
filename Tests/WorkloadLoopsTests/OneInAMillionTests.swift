import Distributions
import Platform
import Testing

@testable import WorkloadLoops

/// The promise of the verification: a subject that loses, doubles, reorders or damages one message in a million is caught,
/// and nothing else is reported. The full million in release; fewer in debug, where a loop is many times slower.
@Suite struct OneInAMillionTests {
  #if DEBUG
    static let messageCount = 20_000
  #else
    static let messageCount = 1_000_000
  #endif

  static let faults: [Fault?] = [nil, .lose, .double, .swap, .corrupt(bit: 200)]
  static let seeds: [UInt64] = [1, 2]

  /// Anywhere, but not the last one: there is nothing to swap it with.
  private func position(seed: UInt64, fault: Fault?) -> Int {
    var random = SplitMix64(seed: seed &* 31 &+ UInt64(Self.faults.firstIndex(of: fault)!))
    return Int.random(in: 0..<Self.messageCount - 1, using: &random)
  }

  private func expectCaught(
    _ fault: Fault?, at position: Int, _ received: WorkerMeters, _ ledger: SequenceLedger, acceptedCount: Int,
    seed: UInt64
  ) {
    var isMissing = false
    var expected: [WorkerMeters.Counter: Int] = [.duplicated: 0, .reordered: 0, .corrupted: 0]
    switch fault {
    case nil: break
    case .lose: isMissing = true
    case .double: expected[.duplicated] = 1
    case .swap: expected[.reordered] = 1
    case .corrupt:
      expected[.corrupted] = 1
      isMissing = true
    }
    let place = Comment(rawValue: "\(String(describing: fault)) at \(position), seed \(seed)")
    #expect(acceptedCount == Self.messageCount, place)
    for (counter, count) in expected { #expect(received.value(of: counter) == count, place) }
    #expect(acceptedCount - received.value(of: .unique) == (isMissing ? 1 : 0), place)
    let missing = ledger.missing(stream: 0, acceptedCount: UInt64(acceptedCount), limit: 8)
    #expect(missing.map(\.sequence) == (isMissing ? [UInt64(position)] : []), place)
  }

  @Test(arguments: faults, seeds)
  func workQueueIsCaught(fault: Fault?, seed: UInt64) {
    let position = position(seed: seed, fault: fault)
    let bench = Bench(capacity: 1024)
    bench.queue.keepsAcknowledgements = false
    if let fault { bench.queue.faults = [FaultAt(fault: fault, position: position)] }
    var producer = bench.producer(batchCount: 64, sender: FakeSender(bench.queue))
    var consumer = bench.consumer(batchCount: 64)
    let control = phase(.saturate(messageCount: Int64(Self.messageCount)))
    var schedule = producer.begin(control)
    consumer.begin()
    while producer.step(control, &schedule) != .finished {
      _ = consumer.step(control, isOpenLoop: false, reportsCompletion: false)
    }
    producer.finish(&schedule)
    while consumer.step(control, isOpenLoop: false, reportsCompletion: false) == .worked {}
    consumer.finish()
    expectCaught(
      fault, at: position, bench.received, bench.ledger, acceptedCount: Int(bench.board.acceptedCount(ofStream: 0)),
      seed: seed)
  }

  @Test(arguments: faults, RingLoopTests.modes)
  func ringIsCaught(fault: Fault?, mode: RingLoopTests.Mode) {
    let seed = UInt64(mode.batchCount)
    let position = position(seed: seed, fault: fault)
    let bench = RingBench<RingRecord<4>>(capacity: Self.messageCount + 2)
    bench.ring.flip = { flipping($1, of: $0) }
    if let fault { bench.ring.faults = [FaultAt(fault: fault, position: position)] }
    var producer = bench.producer(batchCount: mode.batchCount, publishesLazily: mode.isLazy)
    producer.run(phase(.saturate(messageCount: Int64(Self.messageCount))))
    var consumer = bench.consumer(batchCount: mode.batchCount, takesLazily: mode.isLazy)
    consumer.run(lastPhase())
    expectCaught(
      fault, at: position, bench.received, bench.ledger, acceptedCount: bench.sent.value(of: .accepted), seed: seed)
  }

  /// A word of 8 bytes is nothing but its number: damaged, it is another number, so that one is missing and another is there
  /// twice, out of order or unknown. Never nothing, and never a hang.
  @Test func everyDamagedBitOfAnEightByteItemIsCaught() {
    let count = 2000
    for bit in 0..<64 {
      let bench = RingBench<RingWord>(capacity: count)
      bench.ring.flip = { flipping($1, of: $0) }
      bench.ring.faults = [FaultAt(fault: .corrupt(bit: bit), position: 1234)]
      var producer = bench.producer(batchCount: 50)
      producer.run(phase(.saturate(messageCount: Int64(count))))
      var consumer = bench.consumer(batchCount: 50)
      consumer.run(lastPhase())
      let violationCount = [WorkerMeters.Counter.duplicated, .reordered, .corrupted].reduce(0) {
        $0 + bench.received.value(of: $1)
      }
      #expect(violationCount > 0, "bit \(bit)")
      let missing = bench.ledger.missing(stream: 0, acceptedCount: UInt64(count), limit: 8)
      #expect(missing.map(\.sequence) == [1234], "bit \(bit)")
    }
  }

  /// What each queue lacks and what it has too much used to cancel out.
  @Test func messageInTheWrongQueueIsCaught() {
    let board = StreamBoard(names: ["a", "b"])
    let findings = FindingLog()
    var uniqueCount = 0
    var strangerCount = 0
    for (stream, stray) in [(0, UInt64?.none), (1, 500)] {
      let ledger = SequenceLedger(name: "", streams: [stream], streamCount: 2, underWayLimit: 1, isShared: false)
      var tracker = SequenceTracker(ledger: ledger, checksOrder: true, findings: findings)
      for sequence in 0..<1000 as Range<UInt64> {
        if stream == 1 || sequence != 500 {
          tracker.record(SequenceNumber(stream: stream, sequence: sequence), isRedelivered: false)
        }
        if sequence == stray { tracker.record(SequenceNumber(stream: 0, sequence: sequence), isRedelivered: false) }
      }
      tracker.settle()
      board.setAcceptedCount(1000, ofStream: stream)
      uniqueCount += tracker.uniqueCount
      strangerCount += tracker.strangerCount
    }
    #expect(uniqueCount == 1999)
    #expect(strangerCount == 1)
  }
}
