import ResultModel
import Testing

extension RunTests {
  /// The dispatch policies in virtual time, against what queueing theory says: four workers, 80 % busy, exponential work.
  @Suite struct DispatchTheoryTests {
    /// Mean waits in nanoseconds, one for each seed: the same arrivals and the same work under every policy.
    static func waits(_ dispatch: String) throws -> [Double] {
      try (1...4).map { seed in
        let run = try EmbeddedRun(
          """
          name: test
          seed: \(seed)
          time: virtual
          workload:
            dispatch: \(dispatch)
            service_time: { exponential: 1ms }
            consumers: { worker: { count: 4, prefetch: 1 } }
          load: { warmup: 500ms, poisson: 3200/s, for: 6s }
          """)
        #expect(run.result.status == .passed, "\(run.result.verdicts.filter { !$0.ok })")
        return try #require(run.phase.latency?.mean)
      }
    }

    /// Mean and half the width of its 95 % interval (Student's t with three degrees of freedom).
    static func interval(_ values: [Double]) -> (mean: Double, half: Double) {
      let count = Double(values.count)
      let mean = values.reduce(0, +) / count
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
      return (mean, 3.182 * (variance / count).squareRoot())
    }

    @Test(arguments: [("shared", 4), ("fair", 4), ("random", 1)])
    func waitsAgreeWithTheory(dispatch: String, servers: Int) throws {
      // What is sent by lot to four workers is four queues of one server each.
      let expected = SimulationTests.meanWait(
        servers: servers, arrivalsPerSecond: 800 * Double(servers), serviceNanoseconds: 1_000_000)
      let (mean, half) = Self.interval(try Self.waits(dispatch))
      #expect(abs(mean - expected) < half, "mean wait \(mean) ± \(half) ns, predicted \(expected) ns")
      #expect(half < 0.25 * expected, "an interval of \(half) ns says little")
    }

    @Test func whoKnowsMoreWaitsLess() throws {
      let policies = ["random", "round_robin", "power_of_two_choices", "least_outstanding", "shared"]
      let waits = try policies.map(Self.waits)
      for index in 1..<policies.count {
        // Seed by seed, since both had the same messages.
        let (mean, half) = Self.interval(zip(waits[index - 1], waits[index]).map { $0 - $1 })
        let comparison = "\(policies[index - 1]) against \(policies[index]): \(mean) ± \(half) ns"
        if index < 3 { #expect(mean > half, "\(comparison)") } else { #expect(mean > -half, "\(comparison)") }
      }
    }

    @Test(arguments: ["consistent_hash", "single_active"])
    func orderPerKeyIsKept(dispatch: String) throws {
      let run = try EmbeddedRun(
        """
        name: test
        topology:
          exchanges: { tasks: fanout }
          queues: { work: {} }
          bindings: [ { from: tasks, to: work } ]
        workload:
          dispatch: \(dispatch)
          producers: { p: { count: 2, to: tasks, keys: [a, b, c, d, e, f, g, h] } }
          consumers: { worker: { count: 3 } }
        load: { saturate: 20k }
        verify: { order: per_key }
        """)
      run.expectClean(sent: 20_000)
    }

    @Test(arguments: [
      "round_robin", "random", "power_of_two_choices", "least_outstanding", "work_stealing", "shared", "fair",
      "prefetch(4)", "consumer_priority",
    ])
    func everyPolicyDeliversEachMessageOnce(dispatch: String) throws {
      let run = try EmbeddedRun(
        """
        name: test
        workload:
          dispatch: \(dispatch)
          producers: { p: { count: 2 } }
          consumers: { worker: { count: 3 } }
        load: { saturate: 20k }
        """)
      run.expectClean(sent: 20_000)
    }

    @Test func heavyMessagesInTurnStarveOneWorker() throws {
      func worst(_ dispatch: String) throws -> Int64 {
        let run = try EmbeddedRun(
          """
          name: test
          time: virtual
          workload:
            dispatch: \(dispatch)
            service_time: { cycle: [5ms, 100us] }
            consumers: { worker: { count: 2 } }
          load: { poisson: 300/s, for: 20s }
          """)
        return try #require(run.phase.latency?.percentiles["99"])
      }
      let (inTurn, fair) = (try worst("round_robin"), try worst("fair"))
      #expect(inTurn > 2 * fair, "p99 \(inTurn) and \(fair) ns")
    }
  }
}
