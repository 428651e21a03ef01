import Testing

@testable import Distributions

@Suite struct GeneratorTests {
  /// The authors' reference programs, from state 1, 2, 3, 4 and from seed 1234567.
  @Test func followTheReferencePrograms() {
    var xoshiro = Xoshiro256(state: (1, 2, 3, 4))
    let expected: [UInt64] = [
      11520, 0, 1_509_978_240, 1_215_971_899_390_074_240, 1_216_172_134_540_287_360, 607_988_272_756_665_600,
    ]
    for number in expected { #expect(xoshiro.next() == number) }
    var splitMix = SplitMix64(seed: 1_234_567)
    let mixed: [UInt64] = [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423, 4_593_380_528_125_082_431,
      16_408_922_859_458_223_821,
    ]
    for number in mixed { #expect(splitMix.next() == number) }
  }

  @Test func numbersBelowABoundAreAllAndOnlyThose() {
    var random = SplitMix64(seed: 1)
    for bound in 1...9 { #expect(Set((0..<500).map { _ in random.below(bound) }) == Set(0..<bound)) }
  }

  @Test func streamsAndSeedsAreUnrelated() {
    var seen: Set<UInt64> = []
    for seed in 0..<20 as Range<UInt64> {
      for stream in 0..<20 as Range<UInt64> {
        var random = Xoshiro256(seed: seed, stream: stream)
        for _ in 0..<10 { #expect(seen.insert(random.next()).inserted) }
      }
    }
    var one = Xoshiro256(seed: 7, stream: 3)
    var same = Xoshiro256(seed: 7, stream: 3)
    for _ in 0..<100 { #expect(one.next() == same.next()) }
  }

  @Test func unitNumbersStayInTheirInterval() {
    #expect(UnitInterval.openBelow(0) == 0x1p-53)
    #expect(UnitInterval.openBelow(.max) == 1)
    #expect(UnitInterval.openAbove(0) == 0)
    #expect(UnitInterval.openAbove(.max) < 1)
    #expect(UnitInterval.exponential(.max) == 0)
    #expect(UnitInterval.exponential(0) < 36.8)
  }

  @Test func uniformNumbersFillTheirRangeEvenly() {
    var random = Xoshiro256(seed: 5)
    let distribution = UniformDistribution(-3...6)
    var counts = [Int64: Int]()
    for _ in 0..<100_000 { counts[distribution.next(using: &random), default: 0] += 1 }
    #expect(counts.keys.sorted() == Array(-3...6))
    // Chi squared of nine degrees of freedom: 27.9 is exceeded once in a thousand times.
    let chiSquared = counts.values.reduce(0.0) { $0 + Double(($1 - 10_000) * ($1 - 10_000)) / 10_000 }
    #expect(chiSquared < 27.9, "seed 5: \(chiSquared)")
    #expect(UniformDistribution(8...8).next(using: &random) == 8)
    _ = UniformDistribution(.min ... .max).next(using: &random)
  }
}
