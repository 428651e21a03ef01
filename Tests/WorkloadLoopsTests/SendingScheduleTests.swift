import Distributions
import Platform
import Testing

@testable import WorkloadLoops

@Suite struct SendingScheduleTests {
  private func intendedTimes(_ load: PhasePlan.Load, duration: Int64, producer: Int = 0, of count: Int = 1) -> [Int64] {
    var schedule = SendingSchedule(phase(load, duration: duration), producer: producer, of: count)
    var times: [Int64] = []
    while schedule.nextIntended != .max {
      times.append(schedule.nextIntended)
      schedule.advance()
    }
    #expect(schedule.scheduledCount == times.count)
    return times
  }

  @Test func constantLoadIsSharedWithoutRemainder() {
    for count in 1...7 {
      let shares = (0..<count).map {
        intendedTimes(.constant(ratePerSecond: 1000), duration: 1_000_000_000, producer: $0, of: count)
      }
      #expect(shares.flatMap(\.self).sorted() == (0..<1000).map { $0 * 1_000_000 }, "\(count) producers")
    }
  }

  @Test func poissonTimesAreThoseOfTheArrivalProcessWithinThePhase() {
    let times = intendedTimes(.poisson(ratePerSecond: 10_000), duration: 100_000_000)
    var arrivals = PoissonArrivals(ratePerSecond: 10_000, seed: 1)
    var expected: [Int64] = []
    while true {
      let time = arrivals.next()
      if time >= 100_000_000 { break }
      expected.append(time)
    }
    #expect(times == expected)
  }

  /// Whatever was sent and whenever the phase was cut off, what was scheduled is what was due until then.
  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func scheduledCountIsWhatWasDueOrSent(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let loads: [PhasePlan.Load] = [.constant(ratePerSecond: 12_345), .poisson(ratePerSecond: 12_345)]
    for load in loads {
      let times = intendedTimes(load, duration: 10_000_000)
      for _ in 0..<20 {
        var schedule = SendingSchedule(phase(load, duration: 10_000_000), producer: 0, of: 1)
        let sentCount = Int.random(in: 0...times.count, using: &random)
        for _ in 0..<sentCount { schedule.advance() }
        let time = Int64.random(in: 0...10_000_000, using: &random)
        schedule.skip(until: time)
        #expect(schedule.scheduledCount == max(sentCount, times.count { $0 < time }), "seed \(seed)")
      }
    }
  }

  @Test func sharesOfAMessageCountAddUpToItForAnyNumberOfProducers() {
    for total in Array(0...60) + [1_000_000, 999_983] {
      for count in 1...17 {
        let shares = (0..<count).map {
          SendingSchedule(phase(.saturate(messageCount: Int64(total))), producer: $0, of: count).countLimit
        }
        #expect(shares.reduce(0, +) == total)
        #expect(shares.max()! - shares.min()! <= 1)
      }
    }
  }

  @Test func closedLoopsHaveTheirLimitsAndNoTimes() {
    let inFlight = SendingSchedule(phase(.inFlight(perProducer: 7), duration: 10), producer: 0, of: 1)
    #expect(inFlight.inFlightLimit == 7)
    #expect(inFlight.end == 10)
    #expect(!inFlight.isOpenLoop)
    let endless = SendingSchedule(phase(.saturate(messageCount: nil), duration: 10), producer: 0, of: 1)
    #expect(endless.countLimit == .max)
    #expect(endless.scheduledCount == 0)
  }
}

@Suite struct WaitingTests {
  @Test func pacerDoesNotSleepWhenItWouldWakeLate() {
    let pacer = Pacer(spinNanoseconds: 30_000)
    let before = ResourceUsage.currentThread()
    for remaining in [.min / 2, -1, 0, 1, 30_000, 50_000] as [Int64] {
      for _ in 0..<500 { pacer.approach(1_000_000 + remaining, now: 1_000_000) }
    }
    // Each sleep would be a voluntary switch; a few come from elsewhere.
    #expect((ResourceUsage.currentThread() - before).voluntarySwitchCount < 500)
  }

