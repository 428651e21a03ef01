import ResultModel
import Testing

extension RunTests {
  /// Virtual time: what queueing theory predicts is what the broker does, and every run is the same.
  @Suite struct SimulationTests {
    static func run(
      servers: Int, rate: String, seed: Int = 1, seconds: Int = 10, work: String = "{ exponential: 100us }"
    ) throws -> EmbeddedRun {
      try EmbeddedRun(
        """
        name: test
        seed: \(seed)
        time: virtual
        workload:
          pattern: work_queue
          service_time: \(work)
          consumers: { worker: { count: \(servers), prefetch: 1 } }
        load: { warmup: 500ms, poisson: \(rate), for: \(seconds)s }
        """)
    }

    /// A work queue of one consumer whose messages all take the same time, none of them lost.
    static func constantRun(work: String, load: String, count: Int) throws -> EmbeddedRun {
      let run = try EmbeddedRun(
        """
        name: test
        time: virtual
        workload: { pattern: work_queue, service_time: \(work) }
        load: { constant: \(load) }
        """)
      run.expectClean(sent: count)
      return run
    }

    /// The mean wait in nanoseconds of a queue M/M/c (Erlang C).
    static func meanWait(servers: Int, arrivalsPerSecond: Double, serviceNanoseconds: Double) -> Double {
      let offered = arrivalsPerSecond * serviceNanoseconds / 1e9
      let load = offered / Double(servers)
      var term = 1.0
      var sum = 1.0
      for index in 1..<servers {
        term *= offered / Double(index)
        sum += term
      }
      let waiting = term * offered / Double(servers) / (1 - load)
      return waiting / (sum + waiting) * serviceNanoseconds / (Double(servers) * (1 - load))
    }

    @Test(arguments: [(1, 5_000.0), (1, 8_000), (2, 16_000), (4, 20_000), (4, 32_000)])
    func aSharedQueueWaitsAsErlangSays(servers: Int, rate: Double) throws {
      let run = try Self.run(servers: servers, rate: "\(Int(rate))/s")
      #expect(run.result.status == .passed, "\(run.result.verdicts.filter { !$0.ok })")
      let expected = Self.meanWait(servers: servers, arrivalsPerSecond: rate, serviceNanoseconds: 100_000)
      let mean = try #require(run.phase.latency?.mean)
      #expect(abs(mean / expected - 1) < 0.1, "mean wait \(mean) ns, predicted \(expected) ns")
    }

    @Test func constantWorkAtConstantTimesNeverWaits() throws {
      let run = try Self.constantRun(work: "100us", load: "10k/s, for: 2s", count: 20_000)
      #expect(run.phase.latency?.max == 0)
    }

    @Test func twoRunsAreTheSame() throws {
      let first = try Self.run(servers: 2, rate: "15k/s", seconds: 1)
      let second = try Self.run(servers: 2, rate: "15k/s", seconds: 1)
      #expect(first.phase.latency == second.phase.latency)
      #expect(first.phase.intervals == second.phase.intervals)
      let other = try Self.run(servers: 2, rate: "15k/s", seed: 2, seconds: 1)
      #expect(first.phase.latency != other.phase.latency)
    }

