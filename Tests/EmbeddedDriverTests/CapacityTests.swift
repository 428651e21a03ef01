import ResultModel
import Testing

extension RunTests {
  /// The search of a capacity, against subjects whose capacity is known.
  @Suite struct CapacityTests {
    private func run(_ rest: String) throws -> RunResult {
      try EmbeddedRun(
        """
        name: test
        time: virtual
        trials: { process: shared }
        workload: { pattern: request_reply, service_time: 1ms }
        search: { capacity: { metric: latency.p90, limit: 1500us, from: 900/s, to: 3k/s, for: 150ms, trials: 3, precision: 10% } }
        \(rest)
        """
      ).result
    }

    /// Even arrivals and even work: below 1000 calls a second none ever waits.
    @Test func aServerThatComputesForAMillisecondHasACapacityOfAThousand() throws {
      let result = try run("seed: 2")
      #expect(result.status == .passed, "\(result.verdicts.filter { !$0.ok })")
      let capacity = try #require(result.capacity)
      let high = try #require(capacity.high)
      #expect(
        capacity.low <= 1_000.1 && 1_000 <= high && high - capacity.low <= 0.101 * high, "\(capacity.low), \(high)")
      #expect(capacity.ratePerSecond == capacity.low && capacity.confirmed == true && capacity.exhausted == false)
      #expect(capacity.limit == 1_500_000 && capacity.metric == "latency.p90")
      // The trials of the result are the longer ones at the capacity.
      let confirmation = try #require(capacity.steps.last)
      #expect(confirmation.confirmation == true && confirmation.ok)
      #expect(result.variants[0].trials.map(\.order) == confirmation.trials?.map(\.order))
      let phase = try #require(result.variants[0].trials.first?.phases.first)
      #expect(phase.durationNanoseconds >= 450_000_000)
      // Every trial has a seed of its own.
      let trials = capacity.steps.flatMap { $0.trials ?? [] }
      #expect(Set(trials.map(\.seed)).count == trials.count)
      #expect(trials.map(\.order).sorted() == Array(0..<trials.count))
      #expect(capacity.steps.contains { $0.verdict == .failed } && capacity.steps.contains { $0.verdict == .passed })
    }
  }
}
