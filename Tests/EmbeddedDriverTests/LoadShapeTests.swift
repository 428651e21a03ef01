import ResultModel
import Testing

extension RunTests {
  /// Every shape of load, from the scenario to the verified result.
  @Suite struct LoadShapeTests {
    static let patterns = [
      "work_queue, producers: { p: { count: 2 } }", "request_reply", "ring, ring: { capacity: 1024 }, payload: 64B",
    ]

    private func run(_ load: String, _ pattern: String = "work_queue", _ rest: String = "") throws -> EmbeddedRun {
      try EmbeddedRun(
        """
        name: test
        workload: { pattern: \(pattern), wait: park }
        load: { \(load), drain: 30s, pacing: { max_lag: 30s } }
        \(rest)
        """)
    }

    @Test(
      arguments: [
        ("constant: 1k/s..5k/s, for: 200ms", 600), ("constant: 1k/s..5k/s, steps: 5, for: 200ms", 600),
        ("constant: 1k/s, peak: 7k/s, for: 300ms", 900),
        ("constant: 3k/s, amplitude: 100%, period: 50ms, for: 200ms", 600),
        ("burst: 30, every: 20ms, for: 200ms", 300),
      ], patterns)
    func anOpenLoopOfAnyShapeDeliversEverything(load: (text: String, count: Int), pattern: String) throws {
      let run = try run(load.text, pattern)
      run.expectClean(sent: load.count)
      #expect(run.phase.latency?.count == load.count)
      if load.text.contains("burst") {
        #expect(run.phase.arrivals == nil)
      } else {
        #expect(run.phase.arrivals?.process == .constant)
        #expect(run.phase.arrivals?.p == 1)
        #expect((run.phase.arrivals?.count ?? 0) > 100)
      }
    }

    /// Servers that still answered when nobody waited any more used to end in one long row.
    @Test func theTimeSeriesGoesOnWhileTheLastMessagesAreHandled() throws {
      let run = try EmbeddedRun(
        """
        workload:
          pattern: request_reply
          service_time: 20ms
          producers: { p: { timeout: 20ms } }
          consumers: { c: { busy: sleep } }
        load: { saturate: 32, drain: 30s }
        measure: { interval: 20ms }
        """)
      #expect(run.phase.counts.sent == 32)
      #expect(run.phase.intervals.count > 10, "640 ms of work at least")
    }

    @Test(arguments: ["poisson: 20k/s", "poisson: 5k/s..30k/s", "poisson: 10k/s, amplitude: 90%, period: 100ms"])
    func randomArrivalsAreJudged(load: String) throws {
      let run = try run("\(load), for: 300ms")
      #expect(run.result.status == .passed, "\(run.result.verdicts)")
      let arrivals = try #require(run.phase.arrivals)
      #expect(arrivals.process == .poisson)
      #expect(arrivals.isPlausible && arrivals.p > 1e-3, "\(arrivals)")
      #expect(arrivals.count > 1_000)
    }

