import ResultModel
import ScenarioModel
import Testing

extension RunTests {
  /// Rings of bytes with records of drawn sizes, from the scenario to the verified result.
  @Suite struct RecordRingTests {
    private func run(
      _ sizes: String, ring: String = "kind: bytes, capacity: 64", wait: String = "yield", batch: Int = 1,
      load: String = "{ saturate: 5000 }", rest: String = ""
    ) throws -> EmbeddedRun {
      try EmbeddedRun(
        """
        name: test
        seed: 11
        workload: { pattern: ring, ring: { \(ring) }, payload: { \(sizes) }, wait: \(wait), batch: \(batch) }
        load: \(load)
        \(rest)
        """)
    }

    @Test(
      arguments: [
        "lognormal: { p50: 96B, p99: 1KiB }", "uniform: [32B, 300B]", "cycle: [32B, 33B, 1000B, 40B]",
        "bimodal: { 64B: 90%, 64KiB: 10% }", "exponential: 128B", "cycle: [64B, 64B]",
      ], [1, 16])
    func recordsOfEverySizeArriveWholeAndInOrder(sizes: String, batch: Int) throws {
      try run(sizes, batch: batch).expectClean(sent: 5000)
    }

    @Test(arguments: RunTests.waits)
    func everyWaitWorksAtBothEnds(wait: String) throws {
      try run("uniform: [32B, 300B]", ring: "kind: bytes, capacity: 8", wait: wait).expectClean(sent: 5000)
    }

    /// The sizes of the records of one producer are known beforehand, so their sum is too.
    @Test func recordsHaveTheirOwnSizes() throws {
      let result = try run("cycle: [32B, 100B, 1000B]", load: "{ saturate: 3000 }")
      result.expectClean(sent: 3000)
      #expect(result.phase.rates.bytesPerSecond > 0)
      let seconds = 3000 / result.phase.rates.receivedPerSecond
      #expect(abs(result.phase.rates.bytesPerSecond * seconds - 1_132_000) < 1)
    }

    @Test func anOpenLoopOfRecordsHasLatencies() throws {
      let result = try run(
        "uniform: [32B, 300B]", load: "{ constant: 1k/s, for: 300ms, pacing: { max_lag: 10s } }")
      #expect(result.phase.latency?.count == result.phase.counts.received)
      #expect(result.phase.counts.received > 0)
    }

    @Test(arguments: [1, 16])
    func brokenRecordsAreCaught(batch: Int) throws {
      let result = try run(
        "lognormal: { p50: 96B, p99: 1KiB }", batch: batch, load: "{ saturate: 2001 }",
        rest: """
          faults:
            - { kind: lose, one_in: 100 }
            - { kind: duplicate, one_in: 100 }
            - { kind: reorder, one_in: 100 }
            - { kind: corrupt, one_in: 100 }
          """)
      let faults = try #require(result.phase.faults)
      #expect(faults.count == 4)
      for fault in faults {
        #expect(fault.injected > 10)
        #expect(fault.detected == fault.injected, "\(fault.kind): \(fault.undetected)")
      }
      #expect(result.result.exitCode == .verificationFailed)
    }

    @Test(
      arguments: [
        ("kind: spsc", "have one size"), ("kind: bytes, round_trip: true", "items of one size"),
        ("kind: bytes, publish: lazy", "items of one size"),
      ] as [(String, String)])
    func drawnSizesAreRefusedWhereTheyCannotBe(ring: String, words: String) throws {
      let load = ring.contains("round_trip") ? "{ in_flight: 1, for: 20ms }" : "{ saturate: 10 }"
      let error = #expect(throws: ScenarioProblems.self) { try run("uniform: [32B, 64B]", ring: ring, load: load) }
      #expect(error?.problems.contains { $0.message.contains(words) } == true)
    }

    @Test func recordsSmallerThanTheirStampAreRefused() throws {
      #expect(throws: ScenarioProblems.self) { try run("uniform: [16B, 64B]") }
    }
  }
}
