import ResultModel
import Testing

extension RunTests {
  /// Bare rings, from the scenario to the verified result.
  @Suite struct RingTests {
    static func run(
      _ ring: String, payload: String = "8B", wait: String = "yield", batch: Int = 1, producers: Int = 1,
      consumers: Int = 1, load: String = "{ saturate: 5000 }"
    ) throws -> EmbeddedRun {
      try EmbeddedRun(
        """
        name: test
        workload:
          pattern: ring
          ring: \(ring)
          payload: \(payload)
          wait: \(wait)
          batch: \(batch)
          producers: { p: { count: \(producers) } }
          consumers: { c: { count: \(consumers) } }
        load: \(load)
        """)
    }

    static let kinds = ["spsc", "mpsc", "mpsc, lanes: per_producer", "mpmc", "broadcast", "bytes", "lifo"]

    @Test(arguments: kinds, ["8B", "16B", "32B", "64B", "96B", "128B", "256B"])
    func itemsOfEverySizeArriveInOrder(kind: String, size: String) throws {
      try Self.run("{ kind: \(kind), capacity: 64 }", payload: size).expectClean(sent: 5000)
    }

    @Test(arguments: kinds, RunTests.waits)
    func everyWaitWorksAtBothEnds(kind: String, wait: String) throws {
      try Self.run("{ kind: \(kind), capacity: 64 }", wait: wait).expectClean(sent: 5000)
    }

    @Test(arguments: kinds, [2, 64])
    func batchesArriveWhole(kind: String, batch: Int) throws {
      let run = try Self.run("{ kind: \(kind), capacity: 64 }", payload: "64B", batch: batch)
      run.expectClean(sent: 5000)
      #expect((run.phase.ring?.batchMean ?? 0) >= 1)
    }

    @Test func lazyPublishingForgetsNothing() throws {
      try Self.run("{ kind: spsc, capacity: 64, publish: lazy }", wait: "park").expectClean(sent: 5000)
    }

    @Test(arguments: [1, 8])
    func severalProducersAndConsumersShareARing(batch: Int) throws {
      try Self.run("{ kind: mpmc, capacity: 64 }", wait: "park", batch: batch, producers: 2, consumers: 2).expectClean(
        sent: 5000)
    }

    @Test(arguments: kinds)
    func lazyItemsOfEveryKindArrive(kind: String) throws {
      try Self.run("{ kind: \(kind), capacity: 64, publish: lazy }").expectClean(sent: 5000)
    }

    @Test(
      arguments: [
        ("mpsc", 3, 1), ("mpsc, lanes: per_producer", 3, 1), ("mpmc", 3, 2), ("lifo", 2, 3),
      ] as [(String, Int, Int)], [1, 8])
    func severalThreadsShareARing(ring: (kind: String, producers: Int, consumers: Int), batch: Int) throws {
      try Self.run(
        "{ kind: \(ring.kind), capacity: 64 }", wait: "park", batch: batch, producers: ring.producers,
        consumers: ring.consumers
      ).expectClean(sent: 5000)
    }

    @Test(arguments: [1, 8])
    func everyReaderOfABroadcastGetsEverything(batch: Int) throws {
      let run = try Self.run("{ kind: broadcast, capacity: 64 }", wait: "park", batch: batch, consumers: 3)
      #expect(run.result.status == .passed)
      #expect(run.phase.counts.sent == 5000 && run.phase.counts.received == 15_000)
      #expect(run.phase.verification?.verified == 15_000)
    }

    /// What a slow reader was told that it missed is dropped, not lost; the rest is verified as ever.
    @Test(arguments: [1, 8])
    func aReaderThatWasLappedAccountsForEveryItem(batch: Int) throws {
      let run = try Self.run(
        "{ kind: broadcast, capacity: 64, slow_reader: lap }", batch: batch, consumers: 2, load: "{ saturate: 200k }")
      #expect(run.result.status == .passed)
      let verified = run.phase.verification?.verified ?? 0
      #expect(verified > 0)
      #expect(verified + run.phase.counts.dropped == 400_000)
      #expect(run.phase.verification?.lost == 0)
    }

    @Test(arguments: kinds.filter { $0 != "lifo" }, [1, 4])
    func everyItemOfARoundTripComesBack(kind: String, inFlight: Int) throws {
      var received = 0
      // On a busy host 20 ms may pass without a core for one of the ends, but not ten times.
      for _ in 0..<10 where received == 0 {
        let run = try Self.run(
          "{ kind: \(kind), capacity: 8, round_trip: true }", load: "{ in_flight: \(inFlight), for: 20ms }")
        #expect(run.result.status == .passed)
        let counts = run.phase.counts
        received = counts.received
        #expect(counts.received == counts.sent)
        #expect(counts.sent == 0 || run.phase.serviceTime?.count == counts.sent)
        #expect(counts.sent == 0 || run.phase.verification?.verified == counts.sent)
      }
      #expect(received > 0)
    }

    /// All of it used to be counted in the last interval.
    @Test func theIntervalsOfARoundTripShowWhenItemsCameBack() throws {
      var showsProgress = false
      // A busy host may keep both threads waiting for all but one interval; that every run does is no accident.
      for _ in 0..<10 where !showsProgress {
        let run = try Self.run(
          "{ kind: spsc, capacity: 8, round_trip: true }",
          load: "{ in_flight: 1, for: 200ms }\nmeasure: { interval: 10ms }")
        let rows = run.phase.intervals
        #expect(rows.reduce(0) { $0 + $1.received } == run.phase.counts.received)
        showsProgress = rows.filter { $0.received > 0 }.count > 1
      }
      #expect(showsProgress)
    }

    @Test func anOpenLoopOfItemsWithTimesHasLatencies() throws {
      let run = try Self.run(
        "{ kind: spsc, capacity: 64 }", payload: "32B", load: "{ constant: 10/s, for: 300ms, pacing: { max_lag: 10s } }"
      )
      #expect(run.phase.latency?.count == run.phase.counts.received)
      #expect(run.phase.counts.received > 0)
    }

    @Test func phasesFollowEachOther() throws {
      let run = try Self.run(
        "{ kind: mpmc, capacity: 64 }", load: "{ phases: [ one: { saturate: 500 }, two: { saturate: 700 } ] }")
      #expect(run.result.status == .passed)
      #expect(run.phases.map(\.counts.received) == [500, 700])
    }
  }
}
