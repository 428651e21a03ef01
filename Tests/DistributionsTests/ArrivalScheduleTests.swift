import Distributions
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

  /// Kolmogorov and Smirnov: the largest distance between the gaps and the exponential distribution, against its limit
  /// of one in a thousand, 1.95 / sqrt(n). With fixed seeds the answer is always the same.
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
    #expect(kolmogorovSmirnov(gaps, mean: 1e9 / rate) < 1.95 / Double(count).squareRoot(), "seed \(seed)")
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
    #expect(kolmogorovSmirnov(gaps, mean: 1e6) < 1.95 / Double(gaps.count).squareRoot())
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

  @Test func durationsDependOnNothingButTheMessage() {
    let distribution = DurationDistribution.exponential(meanNanoseconds: 20_000)
    var durations: [Double] = []
    var seen: Set<Int64> = []
    for producer in 0..<4 as Range<UInt64> {
      for sequence in 0..<2500 as Range<UInt64> {
        let duration = distribution.nanoseconds(seed: 1, producer: producer, sequence: sequence)
        #expect(duration == distribution.nanoseconds(seed: 1, producer: producer, sequence: sequence))
        durations.append(Double(duration))
        seen.insert(duration)
      }
    }
    #expect(kolmogorovSmirnov(durations, mean: 20_000) < 1.95 / 100)
    #expect(seen.count > 7000)
    let fixed = DurationDistribution.fixed(nanoseconds: 5)
    #expect(fixed.nanoseconds(seed: 1, producer: 2, sequence: 3) == 5)
    #expect(fixed.meanNanoseconds == 5)
    #expect(DurationDistribution.fixed(nanoseconds: 0).isZero)
    #expect(!distribution.isZero)
  }

  @Test func exponentialNumbersAreExponential() {
    var random = Xoshiro256(seed: 3)
    let distribution = ExponentialDistribution(mean: 7)
    let numbers = (0..<10_000).map { _ in distribution.next(using: &random) }
    #expect(kolmogorovSmirnov(numbers, mean: 7) < 1.95 / 100)
    #expect(ExponentialDistribution(mean: 0).next(using: &random) == 0)
  }
}
