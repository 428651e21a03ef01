import Distributions
import DriverInterface
import Histograms
import Platform
import Testing

@testable import WorkloadLoops

@Suite struct ConsumeLoopTests {
  private let bench = Bench(streamCount: 2)

  private func number(_ sequence: UInt64, stream: Int = 0) -> SequenceNumber {
    SequenceNumber(stream: stream, sequence: sequence)
  }

  @Test(arguments: [1, 7, 64])
  func countsAndTimesWhatItReceives(batchCount: Int) {
    for sequence in 0..<100 as Range<UInt64> {
      bench.put(number(sequence), intended: 1000 + Int64(sequence), sent: 2000 + Int64(sequence))
    }
    bench.clock.nanoseconds = 5000
    var consumer = bench.consumer(batchCount: batchCount)
    consumer.run(bench.lastPhase(.constant(ratePerSecond: 1)))
    let meters = bench.received
    #expect(meters.value(of: .received) == 100)
    #expect(meters.value(of: .unique) == 100)
    #expect(meters.value(of: .receivedBytes) == 6400)
    #expect(meters.value(of: .batches) == (100 + batchCount - 1) / batchCount)
    #expect(meters.value(of: .lastReceivedNanoseconds) == 5000)
    let latency = meters.latency.snapshot()
    #expect(latency.count == 100)
    #expect(latency.min == 3901)
    #expect(latency.max == 4000)
    #expect(meters.serviceTime.snapshot().max == 3000)
  }

  /// The subject used to be told the time of the look before, which an idle consumer may have had long ago.
  @Test func theSubjectLearnsWhenABatchWasThere() {
    bench.put(number(0))
    bench.clock.nanoseconds = 1000
    let phase = bench.lastPhase(.constant(ratePerSecond: 1))
    bench.queue.ranDry = { [bench] in
      guard bench.clock.nanoseconds < 5000 else { return phase.stopReceiving() }
      bench.clock.nanoseconds = 5000
      bench.put(SequenceNumber(stream: 0, sequence: 1))
    }
    var consumer = bench.consumer()
    consumer.run(phase)
    #expect(bench.queue.receptions.map(\.count) == [1, 1])
    #expect(bench.queue.receptions.map(\.nanoseconds) == [1000, 5000])
  }

  @Test func closedLoopsHaveNoLatencyAndReportCompletion() {
    for sequence in 0..<10 as Range<UInt64> { bench.put(number(sequence, stream: 1)) }
    var consumer = bench.consumer(batchCount: 4)
    consumer.run(bench.lastPhase(.inFlight(perProducer: 10)))
    #expect(bench.received.latency.snapshot().isEmpty)
    #expect(bench.received.serviceTime.snapshot().count == 10)
    #expect(bench.board.completedCount(ofStream: 1) == 10)
    #expect(bench.board.completedCount(ofStream: 0) == 0)
  }

  /// A parked producer used to sleep out its five milliseconds for every message.
  @Test(arguments: [false, true])
  func handledMessagesWakeTheProducerThatWaitsForThem(handles: Bool) {
    let bench = Bench(producersMayPark: true)
    bench.put(number(0))
    let bell = bench.board.completionBell
    let ticket = bell.prepareToWait()
    var consumer = handles ? bench.consumer(handler: worker(nanoseconds: 0)) : bench.consumer()
    consumer.run(bench.lastPhase(.inFlight(perProducer: 1)))
    #expect(bell.wait(ticket, timeoutNanoseconds: 1_000_000))
  }

  @Test func eachMessageIsAcknowledgedByItself() {
    for sequence in 0..<10 as Range<UInt64> { bench.put(number(sequence)) }
    var consumer = bench.consumer(batchCount: 4)
    consumer.run(bench.lastPhase())
    #expect(bench.queue.acknowledgements.map(\.tag) == Array(1...10))
    #expect(bench.queue.acknowledgements.allSatisfy { !$0.isMultiple })
    #expect(bench.received.value(of: .acknowledged) == 10)
  }

