import ResultModel
import ScenarioModel
import Testing

extension RunTests {
  /// Items of rings of every kind that the driver breaks on purpose.
  @Suite struct RingFaultTests {
    @Test(
      arguments: ["lose", "duplicate", "reorder", "corrupt"],
      [
        "payload: 8B", "payload: 8B, batch: 16", "payload: 8B, ring: { publish: lazy }", "payload: 64B",
        "payload: 64B, batch: 16", "payload: 16B, ring: { kind: mpmc }",
      ])
    func aRingsFaultIsCaught(kind: String, shape: String) throws {
      try EmbeddedRun.expectCaught(
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

    /// Messages broken in several ways in one run: nearly one in 100 in each, because an item is hit once.
    private func expectEachCaught(
      _ kinds: [String], workload: String, load: String, sourceLocation: Testing.SourceLocation = #_sourceLocation
    ) throws -> EmbeddedRun {
      let run = try EmbeddedRun(
        """
        name: test
        workload: { pattern: ring, \(workload) }
        load: { saturate: \(load) }
        faults: [ \(kinds.map { "{ kind: \($0), one_in: 100 }" }.joined(separator: ", ")) ]
        """)
      let faults = try #require(run.phase.faults, sourceLocation: sourceLocation)
      #expect(faults.map(\.kind) == kinds, sourceLocation: sourceLocation)
      for fault in faults {
        #expect(fault.injected > 0, sourceLocation: sourceLocation)
        #expect(fault.detected == fault.injected, "\(fault.undetected)", sourceLocation: sourceLocation)
      }
      #expect(run.result.exitCode == .verificationFailed, sourceLocation: sourceLocation)
      return run
    }

    @Test(
      arguments: [
        "kind: mpsc", "kind: mpsc, lanes: per_producer", "kind: broadcast", "kind: bytes",
        // Longer than the run, so that nothing is overwritten.
        "kind: broadcast, slow_reader: lap, capacity: 4096",
      ])
    func aFaultOfEachKindOfRingIsCaught(ring: String) throws {
      _ = try expectEachCaught(
        ["lose", "duplicate", "reorder", "corrupt"],
        workload: "wait: yield, ring: { \(ring) }, payload: 96B, batch: 16", load: "2001")
      // A damaged item of one word is another item, which confuses what is said of others: by itself.
      for kinds in [["lose", "duplicate", "reorder"], ["corrupt"]] {
        _ = try expectEachCaught(kinds, workload: "wait: yield, ring: { \(ring) }, payload: 8B", load: "2001")
      }
    }

    @Test func aStacksFaultIsCaught() throws {
      _ = try expectEachCaught(
        ["lose", "duplicate", "corrupt"], workload: "wait: yield, ring: { kind: lifo }, payload: 64B, batch: 16",
        load: "2001")
      for kinds in [["lose", "duplicate"], ["corrupt"]] {
        _ = try expectEachCaught(kinds, workload: "wait: yield, ring: { kind: lifo }, payload: 8B", load: "2001")
      }
    }

    /// A stack has no order that a reordered item could break.
    @Test func aStacksOrderIsNoFault() throws {
      #expect(throws: (any Error).self) {
        try EmbeddedRun(
          """
          name: test
          workload: { pattern: ring, ring: { kind: lifo } }
          load: { saturate: 2001 }
          faults: [ { kind: reorder, one_in: 500 } ]
          """)
      }
    }

    /// Each reader is judged for itself: what one of them lost the other had.
    @Test(arguments: ["lose", "duplicate", "reorder", "corrupt"])
    func aFaultAtOneReaderIsCaughtAtThatReader(kind: String) throws {
      let run = try EmbeddedRun(
        """
        name: test
        workload: { pattern: ring, wait: yield, payload: 64B, ring: { kind: broadcast }, consumers: { c: { count: 2 } } }
        load: { saturate: 2001 }
        faults: [ { kind: \(kind), one_in: 500, who: c.1 } ]
        """)
      let fault = try #require(run.phase.faults?.first)
      #expect(fault.injected == 4)
      #expect(fault.detected == 4, "\(fault.undetected)")
      #expect(run.result.exitCode == .verificationFailed)
    }

    /// What was overwritten is told apart from what was broken; the receiver that breaks used to hide what its ring missed.
    @Test(arguments: ["batch: 1, LAP", "batch: 16, LAP", "batch: 1, LAP, publish: lazy"])
    func faultsOfALappedReaderAreCaughtBesideItsGaps(shape: String) throws {
      let parts = shape.split(separator: ", ", maxSplits: 1)
      let ring = parts[1].replacing("LAP", with: "kind: broadcast, slow_reader: lap, capacity: 64")
      let run = try expectEachCaught(
        ["lose", "duplicate", "reorder", "corrupt"],
        workload: "wait: yield, payload: 64B, \(parts[0]), ring: { \(ring) }", load: "20k")
      let faults = run.phase.faults ?? []
      // A damaged item that lost its own number is missing under it.
      let lost = run.phase.verification?.lost ?? 0
      let expected = faults.map { ["lose", "corrupt"].contains($0.kind) ? $0.injected : 0 }
      #expect(lost >= expected[0] && lost <= expected.reduce(0, +))
      #expect(run.phase.counts.dropped > 0)
    }

    /// What was lost used to be looked for among requests without replies when there were too many to name.
    @Test(arguments: ["lose", "duplicate", "reorder", "corrupt"])
    func moreFaultsThanCanBeNamedAreCounted(kind: String) throws {
      let run = try EmbeddedRun(
        """
        name: test
        workload: { pattern: ring, wait: yield, payload: 64B }
        load: { saturate: 4000 }
        faults: [ { kind: \(kind), one_in: 3 } ]
        """)
      let fault = try #require(run.phase.faults?.first)
      #expect(fault.injected > 1024)
      #expect(fault.detected == fault.injected)
    }

    @Test(arguments: ["mpsc", "mpsc, lanes: per_producer", "mpmc", "lifo"])
    func faultsOfSeveralProducersAreCaught(ring: String) throws {
      let consumers = ring == "mpmc" || ring == "lifo" ? 2 : 1
      _ = try expectEachCaught(
        ["lose", "duplicate", "corrupt"],
        workload: """
          wait: park, payload: 64B, ring: { kind: \(ring) }, producers: { p: { count: 2 } },
            consumers: { c: { count: \(consumers) } }
          """, load: "4002")
    }
  }
}
