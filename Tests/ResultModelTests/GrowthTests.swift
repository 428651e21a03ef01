import ResultModel
import Testing

/// What was allocated once, and what messages cost.
@Suite struct GrowthTests {
  /// The figures of a phase of 1,000 messages whose intervals allocated so much, each with a share of the messages.
  private func summary(
    _ allocated: [Int?], sent: [Int]? = nil, received: [Int]? = nil, total: Int? = nil
  ) -> ResourceUsageSummary {
    let even = 1_000 / max(1, allocated.count)
    let intervals = allocated.enumerated().map { index, bytes in
      var sample = IntervalSample(
        startNanoseconds: Int64(index), lengthNanoseconds: 1, sent: sent?[index] ?? even,
        received: received?[index] ?? even)
      sample.allocatedBytes = bytes
      return sample
    }
    var summary = ResourceUsageSummary()
    summary.setAllocated(
      byteCount: total ?? allocated.reduce(0) { $0 + ($1 ?? 0) }, messageCount: 1_000, intervals: intervals)
    return summary
  }

  /// Shared out among the messages it used to be 64 B for each, by chance.
  @Test(arguments: [
    [64_000, 0, 0, 0], [32_000, 32_000, 0, 0], [0, 60_000, 4_000, 0, 0], [64_000, 0, 0, 0, 0, 0, 0],
  ])
  func whatGrowsInTheFirstHalfCostsNoMessageAnything(allocated: [Int]) {
    let found = summary(allocated)
    #expect(found.allocatedBytesPerMessage == 0)
    #expect(found.allocatedBytes == 64_000 && found.allocatedBytesOnce == 64_000)
  }

  /// Lumps that come again, what comes late, and what cannot be told: all of it is shared out, as ever.
  @Test(
    arguments: [
      [64_000, 0, 0, 8], [16_000, 16_000, 16_000, 16_000], [32_000, 0, 32_000, 0], [0, 0, 0, 64_000], [64_000, 0, 0],
      [64_000, nil, 0, 0], [],
    ] as [[Int?]])
  func whateverElseIsAllocatedIsSharedOut(allocated: [Int?]) {
    let total = allocated.reduce(0) { $0 + ($1 ?? 0) }
    let found = summary(allocated)
    #expect(found.allocatedBytesPerMessage == Double(total) / 1_000)
    #expect(found.allocatedBytes == total && found.allocatedBytesOnce == nil)
  }

  /// Who builds a backlog allocates for its messages in the first half, and is done in the second.
  @Test func aHalfInWhichFewAreSentOrReceivedShowsNothing() {
    let (early, late) = ([500, 400, 50, 50], [50, 50, 400, 500])
    #expect(summary([64_000, 0, 0, 0], sent: early).allocatedBytesPerMessage == 64)
    #expect(summary([64_000, 0, 0, 0], received: early).allocatedBytesPerMessage == 64)
    #expect(summary([64_000, 0, 0, 0], sent: late, received: late).allocatedBytesPerMessage == 0)
  }

  @Test func whereIntervalsAndSumDifferNothingIsToldApart() {
    #expect(summary([64_000, 0, 0, 0], total: 64_001).allocatedBytesOnce == nil)
    #expect(summary([0, 0, 0, 0]).allocatedBytesOnce == nil && summary([0, 0, 0, 0]).allocatedBytesPerMessage == 0)
  }
}
