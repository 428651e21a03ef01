import DriverInterface
import Histograms
import Platform
import Testing

@testable import WorkloadLoops

/// What was handed over, and when.
private final class HandOvers {
  var stamps: [MessageStamp] = []
  var times: [Int64] = []

  func note(_ body: MessageBody, _ now: Int64) {
    if let stamp = MessageStamp(of: body, checksPayload: true) { stamps.append(stamp) }
    times.append(now)
  }
}

@Suite struct ProduceLoopTests {
  private let bench = Bench()

  /// Steps until finished, moving the clock to where the loop wants to be; `onBlocked` says whether to go on.
  private func run(
    _ producer: inout Bench.Producer, _ phase: PhaseControl, on bench: Bench, onBlocked: () -> Bool = { false }
  ) {
    var schedule = producer.begin(phase)
    loop: while true {
      switch producer.step(phase, &schedule) {
      case .worked: continue
      case .idle(let until): bench.clock.nanoseconds = until
      case .blocked: if !onBlocked() { break loop }
      case .finished: break loop
      }
    }
    producer.finish(&schedule)
  }

  @Test func openLoopSendsEachMessageAtItsIntendedTime() {
    for load in [PhasePlan.Load.constant(ratePerSecond: 1000), .poisson(ratePerSecond: 1000)] {
      let bench = Bench()
      let handOvers = HandOvers()
      var producer = bench.producer(batchCount: 16, sender: FakeSender(bench.queue, handedOver: handOvers.note))
      run(&producer, phase(load, duration: 500_000_000), on: bench)
      #expect(handOvers.stamps.map(\.intendedNanoseconds) == handOvers.times)
      #expect(handOvers.stamps.map(\.sentNanoseconds) == handOvers.times)
      #expect(handOvers.stamps.map(\.number.sequence) == Array(0..<UInt64(handOvers.times.count)))
      #expect(bench.sent.value(of: .scheduled) == handOvers.times.count)
      #expect(bench.sent.value(of: .sent) == handOvers.times.count)
      let sendDelay = bench.sent.sendDelay.snapshot()
      #expect(sendDelay.count == handOvers.times.count)
      #expect(sendDelay.max == 0)
      if case .constant = load { #expect(handOvers.times == (0..<500).map { $0 * 1_000_000 }) }
    }
  }

  /// Coordinated omission: a blocked sender must not move the intended times of what it could not send meanwhile.
  @Test func latencyCountsFromTheIntendedTimeWhenTheSubjectBlocks() {
    let bench = Bench(capacity: 10)
    let handOvers = HandOvers()
    var producer = bench.producer(batchCount: 4, sender: FakeSender(bench.queue, handedOver: handOvers.note))
    var consumer = bench.consumer(batchCount: 64)
    consumer.begin()
    let control = phase(.constant(ratePerSecond: 1000), duration: 100_000_000)
    run(&producer, control, on: bench) {
      // Full after 10 ms, and nobody takes anything for the next 50 ms.
      if bench.clock.nanoseconds < 60_000_000 { bench.clock.nanoseconds = 60_000_000 }
      _ = consumer.step(control, isOpenLoop: true, reportsCompletion: false)
      return true
    }
    while consumer.step(control, isOpenLoop: true, reportsCompletion: false) == .worked {}
    consumer.finish()
    #expect(handOvers.stamps.map(\.intendedNanoseconds) == (0..<100).map { $0 * 1_000_000 })
    #expect(bench.sent.value(of: .scheduled) == 100)
    #expect(bench.sent.value(of: .accepted) == 100)
    #expect(bench.sent.value(of: .fullWaits) > 0)
    // The message of 11 ms was staged at 60 ms at the earliest: 10 ms was staged before the queue was found full.
    #expect(abs(bench.sent.sendDelay.snapshot().max - 49_000_000) < 100_000)
    let latency = bench.received.latency.snapshot()
    #expect(latency.count == 100)
    #expect(latency.max >= 59_900_000)
    #expect(bench.received.value(of: .unique) == 100)
  }

  @Test(arguments: [1, 3, 64])
  func saturatingLoopSendsExactlyItsCount(batchCount: Int) {
    for total in [0, 1, 63, 64, 65, 1000] {
      let bench = Bench()
      var producer = bench.producer(batchCount: batchCount, sender: FakeSender(bench.queue))
      run(&producer, phase(.saturate(messageCount: Int64(total))), on: bench)
      for counter in [WorkerMeters.Counter.scheduled, .sent, .accepted] {
        #expect(bench.sent.value(of: counter) == total, "\(counter), batch \(batchCount)")
      }
      #expect(bench.board.acceptedCount(ofStream: 0) == UInt64(total))
    }
  }

  @Test func saturatingLoopEndsWithItsPhase() {
    let clock = VirtualClock(step: 1)
    let bench = Bench(capacity: 100_000, clock: clock)
    var producer = bench.producer(sender: FakeSender(bench.queue))
    run(&producer, phase(.saturate(messageCount: nil), duration: 500), on: bench)
    #expect(bench.sent.value(of: .sent) > 0)
    #expect(clock.nanoseconds >= 500)
    #expect(clock.nanoseconds < 510)
  }

  @Test func numbersOfRefusedMessagesAreUsedAgain() {
    let handOvers = HandOvers()
    bench.queue.rejected = [0, 3, 4, 19]
    bench.queue.unroutable = [7]
    var producer = bench.producer(
      batchCount: 16, sender: FakeSender(bench.queue, stagingLimit: 1, handedOver: handOvers.note))
    run(&producer, phase(.saturate(messageCount: 20)), on: bench)
    #expect(bench.sent.value(of: .sent) == 20)
    #expect(bench.sent.value(of: .accepted) == 15)
    #expect(bench.sent.value(of: .rejected) == 4)
    #expect(bench.sent.value(of: .unroutable) == 1)
    #expect(bench.board.acceptedCount(ofStream: 0) == 15)
    var consumer = bench.consumer()
    consumer.run(bench.lastPhase())
    #expect(bench.received.value(of: .unique) == 15)
    #expect(bench.received.value(of: .duplicated) == 0)
    #expect(bench.ledger.missing(stream: 0, acceptedCount: 15, limit: 8).isEmpty)
  }

  @Test func routesTakeTurnsBatchByBatchEachWithItsOwnNumbers() {
    let bench = Bench(streamCount: 3)
    let handOvers = HandOvers()
    var producer = bench.producer(
      routeCount: 3, batchCount: 2, sender: FakeSender(bench.queue, handedOver: handOvers.note))
    run(&producer, phase(.saturate(messageCount: 9)), on: bench)
    #expect(handOvers.stamps.map(\.number.stream) == [0, 0, 1, 1, 2, 2, 0, 0, 1])
    #expect(handOvers.stamps.map(\.number.sequence) == [0, 1, 0, 1, 0, 1, 2, 3, 2])
  }

  @Test func interruptionStopsEveryKindOfLoad() {
    let loads: [PhasePlan.Load] = [
      .constant(ratePerSecond: 1000), .poisson(ratePerSecond: 1000), .saturate(messageCount: nil),
      .inFlight(perProducer: 1),
    ]
    for load in loads {
      let bench = Bench()
      let control = phase(load, duration: 1_000_000_000)
      var producer = bench.producer(sender: FakeSender(bench.queue))
      var schedule = producer.begin(control)
      for _ in 0..<5 {
        if case .idle(let until) = producer.step(control, &schedule) { bench.clock.nanoseconds = until }
      }
      let sentBefore = bench.sent.value(of: .sent)
      control.stopSending()
      let step1 = producer.step(control, &schedule)
      #expect(step1 == .finished)
      producer.finish(&schedule)
      #expect(bench.sent.value(of: .sent) == sentBefore)
      #expect(bench.sent.value(of: .scheduled) <= sentBefore + 1, "\(load)")
    }
  }

  @Test func blockedLoopEndsWhenNobodyReceivesAnyMore() {
    let bench = Bench(capacity: 2)
    let control = phase(.saturate(messageCount: 10))
    var producer = bench.producer(batchCount: 4, sender: FakeSender(bench.queue))
    var schedule = producer.begin(control)
    let step1 = producer.step(control, &schedule)
    #expect(step1 == .blocked)
    let step2 = producer.step(control, &schedule)
    #expect(step2 == .blocked)
    control.stopReceiving()
    let step3 = producer.step(control, &schedule)
    #expect(step3 == .finished)
    #expect(bench.sent.value(of: .accepted) == 2)
    #expect(bench.board.acceptedCount(ofStream: 0) == 2)
  }

  @Test func closedLoopKeepsItsNumberInFlight() {
    var producer = bench.producer(batchCount: 16, sender: FakeSender(bench.queue))
    let control = phase(.inFlight(perProducer: 5), duration: 1000)
    var schedule = producer.begin(control)
    let step1 = producer.step(control, &schedule)
    #expect(step1 == .worked)
    let step2 = producer.step(control, &schedule)
    #expect(step2 == .blocked)
    #expect(bench.sent.value(of: .accepted) == 5)
    bench.board.addCompleted(2, ofStream: 0)
    let step3 = producer.step(control, &schedule)
    #expect(step3 == .worked)
    let step4 = producer.step(control, &schedule)
    #expect(step4 == .blocked)
    #expect(bench.sent.value(of: .accepted) == 7)
    bench.clock.nanoseconds = 1000
    let step5 = producer.step(control, &schedule)
    #expect(step5 == .finished)
  }

  /// Each refused message used to hold its place for ever.
  @Test func refusedMessagesAreNotInFlight() {
    bench.queue.rejected = [0, 1, 2, 3, 4, 5, 6]
    var producer = bench.producer(sender: FakeSender(bench.queue, stagingLimit: 1))
    let control = phase(.inFlight(perProducer: 2), duration: 1000)
    var schedule = producer.begin(control)
    for _ in 0..<9 {
      let step = producer.step(control, &schedule)
      #expect(step == .worked)
    }
    let step1 = producer.step(control, &schedule)
    #expect(step1 == .blocked)
    #expect(bench.sent.value(of: .rejected) == 7)
    #expect(bench.sent.value(of: .accepted) == 2)
  }

  @Test func producerWaitsForConfirmsAndTimesThem() {
    var sender = FakeSender(bench.queue)
    sender.confirmLimit = 3
    var producer = bench.producer(confirmLimit: 5, sender: sender)
    let control = phase(.saturate(messageCount: 20))
    var schedule = producer.begin(control)
    while producer.step(control, &schedule) == .worked { bench.clock.nanoseconds += 10 }
    // Three confirmed, five more outstanding.
    #expect(bench.sent.value(of: .accepted) == 8)
    #expect(bench.sent.confirmTime.snapshot().count == 3)
    #expect(bench.sent.confirmTime.snapshot().max == 10)
    control.stopSending()
    let step1 = producer.step(control, &schedule)
    #expect(step1 == .finished)
    producer.finish(&schedule)
    #expect(bench.sent.value(of: .confirmed) == 3)
  }

  @Test func overdueMessagesAreGivenUpAfterTheOverrun() {
    var producer = bench.producer(sender: FakeSender(bench.queue))
    let control = phase(.constant(ratePerSecond: 1000), duration: 100_000_000)
    var schedule = producer.begin(control)
    let step1 = producer.step(control, &schedule)
    #expect(step1 == .worked)
    bench.clock.nanoseconds = 100_000_000 + SendingSchedule.overrunNanoseconds + 1
    let step2 = producer.step(control, &schedule)
    #expect(step2 == .finished)
    producer.finish(&schedule)
    #expect(bench.sent.value(of: .sent) == 1)
    #expect(bench.sent.value(of: .scheduled) == 100)
  }

  @Test func phasesContinueTheNumbers() {
    var producer = bench.producer(sender: FakeSender(bench.queue))
    for _ in 0..<3 {
      bench.sent.beginPhase()
      run(&producer, phase(.saturate(messageCount: 10)), on: bench)
      #expect(bench.sent.value(of: .sent) == 10)
    }
    #expect(bench.board.acceptedCount(ofStream: 0) == 30)
  }
}
