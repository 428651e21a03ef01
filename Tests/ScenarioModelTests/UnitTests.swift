import Distributions
import Testing

@testable import ScenarioModel

@Suite struct UnitTests {
  @Test(
    arguments: [
      ("250ms", 250_000_000), ("1.5us", 1_500), ("20us", 20_000), ("20µs", 20_000), ("3 s", 3_000_000_000),
      ("2m", 120_000_000_000), ("1h", 3_600_000_000_000), ("0", 0), ("0.5h", 1_800_000_000_000), ("7ns", 7),
      ("-0s", 0), (" 5s ", 5_000_000_000), ("0.000000001s", 1),
    ] as [(String, Int64)])
  func readsDurations(text: String, nanoseconds: Int64) throws {
    #expect(try Quantity.duration(text) == nanoseconds)
  }

  @Test(arguments: [
    ("5", QuantityError.missingUnit(suggestion: "5s")), ("5x", .wrongUnit), ("s", .notANumber), ("", .notANumber),
    ("-1s", .negative), ("1.5ns", .tooFine), ("9999999999h", .tooLarge), ("99999999999999999999s", .notANumber),
    ("1.2.3s", .wrongUnit), ("1..2s", .wrongUnit), ("5S", .wrongUnit), ("1e3s", .wrongUnit),
  ])
  func refusesOtherDurations(text: String, error: QuantityError) {
    #expect(throws: error) { try Quantity.duration(text) }
  }

  @Test(arguments: [
    ("50k/s", 50_000), ("1M/s", 1e6), ("90/m", 1.5), ("3600/h", 1), ("0.5/s", 0.5), ("1.5k / s", 1_500), ("0", 0),
    ("2G/s", 2e9),
  ])
  func readsRates(text: String, perSecond: Double) throws {
    #expect(try Quantity.rate(text) == perSecond)
  }

  @Test(arguments: [
    ("50k", QuantityError.missingUnit(suggestion: "50k/s")), ("5/ms", .wrongUnit), ("5/", .wrongUnit),
    ("-5/s", .negative), ("k/s", .notANumber), ("5B/s", .wrongUnit), ("5s", .wrongUnit),
  ])
  func refusesOtherRates(text: String, error: QuantityError) {
    #expect(throws: error) { try Quantity.rate(text) }
  }

  @Test func readsRamps() throws {
    let ramp = try #require(try Quantity.ramp("10k/s..60k/s"))
    #expect(ramp.from == 10_000)
    #expect(ramp.to == 60_000)
    #expect(try Quantity.ramp("10k/s") == nil)
  }

  @Test(
    arguments: [
      ("128B", 128), ("4KiB", 4_096), ("4KB", 4_000), ("1.5KiB", 1_536), ("2MiB", 2 << 20), ("2MB", 2_000_000),
      ("1GiB", 1 << 30), ("1GB", 1_000_000_000), ("0", 0), ("0.5kB", 500),
    ] as [(String, Int64)])
  func readsSizes(text: String, bytes: Int64) throws {
    #expect(try Quantity.size(text) == bytes)
  }

  @Test(
    arguments: [
      ("10M", 10_000_000), ("1000", 1_000), ("1.5k", 1_500), ("2G", 2_000_000_000), ("010", 10),
      ("999999999999999999", 999_999_999_999_999_999),
    ] as [(String, Int64)])
  func readsCounts(text: String, count: Int64) throws {
    #expect(try Quantity.count(text) == count)
  }

  @Test(arguments: [
    ("1.5", QuantityError.tooFine), ("-1", .negative), ("10G000", .wrongUnit), ("999999999999999999G", .tooLarge),
    ("1_000", .wrongUnit), ("ten", .notANumber),
  ])
  func refusesOtherCounts(text: String, error: QuantityError) {
    #expect(throws: error) { try Quantity.count(text) }
  }

  @Test func readsShares() throws {
    #expect(try Quantity.share("5%") == 0.05)
    #expect(try Quantity.share("0.5%") == 0.005)
    #expect(throws: QuantityError.missingUnit(suggestion: "5%")) { try Quantity.share("5") }
  }

  /// What `plan` prints and `resolvedJSON` holds reads back as the same value.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func writesWhatItReads(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<500 {
      let whole = Int64(random.next() >> UInt64.random(in: 5...63, using: &random))
      #expect(try Quantity.duration(Quantity.durationText(whole)) == whole, "seed \(seed)")
      #expect(try Quantity.size(Quantity.sizeText(whole)) == whole, "seed \(seed)")
      #expect(try Quantity.count(Quantity.countText(whole)) == whole, "seed \(seed)")
      let rate = Double(whole % 1_000_000_000)
      #expect(try Quantity.rate(Quantity.rateText(rate)) == rate, "seed \(seed)")
      #expect(try Quantity.rate(Quantity.rateText(rate / 3_600)) == rate / 3_600, "seed \(seed)")
    }
  }

  @Test func findsTheNearestWord() {
    let words = ["payload", "prefetch", "producers", "batch"]
    #expect(Spelling.nearest(to: "paylaod", among: words) == "payload")
    #expect(Spelling.nearest(to: "Batch", among: words) == "batch")
    #expect(Spelling.nearest(to: "prefech", among: words) == "prefetch")
    #expect(Spelling.nearest(to: "pay", among: words) == "payload")
    #expect(Spelling.nearest(to: "batching", among: words) == "batch")
    #expect(Spelling.nearest(to: "zebra", among: words) == nil)
    #expect(Spelling.nearest(to: "", among: words) == nil)
    #expect(Spelling.distance(Array("abc"), Array("acb")) == 1)
    #expect(Spelling.distance(Array(""), Array("acb")) == 3)
    #expect(Spelling.distance(Array("kitten"), Array("sitting")) == 3)
  }
}