  @Test func everyThirdMessageAcknowledgesTheOnesBeforeItAndTheLastTheRest() {
    for sequence in 0..<11 as Range<UInt64> { bench.put(number(sequence)) }
    var consumer = bench.consumer(batchCount: 4, acknowledgement: .every(3))
    consumer.run(bench.lastPhase())
    #expect(bench.queue.acknowledgements.map(\.tag) == [3, 6, 9, 11])
    #expect(bench.queue.acknowledgements.allSatisfy { $0.isMultiple })
    #expect(bench.received.value(of: .acknowledged) == 11)
  }

  @Test func nothingIsAcknowledgedWhenDeliveryIsEnough() {
    for sequence in 0..<10 as Range<UInt64> { bench.put(number(sequence)) }
    var consumer = bench.consumer(acknowledgement: .none)
    consumer.run(bench.lastPhase())
    #expect(bench.queue.acknowledgements.isEmpty)
    #expect(bench.received.value(of: .acknowledged) == 0)
    #expect(bench.received.value(of: .unique) == 10)
  }

  @Test func redeliveredMessagesAreCountedAndNeitherDoubledNorReordered() {
    for sequence in [0, 1, 2] as [UInt64] { bench.put(number(sequence)) }
    for sequence in [1, 2, 3] as [UInt64] { bench.put(number(sequence), isRedelivered: true) }
    var consumer = bench.consumer()
    consumer.run(bench.lastPhase())
    let meters = bench.received
    #expect(meters.value(of: .redelivered) == 3)
    #expect(meters.value(of: .unique) == 4)
    #expect(meters.value(of: .duplicated) == 0)
    #expect(meters.value(of: .reordered) == 0)
  }

  @Test func violationsAreCountedAndNamed() {
    for sequence in [0, 1, 3, 2, 3] as [UInt64] { bench.put(number(sequence)) }
    bench.put(number(0, stream: 9))
    var consumer = bench.consumer()
    consumer.run(bench.lastPhase())
    let meters = bench.received
    #expect(meters.value(of: .received) == 6)
    #expect(meters.value(of: .unique) == 4)
    #expect(meters.value(of: .reordered) == 1)
    #expect(meters.value(of: .duplicated) == 1)
    #expect(meters.value(of: .corrupted) == 1)
    #expect(meters.findings.findings.count == 3)
    #expect(meters.findings.findings.contains { $0.text(streamNames: ["p"]) == "reordered: p #2 came after #3" })
  }

  /// The handler used to look the stream's service time up past the end.
  @Test func messageOfAStreamThatDoesNotExistIsNoWork() {
    bench.put(number(0, stream: 9))
    bench.put(number(0))
    bench.clock.step = 1
    let handler = MessageHandler(
      plan: HandlerPlan(busy: .touch, speed: 2, isIdle: false), seed: 1,
      serviceTimes: [.fixed(1000), .fixed(1000)])
    var consumer = bench.consumer(handler: handler)
    consumer.run(bench.lastPhase(.inFlight(perProducer: 1)))
    #expect(bench.received.value(of: .corrupted) == 1)
    #expect(bench.received.value(of: .unique) == 1)
    // Half of 1000 ns, at twice the speed, once.
    #expect((500..<600).contains(bench.clock.nanoseconds))
  }

  private func worker(nanoseconds: Int64, busy: HandlerPlan.Busy = .spin) -> MessageHandler {
    MessageHandler(
      plan: HandlerPlan(busy: busy, speed: 1, isIdle: false), seed: 1,
      serviceTimes: [.fixed(nanoseconds), .fixed(nanoseconds)])
  }

