import Distributions
import DriverInterface
import Histograms
import Platform
import Testing

@testable import WorkloadLoops

@Suite struct RequestLoopTests {
  private typealias Client = RequestLoop<FakeClient, BusySpin, VirtualClock>

  private let clock = VirtualClock()
  private let requests = FakeQueue(capacity: 1000)
  private let replies = FakeQueue(capacity: 1000)
  private let meters = WorkerMeters(layout: .latency)

  private func client(timeout: Int64 = 1_000_000_000, outstandingLimit: Int = 64) -> Client {
    RequestLoop(
      endpoint: FakeClient(requests: requests, replies: replies),
      stamper: MessageStamper(byteCount: 48, checksPayload: true, seed: 1), wait: BusySpin(), time: clock,
      meters: meters, board: StreamBoard(names: ["client"]), producer: 0, of: 1, timeoutNanoseconds: timeout,
      checksPayload: true, outstandingLimit: outstandingLimit)
  }

  /// Answers up to `count` waiting requests, each `copies` times.
  private func answer(_ count: Int = .max, copies: Int = 1, correlation: UInt64? = nil) {
    let taken = requests.take(limit: count)
    for position in taken.first..<taken.first + taken.count {
      let request = requests.message(at: position)
      for _ in 0..<copies { _ = replies.offer(request.body, correlation: correlation ?? request.correlation) }
    }
  }

  private func stepUntilIdle(_ client: inout Client, _ phase: PhaseControl, _ schedule: inout SendingSchedule)
    -> LoopStep
  {
    while true {
      let step = client.step(phase, &schedule)
      if step != .worked { return step }
    }
  }

  @Test func closedLoopNeverExceedsItsInFlightLimit() {
    var client = client()
    let control = phase(.inFlight(perProducer: 5), duration: 1_000_000)
    var schedule = SendingSchedule(control, producer: 0, of: 1)
    for round in 0..<20 {
      let step = stepUntilIdle(&client, control, &schedule)
      #expect(step == .blocked)
      #expect(requests.count == 5, "round \(round)")
      clock.nanoseconds += 100
      answer(1 + round % 5)
      let answered = replies.count
      let step1 = stepUntilIdle(&client, control, &schedule)
      #expect(step1 == .blocked)
      #expect(requests.count == 5)
      answer(5 - answered)
    }
    clock.nanoseconds = 1_000_000
    answer()
    let step2 = stepUntilIdle(&client, control, &schedule)
    #expect(step2 == .finished)
    client.finish(&schedule)
    #expect(meters.value(of: .unique) == meters.value(of: .accepted))
    #expect(meters.value(of: .scheduled) == meters.value(of: .sent))
    #expect(meters.value(of: .timedOut) == 0)
    #expect(meters.serviceTime.snapshot().count == meters.value(of: .unique))
    #expect(meters.latency.snapshot().isEmpty)
  }

  @Test func requestsWithoutAReplyInTimeAreLost() {
    var client = client(timeout: 10_000_000)
    let control = phase(.inFlight(perProducer: 3), duration: 5_000_000)
    var schedule = SendingSchedule(control, producer: 0, of: 1)
    let step1 = stepUntilIdle(&client, control, &schedule)
    #expect(step1 == .blocked)
    answer(1)
    clock.nanoseconds = 5_000_000
    let step2 = stepUntilIdle(&client, control, &schedule)
    #expect(step2 == .blocked)
    #expect(meters.value(of: .timedOut) == 0)
    clock.nanoseconds = 11_000_000
    let step3 = stepUntilIdle(&client, control, &schedule)
    #expect(step3 == .blocked, "they may be late")
    clock.nanoseconds = 520_000_000
    let step4 = stepUntilIdle(&client, control, &schedule)
    #expect(step4 == .finished)
    client.finish(&schedule)
    #expect(meters.value(of: .timedOut) == 2)
    #expect(meters.value(of: .unanswered) == 2)
    #expect(meters.value(of: .accepted) - meters.value(of: .unique) == 2)
    #expect(meters.findings.findings.map(\.kind) == [.lost, .lost])
    #expect(meters.findings.findings.map(\.number?.sequence) == [2, 3], "each is named")
  }

  @Test func replyThatComesTwiceIsADuplicate() {
    var client = client()
    let control = phase(.saturate(messageCount: 10), duration: nil)
    var schedule = SendingSchedule(control, producer: 0, of: 1)
    _ = stepUntilIdle(&client, control, &schedule)
    answer(1, copies: 2)
    answer()
    let step1 = stepUntilIdle(&client, control, &schedule)
    #expect(step1 == .finished)
    #expect(meters.value(of: .received) == 11)
    #expect(meters.value(of: .unique) == 10)
    #expect(meters.value(of: .duplicated) == 1)
    #expect(meters.value(of: .corrupted) == 0)
  }