    /// A batch used to count as received when it came, although handling it took a thousand times longer than fetching it.
    @Test(
      arguments: [("saturate: 512", "wall"), ("backlog: 512", "wall"), ("burst: 512, every: 1ms, for: 1ms", "virtual")])
    func throughputIsNoMoreThanTheConsumersCanHandle(load: String, time: String) throws {
      let run = try EmbeddedRun(
        """
        name: test
        time: \(time)
        workload:
          pattern: work_queue
          batch: 256
          service_time: 1ms
          consumers: { worker: { count: 2, busy: sleep } }
        load: { \(load), drain: 30s }
        """)
      run.expectClean(sent: 512)
      #expect(run.phase.rates.receivedPerSecond * 0.001 <= 2)
      if let backlog = run.phase.backlog { #expect(backlog.drainNanoseconds >= 256_000_000) }
    }

    /// The drain had no end in a simulation, so that a load ten times too high passed. Nothing of it is left to the next phase.
    @Test func anOverloadIsInvalidWhenItsDrainIsOver() throws {
      let run = try EmbeddedRun(
        """
        name: test
        time: virtual
        workload: { pattern: work_queue, service_time: 10ms, batch: 16 }
        load:
          phases: [ over: { constant: 1k/s, for: 1s }, calm: { constant: 50/s, for: 1s } ]
          drain: 500ms
        """)
      #expect(run.result.exitCodes == [.invalidRun])
      let trial = run.result.variants[0].trials[0]
      #expect(trial.invalidReasons.count == 1)
      #expect(trial.invalidReasons.first?.contains("drain of 500 ms was over") == true)
      let over = run.phases[0]
      #expect(over.counts.sent == 1000)
      #expect((149...151).contains(over.counts.received), "what 1.5 s are enough for")
      #expect(over.verification?.lost == 0)
      #expect(over.drainNanoseconds.map { (498_000_000...502_000_000).contains($0) } == true)
      #expect(run.phase.counts.received == 50)
      #expect(run.phase.verification?.isClean == true && run.phase.verification?.verified == 50)
      run.expectEmptyQueues()
    }

    @Test func clientsOfAnOverloadedServerGiveUp() throws {
      let run = try EmbeddedRun(
        """
        name: test
        time: virtual
        workload: { pattern: request_reply, service_time: 10ms, producers: { c: { timeout: 100ms } } }
        load: { constant: 1k/s, for: 1s, drain: 500ms }
        """)
      #expect(run.result.exitCodes.contains(.invalidRun))
      #expect(run.phase.verification?.lost == 0, "what was not decided in time is not lost")
      let end = run.result.variants[0].trials[0].events.last { $0.kind == "phase_end" }
      #expect(end?.offsetNanoseconds == 2_100_000_000, "the planned time, what it may run over, and the drain, twice")
    }

    /// What was sent used to be divided by the time until the last message arrived, and the drain was always 0.
    @Test func sendingAndReceivingHaveTheirOwnTimes() throws {
      let run = try Self.constantRun(work: "2ms", load: "1k/s, for: 100ms", count: 100)
      #expect(run.phase.durationNanoseconds == 100_000_000)
      #expect(run.phase.rates.offeredPerSecond == 1000)
      #expect(run.phase.rates.sentPerSecond == 1000)
      let sent = run.phase.rates.receivedPerSecond
      #expect((495...505).contains(sent), "\(sent)")
      let drain = run.phase.drainNanoseconds ?? 0
      #expect((100_000_000...103_000_000).contains(drain), "\(drain)")
    }

    @Test func nothingOfTheMachineIsInTheResult() throws {
      let run = try Self.run(servers: 1, rate: "1k/s", seconds: 1)
      #expect(run.result.time == .virtual)
      #expect(run.phase.resources == nil)
      #expect(run.phase.platform == nil)
      #expect(run.phase.verification?.costNanosecondsPerMessage == nil)
      #expect(run.phase.sendDelay?.max == 0, "nothing is late in a simulation")
    }

    @Test func requestsWaitForTheirServer() throws {
      let run = try EmbeddedRun(
        """
        name: test
        time: virtual
        workload: { pattern: request_reply, service_time: 50us, producers: { client: { count: 2 } } }
        load: { in_flight: 1, for: 100ms }
        """)
      #expect(run.result.status == .passed, "\(run.result.verdicts.filter { !$0.ok })")
      // One server takes the two clients in turn: each waits for the other's request and its own.
      // Those that are under way at the end are answered too.
      #expect((2000...2002).contains(run.phase.counts.received))
      #expect(run.phase.serviceTime?.percentiles["50"] == 100_000 || run.phase.serviceTime?.max == 100_000)
    }

    @Test func aFullQueueHoldsItsProducerBack() throws {
      let run = try EmbeddedRun(
        """
        name: test
        time: virtual
        topology: { queues: { work: { max_length: 4 } } }
        workload: { pattern: work_queue, service_time: 1ms, consumers: { c: { prefetch: 1 } } }
        load: { constant: 1k/s, for: 1s, pacing: { max_lag: 10s } }
        """)
      run.expectClean(sent: 1000)
    }
  }
}
