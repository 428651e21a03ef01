import ResultModel
import Testing

extension RunTests {
  /// Messages that the driver breaks on purpose, from the scenario to the verdict.
  @Suite struct SelfTestTests {
    @Test(arguments: ["lose", "duplicate", "reorder", "corrupt"], ["each", "none", "{ every: 7 }"])
    func aWorkQueuesFaultIsCaught(kind: String, acknowledgement: String) throws {
      try EmbeddedRun.expectCaught(
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
      try EmbeddedRun.expectCaught(
        kind, injected: 4,
        in: """
          name: test
          workload: { pattern: request_reply, wait: yield, producers: { c: { timeout: 50ms } } }
          load: { saturate: 2000 }
          faults: [ { kind: \(kind), one_in: 500 } ]
          """)
    }

    /// A damaged message used to be reported as lost too: "never arrived", and "fails its check", under the same number.
    @Test(arguments: [
      "request_reply, producers: { c: { timeout: 50ms } }", "work_queue", "work_queue, batch: 16", "ring, payload: 64B",
      "ring, payload: 64B, batch: 16",
    ])
    func aDamagedMessageIsNotLostAsWell(workload: String) throws {
      let run = try EmbeddedRun(
        """
        name: test
        workload: { pattern: \(workload), wait: yield }
        load: { saturate: 4000 }
        faults: [ { kind: lose, one_in: 1000 }, { kind: corrupt, one_in: 1000 } ]
        """)
      let faults = try #require(run.phase.faults)
      let injected = Dictionary(uniqueKeysWithValues: faults.map { ($0.kind, $0.injected) })
      #expect(faults.allSatisfy { $0.detected == $0.injected })
      let verification = try #require(run.phase.verification)
      let examples = verification.examples
      let lost = Set(examples.filter { $0.hasPrefix("lost") }.compactMap(Self.number))
      let corrupted = Set(examples.filter { $0.hasPrefix("corrupted") }.compactMap(Self.number))
      #expect(lost.isDisjoint(with: corrupted), "\(examples)")
      #expect(verification.corrupted == injected["corrupt"])
      // A flipped bit of the number itself makes another of it: then its own is missing.
      let events = run.result.variants[0].trials[0].events.filter { $0.detail.hasPrefix("corrupt") }
      let unknownCount = Set(events.compactMap { Self.number($0.detail) }).subtracting(corrupted).count
      #expect(verification.lost == (injected["lose"] ?? 0) + unknownCount)
    }

    private static func number(_ text: String) -> Substring? {
      text.split(separator: " ").first { $0.hasPrefix("#") }
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

    /// Faults used to stand before the end of the building that they came after.
    @Test func eventsAreInOrderOfTime() throws {
      let run = try EmbeddedRun(
        """
        name: test
        workload: { pattern: work_queue, wait: park }
        load: { phases: [ one: { backlog: 2000 }, two: { saturate: 1000 } ] }
        faults: [ { kind: duplicate, one_in: 100 } ]
        """)
      let events = run.result.variants[0].trials[0].events
      #expect(events.contains { $0.kind == "backlog_drained" } && events.contains { $0.kind == "fault" })
      #expect(events.map(\.offsetNanoseconds) == events.map(\.offsetNanoseconds).sorted())
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
