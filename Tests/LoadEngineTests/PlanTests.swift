import Distributions
import DriverInterface
import Histograms
import Platform
import ScenarioModel
import Testing
import WorkloadLoops

@testable import LoadEngine

/// From the scenario's terms to the driver's.
@Suite struct PlanTests {
  static func plan(_ text: String) throws -> WorkloadPlan {
    WorkloadPlan(try ScenarioText.load(text), time: CycleCounter.shared)
  }

  static let everything = """
    name: test
    seed: 42
    topology:
      exchanges: { jobs: direct }
      queues: { heavy: { max_length: 8k, overflow: reject_publish }, light: {} }
      bindings: [ { from: jobs, to: heavy, key: h }, { from: jobs, to: light, key: l } ]
    workload:
      pattern: work_queue
      producers:
        zoo: { count: 2, to: jobs, keys: [h, l], payload: 1KiB, service_time: 5us, confirms: 100, batch: 4, wait: spin }
        ant: { to: jobs, keys: [l], service_time: { exponential: 20us }, wait: yield }
      consumers:
        slow: { from: heavy, prefetch: 10, ack: { every: 5 }, busy: sleep, speed: 0.5, batch: 3, wait: backoff }
        fast: { from: light, count: 2, ack: none, busy: touch, wait: park }
    verify: { order: none, payload: none }
    measure: { histogram: { digits: 2, max: 10s } }
    """

  @Test func everyProducerOfAGroupBecomesAThread() throws {
    let producers = try Self.plan(Self.everything).producers
    #expect(producers.map(\.name) == ["zoo.0", "zoo.1", "ant.0"])
    #expect(producers.map(\.exchange) == ["jobs", "jobs", "jobs"])
    #expect(producers.map(\.keys) == [["h", "l"], ["h", "l"], ["l"]])
    #expect(producers.map(\.payloadByteCount) == [1024, 1024, 128])
    #expect(producers.map(\.batchCount) == [4, 4, 1])
    #expect(producers.map(\.confirmsOutstandingLimit) == [100, 100, 0])
    #expect(producers.map(\.wait) == [.spin, .spin, .yield])
  }

  @Test func everyConsumerOfAGroupBecomesAThread() throws {
    let consumers = try Self.plan(Self.everything).consumers
    #expect(consumers.map(\.name) == ["slow.0", "fast.0", "fast.1"])
    #expect(consumers.map(\.queue) == ["heavy", "light", "light"])
    #expect(consumers.map(\.prefetchCount) == [10, 256, 256])
    #expect(consumers.map(\.acknowledgement) == [.every(5), .none, .none])
    #expect(consumers.map(\.handler.busy) == [.sleep, .touch, .touch])
    #expect(consumers.map(\.handler.speed) == [0.5, 1, 1])
    #expect(consumers.map(\.handler.isIdle) == [false, false, false])
    #expect(consumers.map(\.batchCount) == [3, 1, 1])
    #expect(consumers.map(\.wait) == [.backoff, .park, .park])
  }

