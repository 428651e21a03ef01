import ResultModel
import Testing

extension RunTests {
  /// Messages that the driver breaks on purpose, from the scenario to the verdict.
  @Suite struct SelfTestTests {
    private func expectCaught(
      _ kind: String, injected: Int, in text: String, sourceLocation: Testing.SourceLocation = #_sourceLocation
    ) throws {
      let run = try EmbeddedRun(text)
      #expect(run.result.exitCode == .verificationFailed, sourceLocation: sourceLocation)
      let fault = try #require(run.phase.faults?.first, sourceLocation: sourceLocation)
      #expect(run.phase.faults?.count == 1, sourceLocation: sourceLocation)
      #expect(fault.kind == kind, sourceLocation: sourceLocation)
      #expect(fault.injected == injected, sourceLocation: sourceLocation)
      #expect(fault.detected == injected, "\(fault.undetected)", sourceLocation: sourceLocation)
      #expect(
        run.result.verdicts.contains { $0.id == "\(kind) detected@main" && $0.ok }, sourceLocation: sourceLocation)
      expectNamed(run, injected, sourceLocation)
      run.expectEmptyQueues(sourceLocation: sourceLocation)
    }

    /// Each broken message is an event, and the verification names it. One that lost its own number is missing under it.
    private func expectNamed(_ run: EmbeddedRun, _ injected: Int, _ sourceLocation: Testing.SourceLocation) {
      let events = run.result.variants[0].trials[0].events.filter { $0.kind == "fault" }
      #expect(events.count == injected, sourceLocation: sourceLocation)
      let examples = run.phase.verification?.examples ?? []
      for event in events {
        let number = event.detail.split(separator: " ").first { $0.hasPrefix("#") }
        #expect(
          examples.contains { $0.split(separator: " ").contains { $0 == number } }, "\(event.detail) in \(examples)",
          sourceLocation: sourceLocation)
      }
    }

    @Test(arguments: ["lose", "duplicate", "reorder", "corrupt"], ["each", "none", "{ every: 7 }"])
    func aWorkQueuesFaultIsCaught(kind: String, acknowledgement: String) throws {
      try expectCaught(
        kind, injected: 4,
        in: """
          name: test
          workload: { pattern: work_queue, wait: yield, ack: \(acknowledgement), batch: 16 }
          load: { saturate: 2001 }
          faults: [ { kind: \(kind), one_in: 500 } ]
          verify: { loss: 0 }
          """)
    }

    /// The successor of a message at one of several consumers is the next of its own producer that comes to that consumer.
    @Test(arguments: ["lose", "duplicate", "reorder", "corrupt"])
    func faultsOfSeveralProducersAtSeveralConsumersAreCaught(kind: String) throws {
      let run = try EmbeddedRun(
        """
        name: test
        seed: 3
        workload: { pattern: work_queue, wait: park, producers: { p: { count: 2 } }, consumers: { c: { count: 2 } } }
        load: { saturate: 4002 }
        faults: [ { kind: \(kind), one_in: 500, who: c } ]
        """)
      let fault = try #require(run.phase.faults?.first)
      // A message without a successor at its consumer is not reordered.
      #expect((6...8).contains(fault.injected), "4 of each producer")
      #expect(fault.detected == fault.injected, "\(fault.undetected)")
      #expect(run.result.exitCode == .verificationFailed)
    }

    @Test(arguments: ["lose", "duplicate", "corrupt"])
    func aRequestsFaultIsCaught(kind: String) throws {
      try expectCaught(
        kind, injected: 4,
        in: """
          name: test
          workload: { pattern: request_reply, wait: yield, producers: { c: { timeout: 50ms } } }
          load: { saturate: 2000 }
          faults: [ { kind: \(kind), one_in: 500 } ]
          """)
    }

    @Test(
      arguments: ["lose", "duplicate", "reorder", "corrupt"],
      [
        "payload: 8B", "payload: 8B, batch: 16", "payload: 8B, ring: { publish: lazy }", "payload: 64B",
        "payload: 64B, batch: 16", "payload: 16B, ring: { kind: mpmc }",
      ])
    func aRingsFaultIsCaught(kind: String, shape: String) throws {
      try expectCaught(
        kind, injected: 4,
        in: """
          name: test
          workload: { pattern: ring, wait: yield, \(shape) }
          load: { saturate: 2001 }
          faults: [ { kind: \(kind), one_in: 500 } ]
          """)
    }

    /// In an open loop the times of an item are not compared, so the flipped bit must not be one of theirs.
    @Test func aTimedItemsDamageIsCaught() throws {
      let run = try EmbeddedRun(
        """
        name: test
        workload: { pattern: ring, wait: yield, payload: 32B }
        load: { constant: 10k/s, for: 200ms, pacing: { max_lag: 10s } }
        faults: [ { kind: corrupt, one_in: 100 } ]
        """)
      let fault = try #require(run.phase.faults?.first)
      #expect(fault.injected > 0)
      #expect(fault.detected == fault.injected)
      #expect(run.phase.verification?.corrupted == fault.injected)
    }

    /// What the first phase lost used to be named again in the second.
    @Test func eachPhaseNamesItsOwn() throws {
      let run = try EmbeddedRun(
        """
        name: test
        workload: { pattern: work_queue, wait: yield }
        load: { phases: [ one: { saturate: 500 }, two: { saturate: 500 } ] }
        faults: [ { kind: lose, one_in: 500 } ]
        """)
      #expect(run.phases.map { $0.faults?.first?.detected } == [1, 1])
      for (index, phase) in run.phases.enumerated() {
        let numbers = (phase.verification?.examples ?? []).flatMap { $0.split(separator: " ") }
          .filter { $0.hasPrefix("#") }.compactMap { Int($0.dropFirst()) }
        #expect(numbers.count == 1)
        #expect(numbers.allSatisfy { $0 / 500 == index })
      }
    }

    @Test func manyFaultsOfAllKindsAreCaughtAtOnce() throws {
      let run = try EmbeddedRun(
        """
        name: test
        workload: { pattern: work_queue, wait: yield, batch: 64, ack: { every: 50 } }
        load: { saturate: 5000 }
        faults:
          - { kind: lose, one_in: 50 }
          - { kind: duplicate, one_in: 50 }
          - { kind: reorder, one_in: 50 }
          - { kind: corrupt, one_in: 50 }
        """)
      let faults = try #require(run.phase.faults)
      #expect(faults.map(\.kind) == ["lose", "duplicate", "reorder", "corrupt"])
      for fault in faults {
        #expect(fault.injected > 80, "nearly 100 of each; a message is hit once")
        #expect(fault.detected == fault.injected, "\(fault.kind): \(fault.undetected)")
      }
      run.expectEmptyQueues()
    }
  }
}