  /// It used to be called a duplicate, and its request lost.
  @Test func onlyReplyIsNoDuplicateForBeingLate() {
    var client = client(timeout: 1_000_000)
    let control = phase(.saturate(messageCount: 2), duration: nil)
    var schedule = SendingSchedule(control, producer: 0, of: 1)
    _ = stepUntilIdle(&client, control, &schedule)
    clock.nanoseconds = 2_000_000
    answer(1, copies: 2)
    let step1 = client.step(control, &schedule)
    #expect(step1 == .worked)
    clock.nanoseconds = 4_000_000
    let step2 = stepUntilIdle(&client, control, &schedule)
    #expect(step2 == .blocked)
    #expect(meters.value(of: .timedOut) == 1)
    #expect(meters.value(of: .duplicated) == 1)
    answer(1, copies: 2)
    let step3 = stepUntilIdle(&client, control, &schedule)
    #expect(step3 == .finished)
    client.finish(&schedule)
    #expect(meters.value(of: .unique) == 1, "late is not in time")
    #expect(meters.value(of: .late) == 1)
    #expect(meters.value(of: .unanswered) == 0)
    #expect(meters.value(of: .received) == 3, "what came in time and both duplicates")
    #expect(meters.value(of: .duplicated) == 2)
    #expect(meters.findings.findings.allSatisfy { $0.kind == .duplicated })
  }

  @Test func replyToAnotherRequestIsCorrupted() {
    var client = client()
    let control = phase(.saturate(messageCount: 2), duration: nil)
    var schedule = SendingSchedule(control, producer: 0, of: 1)
    _ = stepUntilIdle(&client, control, &schedule)
    // The first request's bytes under the second one's correlation id.
    answer(1, correlation: 2)
    _ = stepUntilIdle(&client, control, &schedule)
    #expect(meters.value(of: .corrupted) == 1)
    #expect(meters.value(of: .unique) == 0)
  }

  @Test func replyThatNobodySentIsCorrupted() {
    var client = client()
    let control = phase(.inFlight(perProducer: 1), duration: 1000)
    var schedule = SendingSchedule(control, producer: 0, of: 1)
    var stranger = MessageStamper(byteCount: 48, checksPayload: true, seed: 3)
    let number = SequenceNumber(stream: 1, sequence: 1)
    _ = replies.offer(
      stranger.stamp(MessageStamp(number: number, intendedNanoseconds: 0, sentNanoseconds: 0)), correlation: 1)
    _ = client.step(control, &schedule)
    #expect(meters.value(of: .corrupted) == 1)
  }

  @Test func damagedReplyIsCorrupted() {
    replies.faults = [FaultAt(fault: .corrupt(bit: 300), position: 1)]
    var client = client()
    let control = phase(.saturate(messageCount: 3), duration: nil)
    var schedule = SendingSchedule(control, producer: 0, of: 1)
    _ = stepUntilIdle(&client, control, &schedule)
    answer()
    let step = stepUntilIdle(&client, control, &schedule)
    #expect(step == .finished, "a damaged reply is not waited for")
    #expect(meters.value(of: .corrupted) == 1)
    #expect(meters.value(of: .damaged) == 1)
    #expect(meters.value(of: .unique) == 2)
  }

  @Test func openLoopCountsLatencyFromTheIntendedTime() {
    var client = client()
    let control = phase(.constant(ratePerSecond: 1000), duration: 10_000_000)
    var schedule = SendingSchedule(control, producer: 0, of: 1)
    // Asleep for the first 4.5 ms: five requests are due at once.
    clock.nanoseconds = 4_500_000
    let step1 = stepUntilIdle(&client, control, &schedule)
    #expect(step1 == .idle(untilNanoseconds: 5_000_000))
    #expect(requests.count == 5)
    #expect(meters.sendDelay.snapshot().count == 5)
    clock.nanoseconds = 4_600_000
    answer()
    _ = stepUntilIdle(&client, control, &schedule)
    let latency = meters.latency.snapshot()
    #expect(latency.count == 5)
    #expect(abs(latency.max - 4_600_000) < 5000)
    #expect(abs(meters.serviceTime.snapshot().max - 100_000) < 200)
    while true {
      let step = client.step(control, &schedule)
      if case .idle(let until) = step { clock.nanoseconds = until }
      if step == .blocked { answer() }
      if step == .finished { break }
    }
    client.finish(&schedule)
    #expect(meters.value(of: .scheduled) == 10)
    #expect(meters.value(of: .unique) == 10)
  }

  @Test func refusedRequestsAreNotWaitedFor() {
    requests.rejected = [0, 1, 3]
    requests.unroutable = [4]
    var client = client()
    let control = phase(.saturate(messageCount: 8), duration: nil)
    var schedule = SendingSchedule(control, producer: 0, of: 1)
    _ = stepUntilIdle(&client, control, &schedule)
    answer()
    let step1 = stepUntilIdle(&client, control, &schedule)
    #expect(step1 == .finished)
    #expect(meters.value(of: .sent) == 8)
    #expect(meters.value(of: .accepted) == 4)
    #expect(meters.value(of: .rejected) == 3)
    #expect(meters.value(of: .unroutable) == 1)
    #expect(meters.value(of: .unique) == 4)
    #expect(meters.value(of: .duplicated) == 0)
  }