  @Test func theRestOfThePlanIsTheScenarios() throws {
    let plan = try Self.plan(Self.everything)
    #expect(plan.pattern == .workQueue)
    #expect(plan.threadCount == 6)
    #expect(plan.seed == 42)
    #expect(!plan.checksOrder)
    #expect(!plan.checksPayload)
    #expect(plan.histogramLayout == HistogramLayout(highestTrackable: 10_000_000_000, significantDigits: 2))
    #expect(
      plan.serviceTimes.map { $0.isZero } == [false, false, false], "one per producer, index like the producers")
    #expect(
      plan.topology
        == Topology(
          exchanges: [.init(name: "jobs", type: "direct")],
          queues: [
            .init(name: "heavy", maxLength: 8000, overflow: .rejectPublish),
            .init(name: "light", maxLength: 65536, overflow: .block),
          ],
          bindings: [
            .init(exchange: "jobs", destination: .queue("heavy"), key: "h"),
            .init(exchange: "jobs", destination: .queue("light"), key: "l"),
          ]))
  }

  @Test func withoutWorkAHandlerIsIdle() throws {
    let plan = try Self.plan("name: test\nworkload: { pattern: work_queue }")
    #expect(plan.consumers.map(\.handler.isIdle) == [true])
    #expect(plan.checksOrder)
    #expect(plan.checksPayload)
    #expect(plan.producers.map(\.keys) == [["work"]])
  }

  @Test(
    arguments: [
      ("spin", WorkloadPlan.Wait.spin), ("yield", .yield), ("backoff", .backoff), ("park", .park),
      ("spin_then_park", .spinThenPark),
    ])
  func everyWaitHasItsName(name: String, wait: WorkloadPlan.Wait) throws {
    let plan = try Self.plan("name: test\nworkload: { pattern: work_queue, wait: \(name) }")
    #expect(plan.producers.map(\.wait) == [wait])
    #expect(plan.consumers.map(\.wait) == [wait])
  }

  /// With a core for each thread they spin before they park; with fewer, spinning would keep the others from running.
  @Test func threadsParkAtOnceWhenThereAreMoreThanCores() throws {
    let cores = CPUTopology.coreCount
    let text = "name: test\nworkload: { pattern: work_queue, producers: { p: { count: COUNT } } }"
    func waits(_ producers: Int) throws -> [WorkloadPlan.Wait] {
      try Self.plan(text.replacing("COUNT", with: "\(producers)")).producers.map(\.wait)
    }
    if cores > 1 { #expect(try waits(cores - 1).allSatisfy { $0 == .spinThenPark }) }
    #expect(try waits(cores).allSatisfy { $0 == .park })
  }

  @Test(
    arguments: [
      ("{ kind: spsc, capacity: 1024 }", .singleProducer, false, false),
      ("{ kind: mpmc, capacity: 1024 }", .manyToMany, false, false),
      ("{ kind: mpsc, capacity: 1024 }", .manyToOne, false, false),
      ("{ kind: mpsc, capacity: 1024, lanes: per_producer }", .lanes, false, false),
      ("{ kind: broadcast, capacity: 1024 }", .broadcast(laps: false), false, false),
      ("{ kind: broadcast, capacity: 1024, slow_reader: lap }", .broadcast(laps: true), false, false),
      ("{ kind: bytes, capacity: 1024 }", .bytes, false, false),
      ("{ kind: lifo, capacity: 1024 }", .stack, false, false),
      ("{ kind: spsc, capacity: 1024, publish: lazy }", .singleProducer, true, false),
      ("{ kind: spsc, capacity: 1024, round_trip: true }", .singleProducer, false, true),
    ] as [(String, WorkloadPlan.RingPlan.Kind, Bool, Bool)])
  func aRingIsDescribed(
    ring: String, kind: WorkloadPlan.RingPlan.Kind, isLazy: Bool, isRoundTrip: Bool
  ) throws {
    let plan = try Self.plan("name: test\nworkload: { pattern: ring, ring: \(ring), payload: 64B }")
    #expect(
      plan.pattern
        == .ring(
          .init(
            kind: kind, capacity: 1024, publishesLazily: isLazy, isRoundTrip: isRoundTrip,
            itemByteCount: 64)))
  }

  @Test func aRingKnowsThatItsConsumersAreAnotherProcess() throws {
    for (memory, isBetween) in [("private", false), ("shared", true)] {
      let plan = try Self.plan("name: test\nworkload: { pattern: ring, ring: { memory: \(memory) }, payload: 8B }")
      guard case .ring(let ring) = plan.pattern else { preconditionFailure("the plan of a ring") }
      #expect(ring.isBetweenProcesses == isBetween)
    }
  }

  @Test func clientsKnowTheirTimeOutAndHowManyMayBeInFlight() throws {
    let scenario = try ScenarioText.load(
      """
      name: test
      workload: { pattern: request_reply, producers: { c: { timeout: 3s } } }
      load: { in_flight: 8, for: 1s }
      """)
    let phase = PhasePlan(scenario.load.phases[0], index: 0, of: scenario)
    #expect(phase.load == .inFlight(perProducer: 8))
    #expect(phase.reportsCompletion)
    #expect(!phase.isOpenLoop)
    #expect(phase.load.description == "in_flight 8")
    let plan = WorkloadPlan(scenario, time: CycleCounter.shared)
    #expect(plan.pattern == .requestReply)
    #expect(plan.producers.map(\.timeoutNanoseconds) == [3_000_000_000])
  }

  @Test func phasesKeepTheirLoads() throws {
    let scenario = try ScenarioText.load(
      """
      name: test
      seed: 7
      workload: { pattern: work_queue }
      load:
        warmup: 250ms
        phases:
          - calm: { constant: 1k/s, for: 2s }
          - wild: { poisson: 60k/m, for: 1m }
          - burst: { saturate: 5M }
          - rest: { saturate: true, for: 3s }
        pacing: { spin: 50us }
      """)
    let plans = scenario.load.phases.enumerated().map { PhasePlan($1, index: $0, of: scenario) }
    #expect(plans.map(\.name) == ["warmup", "calm", "wild", "burst", "rest"])
    #expect(
      plans.map(\.load) == [
        .constant(ratePerSecond: 1000), .constant(ratePerSecond: 1000), .poisson(ratePerSecond: 1000),
        .saturate(messageCount: 5_000_000), .saturate(messageCount: nil),
      ])
    #expect(
      plans.map(\.durationNanoseconds) == [
        250_000_000, 2_000_000_000, 60_000_000_000, nil, 3_000_000_000,
      ])
    #expect(plans.map(\.isOpenLoop) == [true, true, true, false, false])
    #expect(plans.allSatisfy { !$0.reportsCompletion })
    #expect(Set(plans.map(\.seed)).count == 5, "each phase has arrivals of its own")
    #expect(plans[0].seed == 7)
    #expect(plans.allSatisfy { $0.pacingSpinNanoseconds == 50_000 })
    #expect(
      plans.map(\.load.description) == [
        "constant 1 k/s", "constant 1 k/s", "poisson 1 k/s", "saturate 5,000,000", "saturate",
      ])
  }
}