    @Test(arguments: ["work_queue, batch: 16", "work_queue, producers: { p: { count: 3 } }", "ring, payload: 8B"])
    func aBacklogIsBuiltBeforeAnyOfItIsReceived(pattern: String) throws {
      let run = try run("backlog: 5000", pattern)
      run.expectClean(sent: 5_000)
      let backlog = try #require(run.phase.backlog)
      #expect(backlog.messageCount == 5_000)
      #expect(backlog.buildNanoseconds > 0 && backlog.drainNanoseconds > 0)
      #expect(run.phase.drainNanoseconds == backlog.drainNanoseconds)
      let events = run.result.variants[0].trials[0].events
      let offsets = ["backlog_built", "consumers_released", "backlog_drained"].map { kind in
        events.first { $0.kind == kind }?.offsetNanoseconds ?? -1
      }
      #expect(offsets == offsets.sorted() && offsets[0] >= 0, "\(offsets)")
      // Nothing was received before the release, so that everything waited at least until then.
      if let shortest = run.phase.serviceTime?.min { #expect(shortest >= offsets[1] - offsets[0]) }
    }

    @Test(arguments: ["work_queue", "request_reply"])
    func bodiesOfAnySizeAreVerified(pattern: String) throws {
      let sizes = "payload: { lognormal: { p50: 300B, p99: 60KiB } }, service_time: { cycle: [0us, 10us] }"
      let run = try run("saturate: 2000", "\(pattern), \(sizes), producers: { p: { compressible: 50% } }")
      run.expectClean(sent: 2_000)
      #expect(run.phase.rates.bytesPerSecond > 0)
    }

    @Test func drawnKeysReachTheirQueues() throws {
      let run = try EmbeddedRun(
        """
        name: test
        topology: { queues: { a: {}, b: {}, c: {} } }
        workload:
          pattern: work_queue
          wait: park
          producers: { p: { count: 2, keys: { zipf: { s: 1.2, n: 3 } } } }
          consumers: { x: { from: a }, y: { from: b }, z: { from: c } }
        load: { saturate: 3000 }
        """)
      run.expectClean(sent: 3_000)
    }

    /// What was recorded and is played again is the same load: as many messages, at the same times, of the same sizes, to the
    /// same queues.
    @Test func aRecordedTracePlaysTheSameLoad() throws {
      let workload = """
        name: test
        topology: { queues: { a: {}, b: {} } }
        workload:
          pattern: work_queue
          wait: park
          payload: { uniform: [64B, 512B] }
          producers: { p: { count: 2, keys: { uniform: 2 } } }
          consumers: { x: { from: a }, y: { from: b } }
        output: { trace: t.csv }

        """
      let pacing = "drain: 30s, pacing: { max_lag: 30s }"
      let first = try EmbeddedRun(workload + "load: { poisson: 3k/s, for: 200ms, \(pacing) }")
      let recorded = try #require(first.trace)
      #expect(recorded.messages.count == first.phase.counts.sent)
      #expect(recorded.droppedCount == 0)
      let csv =
        "offset_ns,size,key,priority\n"
        + recorded.messages.map {
          "\($0.offsetNanoseconds),\($0.byteCount),\(recorded.keys[Int($0.key)]),0\n"
        }.joined()
      let second = try EmbeddedRun(workload + "load: { trace: in.csv, \(pacing) }", data: ["in.csv": csv])
      #expect(second.result.status == .passed, "\(second.result.verdicts)")
      #expect(second.phase.counts.sent == recorded.messages.count)
      let again = try #require(second.trace)
      func rows(_ trace: RecordedTrace) -> [[String]] {
        trace.messages.map { ["\($0.offsetNanoseconds)", "\($0.byteCount)", trace.keys[Int($0.key)]] }
      }
      #expect(Set(rows(again)) == Set(rows(recorded)))
      #expect(again.messages.map(\.offsetNanoseconds) == recorded.messages.map(\.offsetNanoseconds))
      let fast = try EmbeddedRun(workload + "load: { trace: in.csv, speed: 4, \(pacing) }", data: ["in.csv": csv])
      #expect(fast.phase.counts.sent == recorded.messages.count)
      #expect(
        fast.trace?.messages.last?.offsetNanoseconds == (recorded.messages.last?.offsetNanoseconds).map { $0 / 4 })
    }

    @Test func aRingPlaysATraceToo() throws {
      let csv = "offset_ns\n" + (0..<200).map { "\($0 * 10_000)\n" }.joined()
      let run = try EmbeddedRun(
        """
        name: test
        workload: { pattern: ring, payload: 32B, wait: park }
        load: { trace: in.csv, drain: 30s, pacing: { max_lag: 30s } }
        """, data: ["in.csv": csv])
      run.expectClean(sent: 200)
    }
  }
}