  @Test func fullTableHoldsAnOpenLoopBackAndItsDelayShows() {
    var client = client(outstandingLimit: 4)
    let control = phase(.constant(ratePerSecond: 1000), duration: 10_000_000)
    var schedule = SendingSchedule(control, producer: 0, of: 1)
    clock.nanoseconds = 9_500_000
    let step1 = stepUntilIdle(&client, control, &schedule)
    #expect(step1 == .blocked)
    #expect(requests.count == 4)
    clock.nanoseconds = 20_000_000
    answer()
    _ = stepUntilIdle(&client, control, &schedule)
    #expect(abs(meters.sendDelay.snapshot().max - 16_000_000) < 20_000)
  }

  @Test(arguments: [1, 4])
  func serverRepliesToEachRequestWithItsBytesInOrder(batchCount: Int) {
    var stamper = MessageStamper(byteCount: 48, checksPayload: true, seed: 1)
    requests.faults = [FaultAt(fault: .corrupt(bit: 99), position: 5)]
    for sequence in 0..<10 as Range<UInt64> {
      let number = SequenceNumber(stream: 0, sequence: sequence)
      let stamp = MessageStamp(number: number, intendedNanoseconds: 0, sentNanoseconds: 0)
      _ = requests.offer(stamper.stamp(stamp), correlation: 100 + sequence)
    }
    var server = ServeLoop(
      endpoint: FakeServer(requests: requests, replies: replies), wait: BusySpin(), time: clock, meters: meters,
      handler: MessageHandler(plan: .none, seed: 0, serviceTimes: []), checksPayload: true, batchCount: batchCount)
    server.run(lastPhase(of: requests))
    #expect(meters.value(of: .received) == 10)
    #expect(meters.value(of: .corrupted) == 1)
    let served = (0..<10 as Range<UInt64>).filter { $0 != 5 }
    #expect(replies.count == 9)
    for (index, sequence) in served.enumerated() {
      let reply = replies.message(at: index)
      #expect(reply.correlation == 100 + sequence)
      #expect(MessageStamp(of: reply.body, checksPayload: true)?.number.sequence == sequence)
    }
    #expect(requests.acknowledgements.map(\.tag) == Array(1...10))
  }

  @Test func serverGivesUpRepliesThatNobodyTakes() {
    let full = FakeQueue(capacity: 1)
    var stamper = MessageStamper(byteCount: 48, checksPayload: true, seed: 1)
    for sequence in 0..<10 as Range<UInt64> {
      let number = SequenceNumber(stream: 0, sequence: sequence)
      _ = requests.offer(stamper.stamp(MessageStamp(number: number, intendedNanoseconds: 0, sentNanoseconds: 0)))
    }
    var server = ServeLoop(
      endpoint: FakeServer(requests: requests, replies: full, stagingLimit: 20), wait: BusySpin(), time: clock,
      meters: meters, handler: MessageHandler(plan: .none, seed: 0, serviceTimes: []), checksPayload: true,
      batchCount: 10)
    let control = phase(.saturate(messageCount: nil))
    full.ranFull = { control.stopReceiving() }
    server.run(control)
    #expect(meters.value(of: .fullWaits) > 0)
    #expect(full.count == 1)
    #expect(requests.count == 0)
  }

  /// The server used to serve everything that was left, however long that took.
  @Test(arguments: [1, 4, 64])
  func serverLeavesWhatNobodyWaitsFor(batchCount: Int) {
    var stamper = MessageStamper(byteCount: 48, checksPayload: true, seed: 1)
    for sequence in 0..<50 as Range<UInt64> {
      let number = SequenceNumber(stream: 0, sequence: sequence)
      let stamp = MessageStamp(number: number, intendedNanoseconds: 0, sentNanoseconds: 0)
      _ = requests.offer(stamper.stamp(stamp), correlation: 1 + sequence)
    }
    var server = ServeLoop(
      endpoint: FakeServer(requests: requests, replies: replies), wait: BusySpin(), time: clock, meters: meters,
      handler: MessageHandler(
        plan: HandlerPlan(busy: .spin, speed: 1, isIdle: false), seed: 1, serviceTimes: [.fixed(1_000_000)]),
      checksPayload: true, batchCount: batchCount)
    let control = phase(.saturate(messageCount: nil))
    clock.step = 1000
    clock.alarm = (10_500_000, { control.stopReceiving() })
    server.run(control)
    #expect((10...11).contains(meters.value(of: .received)))
    #expect((10...11).contains(replies.count))
    #expect(requests.count == 0)
    #expect(requests.acknowledgements.map(\.tag) == Array(1...50))
  }
}