  @Test func startIsNeverEarlyAndAtMostOneReadingLate() {
    for start in [0, 1, 999, 20_000] as [Int64] {
      let clock = VirtualClock(step: 7)
      Pacer(spinNanoseconds: 30_000).waitForStart(start, time: clock)
      #expect(clock.nanoseconds >= start)
      #expect(clock.nanoseconds < start + 2 * 7)
    }
  }

  private typealias Call = RecordingEndpoint.Call

  @Test func parkingIdlerPreparesLooksAgainAndOnlyThenWaits() {
    var idler = Idler(Parking())
    var endpoint = RecordingEndpoint()
    for _ in 0..<4 { idler.nothing(on: &endpoint) }
    #expect(endpoint.calls == [.prepare, .wait(5_000_000), .prepare, .wait(5_000_000)])
  }

  @Test func findingAtTheSecondLookWithdrawsTheWait() {
    var idler = Idler(Parking())
    var endpoint = RecordingEndpoint()
    idler.nothing(on: &endpoint)
    idler.found(on: &endpoint)
    idler.found(on: &endpoint)
    #expect(endpoint.calls == [.prepare, .cancel])
  }

  @Test func idlerNeverSleepsLongerThanAnInterruptionMayTake() {
    var idler = Idler(Parking())
    var endpoint = RecordingEndpoint()
    for timeout in [7, 5_000_000, 60_000_000_000] as [Int64] {
      idler.nothing(on: &endpoint, timeoutNanoseconds: timeout)
      idler.nothing(on: &endpoint, timeoutNanoseconds: timeout)
    }
    #expect(endpoint.calls.filter { $0 != .prepare } == [.wait(7), .wait(5_000_000), .wait(5_000_000)])
  }

  @Test func strategiesThatSpinNeverTouchTheEndpoint() {
    var endpoint = RecordingEndpoint()
    var spinning = Idler(BusySpin())
    var backingOff = Idler(ChosenWait(.backoff))
    for turn in 0..<300 {
      spinning.nothing(on: &endpoint)
      backingOff.nothing(on: &endpoint)
      if turn % 7 == 0 { spinning.found(on: &endpoint) }
    }
    #expect(endpoint.calls.isEmpty)
  }

  /// Whatever the looks find: each preparation is followed by exactly one wait or withdrawal, and none stays open.
  @Test(arguments: [1, 2, 3] as [UInt64], [WorkloadPlan.Wait.park, .spinThenPark])
  func everyPreparationEndsInOneWaitOrWithdrawal(seed: UInt64, wait: WorkloadPlan.Wait) {
    var random = SplitMix64(seed: seed)
    var idler = Idler(ChosenWait(wait))
    var endpoint = RecordingEndpoint()
    for _ in 0..<20_000 {
      if Int.random(in: 0..<1500, using: &random) == 0 {
        idler.found(on: &endpoint)
      } else {
        idler.nothing(on: &endpoint)
      }
    }
    idler.found(on: &endpoint)
    #expect(!endpoint.calls.isEmpty)
    #expect(endpoint.calls.count.isMultiple(of: 2))
    for index in endpoint.calls.indices {
      #expect((endpoint.calls[index] == .prepare) == index.isMultiple(of: 2), "seed \(seed), call \(index)")
    }
  }

  @Test func chosenWaitBehavesLikeTheStrategyThatItNames() {
    for choice in [WorkloadPlan.Wait.spin, .yield, .backoff, .park, .spinThenPark] {
      var wait = ChosenWait(choice)
      var looks = 0
      while looks < 1200, !wait.shouldPark() { looks += 1 }
      let expected = choice == .park ? 0 : choice == .spinThenPark ? 1000 : 1200
      #expect(looks == expected, "\(choice)")
      #expect(choice.parks == (looks < 1200))
    }
    #expect(ChosenWait().choice == .spinThenPark)
  }
}