  /// The consumer used to look for the end of the phase only when it ran out of messages.
  @Test(arguments: [1, 4, 64])
  func whatIsNotHandledWhenThePhaseIsOverIsTakenAwayAndNotReceived(batchCount: Int) {
    for sequence in 0..<50 as Range<UInt64> { bench.put(number(sequence)) }
    bench.clock.step = 1000
    var consumer = bench.consumer(batchCount: batchCount, handler: worker(nanoseconds: 1_000_000))
    let control = phase(.constant(ratePerSecond: 1))
    bench.clock.alarm = (10_500_000, { control.stopReceiving() })
    consumer.run(control)
    let meters = bench.received
    let received = meters.value(of: .received)
    #expect((10...11).contains(received))
    #expect(meters.value(of: .unique) == received)
    #expect(meters.value(of: .acknowledged) == received)
    #expect(meters.value(of: .receivedBytes) == 64 * received)
    #expect(meters.latency.snapshot().count == received)
    #expect(bench.queue.count == 0)
    #expect(bench.queue.acknowledgements.map(\.tag) == Array(1...50))
    #expect(bench.ledger.missing(stream: 0, acceptedCount: 50, limit: 8).isEmpty)

    meters.beginPhase()
    bench.put(number(50))
    consumer.run(bench.lastPhase())
    #expect(meters.value(of: .unique) == 1, "the next phase gets only its own")
    #expect(meters.value(of: .reordered) == 0)
  }

  /// The last reception used to be the batch's arrival, so that a batch of 50 seemed to be received before any was handled.
  @Test(arguments: [1, 7, 64])
  func theLastReceptionIsTheEndOfTheLastMessagesWork(batchCount: Int) {
    for sequence in 0..<50 as Range<UInt64> { bench.put(number(sequence)) }
    bench.clock.step = 1000
    var consumer = bench.consumer(batchCount: batchCount, handler: worker(nanoseconds: 1_000_000))
    consumer.run(bench.lastPhase())
    #expect(bench.received.value(of: .received) == 50)
    #expect(bench.received.value(of: .lastReceivedNanoseconds) >= 50_000_000)
  }

  @Test func aLongSleepEndsWithThePhase() {
    bench.put(number(0))
    var consumer = bench.consumer(handler: worker(nanoseconds: 3_600_000_000_000, busy: .sleep))
    let control = phase(.saturate(messageCount: nil))
    bench.clock.step = 1000
    bench.clock.alarm = (10_000, { control.stopReceiving() })
    consumer.run(control)
    #expect(bench.received.value(of: .unique) == 1)
  }

  /// The counts of the verification used to stand still until the consumer ran out of messages.
  @Test(arguments: [false, true])
  func countsAreBroughtUpToDateWhileMessagesKeepComing(handles: Bool) {
    for sequence in 0..<50 as Range<UInt64> { bench.put(number(sequence)) }
    bench.clock.step = handles ? 1000 : 1_000_000
    var consumer =
      handles
      ? bench.consumer(batchCount: 64, handler: worker(nanoseconds: 1_000_000)) : bench.consumer(batchCount: 1)
    let meters = bench.received
    var uniqueCount = 0
    bench.clock.alarm = (20_000_000, { uniqueCount = meters.value(of: .unique) })
    consumer.run(bench.lastPhase())
    #expect((17...20).contains(uniqueCount))
    #expect(meters.value(of: .unique) == 50)
  }

  @Test func phasesCountAnewAndContinueTheNumbers() {
    var consumer = bench.consumer()
    for round in 0..<3 as Range<UInt64> {
      bench.received.beginPhase()
      for sequence in round * 10..<round * 10 + 10 { bench.put(number(sequence)) }
      consumer.run(bench.lastPhase())
      #expect(bench.received.value(of: .unique) == 10)
    }
    #expect(bench.ledger.missing(stream: 0, acceptedCount: 30, limit: 8).isEmpty)
  }

  @Test func onlyTheFirstFindingsAreKept() {
    let log = FindingLog()
    for index in 0..<(2 * FindingLog.limit) {
      log.note(.lost, SequenceNumber(stream: 1, sequence: UInt64(index)), "again")
    }
    #expect(log.findings.map(\.number?.sequence) == (0..<UInt64(FindingLog.limit)).map { $0 })
    #expect(log.findings[7].text(streamNames: ["a", "b"]) == "lost: b #7 again")
    #expect(log.findings[7].text(streamNames: []) == "lost: stream 1 #7 again")
    log.clear()
    #expect(log.findings.isEmpty)
  }
}
