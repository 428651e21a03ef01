import ResultModel
import Testing

@Suite struct QuantityTextTests {
  @Test func durationsHaveThreeDigitsAndTheUnitThatSuits() {
    let claims: [(Int64, String)] = [
      (0, "0 ns"), (7, "7 ns"), (828, "828 ns"), (999, "999 ns"), (1_000, "1.00 µs"), (1_312, "1.31 µs"),
      (9_994, "9.99 µs"), (9_996, "10.0 µs"), (99_960, "100 µs"), (999_499, "999 µs"), (999_500, "1.00 ms"),
      (12_400_000, "12.4 ms"), (999_600_000, "1.00 s"), (20_000_000_000, "20.0 s"), (3_600_000_000_000, "3600 s"),
      (-1_312, "-1.31 µs"),
    ]
    for (nanoseconds, text) in claims { #expect(QuantityText.duration(nanoseconds: nanoseconds) == text) }
    #expect(QuantityText.duration(nanoseconds: 3.125) == "3.13 ns")
    #expect(QuantityText.duration(nanoseconds: 0.5) == "0.500 ns")
  }

  @Test func ratesAndSizesHaveTheirPrefixes() {
    #expect(QuantityText.rate(perSecond: 0) == "0 /s")
    #expect(QuantityText.rate(perSecond: 999.4) == "999 /s")
    #expect(QuantityText.rate(perSecond: 999.6) == "1.00 k/s")
    #expect(QuantityText.rate(perSecond: 41_234_567) == "41.2 M/s")
    #expect(QuantityText.rate(perSecond: 2.04e9) == "2.04 G/s")
    #expect(QuantityText.byteRate(perSecond: 1_280_000) == "1.28 MB/s")
    #expect(QuantityText.bytes(1023) == "1023 B")
    #expect(QuantityText.bytes(31_457_280) == "30.0 MiB")
  }

  @Test func countsAreGrouped() {
    let claims = [
      (0, "0"), (999, "999"), (1_000, "1,000"), (12_345_678, "12,345,678"), (-1_234, "-1,234"), (100_000, "100,000"),
    ]
    for (count, text) in claims { #expect(QuantityText.count(count) == text) }
  }

  @Test func significantDigitsAreThree() {
    let claims = [(0.0, "0"), (0.0125, "0.0125"), (0.9996, "1.00"), (1, "1.00"), (99.95, "100"), (1234.5, "1235")]
    for (value, text) in claims { #expect(QuantityText.significant(value) == text) }
  }

  @Test func whatWasAskedForIsNotRounded() {
    let durations: [(Int64, String)] = [
      (0, "0 s"), (1, "1 ns"), (999, "999 ns"), (30_000, "30 µs"), (1_500, "1.5 µs"), (250_000_000, "250 ms"),
      (1_234_567_890, "1.23456789 s"), (5_000_000_000, "5 s"), (60_000_000_000, "1 min"),
      (125_000_000_000, "2 min 5 s"), (90_500_000_000, "1 min 30.5 s"), (3_600_000_000_000, "60 min"),
    ]
    for (nanoseconds, text) in durations { #expect(QuantityText.exactDuration(nanoseconds: nanoseconds) == text) }
    let rates = [
      (0.5, "0.5 /s"), (5, "5 /s"), (999, "999 /s"), (50_000, "50 k/s"), (123_456, "123.456 k/s"),
      (1_250_000, "1.25 M/s"), (2e9, "2 G/s"), (1_414.2, "1.4142 k/s"), (1.0 / 3_600, "0.0002777777777777778 /s"),
    ]
    for (rate, text) in rates { #expect(QuantityText.exactRate(perSecond: rate) == text) }
  }
}
