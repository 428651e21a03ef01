import Distributions
import Statistics
import Testing

@Suite struct ArrivalScheduleTests {
  /// Against 128-bit arithmetic: message i of producer k of n is due at floor((k + i n) * 10^9 / rate).
  @Test(arguments: [
    (1.0, 1), (3.0, 1), (7.0, 3), (33.3, 2), (0.5, 1), (99_999.999_999, 4), (1e6, 3), (3e9, 7), (1e12, 1),
  ])
  func constantArrivalsNeverDrift(rate: Double, producers: Int) {
    let rateMillionths = UInt128((rate * 1e6).rounded())
    for producer in 0..<producers {
      var arrivals = ConstantArrivals(ratePerSecond: rate, producer: producer, of: producers)
      for message in 0..<20_000 {
        let number = UInt128(producer + message * producers)
        let due = Int64(number * 1_000_000_000_000_000 / rateMillionths)
        let next = arrivals.next()
        guard next == due else {
          Issue.record("message \(message) of producer \(producer): \(next), not \(due)")
          return
        }
      }
    }
  }

  @Test func theMillionthArrivalIsExact() {
    var arrivals = ConstantArrivals(ratePerSecond: 3)
    for _ in 0..<1_000_000 { _ = arrivals.next() }
    #expect(arrivals.next() == 333_333_333_333_333)
  }

  @Test func producersTakeTurns() {
    var producers = (0..<4).map { ConstantArrivals(ratePerSecond: 1000, producer: $0, of: 4) }
    for message in 0..<400 as Range<Int64> {
      #expect(producers[Int(message % 4)].next() == message * 1_000_000)
    }
  }

  /// A sample this far away is one in a thousand. With fixed seeds the answer is always the same.
  @Test(arguments: [1, 2, 3, 42] as [UInt64])
  func gapsOfPoissonArrivalsAreExponential(seed: UInt64) {
    let count = 10_000
    let rate = 1000.0
    var arrivals = PoissonArrivals(ratePerSecond: rate, seed: seed)
    var last: Int64 = 0
    var gaps: [Double] = []
    for _ in 0..<count {
      let next = arrivals.next()
      #expect(next >= last)
      gaps.append(Double(next - last))
      last = next
    }
    #expect(KolmogorovSmirnov(gaps, exponentialMean: 1e9 / rate).p > 0.001, "seed \(seed)")
  }

  @Test func poissonProducersTogetherAreAPoissonProcess() {
    var times: [Int64] = []
    for producer in 0..<4 {
      var arrivals = PoissonArrivals(ratePerSecond: 1000, seed: 11, producer: producer, of: 4)
      var next = arrivals.next()
      while next < 10_000_000_000 {
        times.append(next)
        next = arrivals.next()
      }
    }
    times.sort()
    let gaps = zip(times.dropFirst(), times).map { Double($0 - $1) }
    #expect(KolmogorovSmirnov(gaps, exponentialMean: 1e6).p > 0.001)
    // A count of mean 10,000 is 100 off as a rule.
    #expect(abs(times.count - 10_000) < 400, "\(times.count)")
  }

  @Test func verySlowPoissonArrivalsStayNumbers() {
    var arrivals = PoissonArrivals(ratePerSecond: 1e-6, seed: 1)
    var last: Int64 = 0
    for _ in 0..<100_000 {
      let next = arrivals.next()
      #expect(next >= last)
      last = next
    }
  }

  @Test func exponentialNumbersAreExponential() {
    var random = Xoshiro256(seed: 3)
    let distribution = ExponentialDistribution(mean: 7)
    let numbers = (0..<10_000).map { _ in distribution.next(using: &random) }
    #expect(KolmogorovSmirnov(numbers, exponentialMean: 7).p > 0.001)
    #expect(ExponentialDistribution(mean: 0).next(using: &random) == 0)
  }

  /// However many are left, in no time, and the same number as by counting.
  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func whatIsLeftIsCountedWithoutGoingThroughIt(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    func check<Schedule: ArrivalSchedule>(_ schedule: Schedule) {
      for _ in 0..<20 {
        let offset = Int64.random(in: 0...20_000_000, using: &random)
        var counted = schedule
        for _ in 0..<Int.random(in: 0...300, using: &random) { _ = counted.next() }
        var asked = counted
        var count = 0
        while counted.next() < offset { count += 1 }
        #expect(asked.takeCount(before: offset) == count, "seed \(seed), \(Schedule.self) before \(offset)")
      }
    }
    for producer in 0..<3 {
      check(ConstantArrivals(ratePerSecond: 12_345.678, producer: producer, of: 3))
      check(PoissonArrivals(ratePerSecond: 12_345.678, seed: seed, producer: producer, of: 3))
      check(BurstArrivals(messageCount: 7, periodNanoseconds: 999_999, producer: producer, of: 3))
      check(BurstArrivals(messageCount: 2, periodNanoseconds: 123_456, producer: producer, of: 3))
    }
  }

  @Test func aHopelessBacklogIsCountedAtOnce() {
    let hour: Int64 = 3_600_000_000_000
    let constant = ConstantArrivals(ratePerSecond: 1e12)
    #expect(constant.takeCount(before: hour) == 3_600_000_000_000_000)
    var poisson = PoissonArrivals(ratePerSecond: 1e9, seed: 1)
    #expect(poisson.takeCount(before: hour) == 3_600_000_000_000)
    let slow = ConstantArrivals(ratePerSecond: 1e-6)
    #expect(slow.takeCount(before: .max) == 9224)
  }

  /// Against plain counting: message N of all producers belongs to burst N / size.
  @Test(arguments: [1, 2, 3, 10, 64] as [Int64], 1...5)
  func burstsAreSharedWithoutRemainder(size: Int64, producers: Int) {
    for producer in 0..<producers {
      var arrivals = BurstArrivals(messageCount: size, periodNanoseconds: 1_000, producer: producer, of: producers)
      for message in 0..<500 {
        let number = Int64(producer + message * producers)
        #expect(arrivals.next() == number / size * 1_000, "message \(number)")
      }
    }
  }
}
