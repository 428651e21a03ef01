import Statistics
import Testing

@testable import Distributions

@Suite struct VaryingArrivalsTests {
  static let second: Int64 = 1_000_000_000
  static let profiles: [RateProfile] = [
    RateProfile(basePerSecond: 10_000, shape: .ramp(toPerSecond: 60_000), durationNanoseconds: second),
    RateProfile(basePerSecond: 60_000, shape: .ramp(toPerSecond: 10), durationNanoseconds: second),
    RateProfile(basePerSecond: 10_000, shape: .stairs(toPerSecond: 50_000, count: 5), durationNanoseconds: second),
    RateProfile(basePerSecond: 50_000, shape: .stairs(toPerSecond: 1_000, count: 2), durationNanoseconds: second),
    RateProfile(basePerSecond: 10_000, shape: .spike(peakPerSecond: 80_000), durationNanoseconds: second),
    RateProfile(
      basePerSecond: 20_000, shape: .wave(amplitudePerSecond: 15_000, periodNanoseconds: 300_000_000),
      durationNanoseconds: second),
    RateProfile(
      basePerSecond: 20_000, shape: .wave(amplitudePerSecond: 20_000, periodNanoseconds: 100_000_000),
      durationNanoseconds: second),
  ]

  @Test func theNumberOfMessagesIsTheAreaUnderTheRate() {
    let counts = Self.profiles.map { $0.count(at: Double(Self.second)) }
    let expected = [35_000, 30_005, 30_000, 25_500, 100_000 / 3.0, 20_000 + 1_074.3, 20_000]
    for (count, expected) in zip(counts, expected) { #expect(abs(count - expected) < 0.5, "\(count), \(expected)") }
    // The seventh of them goes round whole periods; the sixth ends after three and a third.
    #expect(Self.profiles.map(\.highestPerSecond) == [60_000, 60_000, 50_000, 50_000, 80_000, 35_000, 40_000])
  }

  /// Each piece begins where the one before ends, in time and in messages.
  @Test(arguments: profiles) func piecesFitTogether(profile: RateProfile) {
    var piece = profile.piece(0)
    #expect(piece.start == 0 && piece.countBefore == 0)
    for index in 1..<1000 where piece.end < .infinity {
      let next = profile.piece(index)
      #expect(abs(next.start - piece.end) <= 1e-15 * next.start)
      #expect(abs(next.countBefore - piece.countAtEnd) <= 1e-12 * (1 + next.countBefore), "piece \(index)")
      for share in [0, 0.1, 0.5, 0.9, 1] where piece.countAtEnd > piece.countBefore {
        let time = piece.start + share * (piece.end - piece.start)
        #expect(abs(piece.time(ofCount: piece.count(at: time)) - time) <= 1e-5 * (piece.end - piece.start))
      }
      piece = next
    }
  }

  @Test func aWaveIsASine() {
    let wave = Self.profiles[6]
    for step in 0..<1000 {
      let time = Double(step) * 1e6
      let angle = 2 * Double.pi * time / 1e8
      // The integral of 20k (1 + sin).
      let exact = 20_000 * (time * 1e-9 + 0.1 / (2 * .pi) * (1 - cosine(angle)))
      // By the trapezoidal rule: (2 pi / 128)^2 / 12 of twice the amplitude, in messages.
      #expect(abs(wave.count(at: time) - exact) < 0.1279, "\(time)")
    }
  }

  /// The k-th message is due when k messages are due.
  @Test(arguments: profiles, [1, 3])
  func evenlySpacedArrivalsFollowTheProfile(profile: RateProfile, producers: Int) {
    var times: [Int64] = []
    for producer in 0..<producers {
      var arrivals = VaryingArrivals(profile: profile, isPoisson: false, seed: 1, producer: producer, of: producers)
      var message = producer
      var due = arrivals.next()
      while due < Self.second {
        times.append(due)
        let low = profile.count(at: Double(due) - 1)
        let high = profile.count(at: Double(due) + 1)
        #expect(low - 1e-6 <= Double(message) && Double(message) <= high + 1e-6, "message \(message) at \(due)")
        message += producers
        let next = arrivals.next()
        #expect(next >= due)
        due = next
      }
    }
    #expect(abs(Double(times.count) - profile.count(at: Double(Self.second))) <= 1)
  }

  /// On the clock that runs with the rate, the gaps of all producers together are exponential with mean 1.
  @Test(arguments: profiles, [1, 4])
  func randomArrivalsAreAPoissonProcessOfTheProfile(profile: RateProfile, producers: Int) {
    var times: [Int64] = []
    for producer in 0..<producers {
      var arrivals = VaryingArrivals(profile: profile, isPoisson: true, seed: 7, producer: producer, of: producers)
      var due = arrivals.next()
      while due < Self.second {
        times.append(due)
        due = arrivals.next()
      }
    }
    times.sort()
    let numbers = times.map { profile.count(at: Double($0)) }
    let gaps = zip(numbers.dropFirst(), numbers).map { $0 - $1 }
    #expect(KolmogorovSmirnov(gaps, exponentialMean: 1).p > 0.001)
    let expected = profile.count(at: Double(Self.second))
    #expect(abs(Double(times.count) - expected) < 4 * expected.squareRoot())
  }

  @Test(arguments: profiles) func whatIsLeftIsCounted(profile: RateProfile) {
    for isPoisson in [false, true] {
      for sent in [0, 1, 1_000] {
        for offset in [0, 1, 5_000_000, 400_000_000, 999_999_999] as [Int64] {
          var counted = VaryingArrivals(profile: profile, isPoisson: isPoisson, seed: 3, producer: 1, of: 2)
          for _ in 0..<sent { _ = counted.next() }
          var asked = counted
          var count = 0
          while counted.next() < offset { count += 1 }
          #expect(asked.takeCount(before: offset) == count, "\(profile.shape), \(sent) sent, before \(offset)")
        }
      }
    }
  }

  @Test func longWavesWithFewMessagesTakeNoTime() {
    let profile = RateProfile(
      basePerSecond: 0.001, shape: .wave(amplitudePerSecond: 0.001, periodNanoseconds: 1_000), durationNanoseconds: 1)
    var arrivals = VaryingArrivals(profile: profile, isPoisson: false, seed: 1)
    for message in 0..<1000 as Range<Int64> {
      #expect(abs(arrivals.next() - message * 1_000_000_000_000) <= 1_000)
    }
    var random = VaryingArrivals(profile: profile, isPoisson: true, seed: 1)
    var last: Int64 = 0
    for _ in 0..<1000 {
      let next = random.next()
      #expect(next > last)
      last = next
    }
  }

  @Test func afterItsEndARampStaysWhereItIs() {
    let ramp = RateProfile(basePerSecond: 1_000, shape: .ramp(toPerSecond: 3_000), durationNanoseconds: Self.second)
    #expect(abs(ramp.count(at: 2e9) - 5_000) < 1e-6)
    var hopeless = VaryingArrivals(profile: ramp, isPoisson: true, seed: 1)
    #expect(abs(hopeless.takeCount(before: 1_000_000_000_000_000) - 2_999_999_000) < 2)
  }

  /// By its own series, so that the test does not lean on what it tests.
  private func cosine(_ angle: Double) -> Double {
    let x = angle.remainder(dividingBy: 2 * .pi)
    var term = 1.0
    var sum = 1.0
    for index in 1..<20 {
      term *= -x * x / Double((2 * index - 1) * 2 * index)
      sum += term
    }
    return sum
  }
}
