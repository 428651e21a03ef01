import Distributions
import ResultModel
import ScenarioModel
import Testing
import WorkloadLoops

@testable import LoadEngine

/// Loads and distributions from the scenario's terms to the driver's, and what a backlog that cannot be built becomes.
@Suite struct LoadShapeTests {
  @Test(arguments: [
    ("constant: 10k/s..60k/s, for: 2s", "constant ramp 10 k/s..60 k/s"),
    ("poisson: 10k/s..60k/s, steps: 5, for: 2s", "poisson 5 steps 10 k/s..60 k/s"),
    ("poisson: 10k/s, peak: 80k/s, for: 2s", "poisson spike 10 k/s, peak 80 k/s"),
    ("constant: 10k/s, amplitude: 50%, period: 1s, for: 2s", "constant wave 10 k/s ± 5 k/s, period 1 s"),
    ("burst: 500, every: 100ms, for: 2s", "burst of 500 every 100 ms"), ("backlog: 5k", "backlog of 5,000"),
  ])
  func loadsAreNamed(load: String, description: String) throws {
    let scenario = try ScenarioText.load(ScenarioText.workQueue("{ \(load) }"))
    let plan = PhasePlan(scenario.load.phases[0], index: 0, of: scenario)
    #expect(plan.load.description == description)
    #expect(plan.isOpenLoop == scenario.load.phases[0].isOpenLoop)
    #expect(plan.durationNanoseconds == scenario.load.phases[0].durationNanoseconds)
  }

  @Test func distributionsReachThePlan() throws {
    let plan = try PlanTests.plan(
      """
      name: test
      topology: { queues: { a: {}, b: {} } }
      workload:
        pattern: work_queue
        payload: { uniform: [64B, 1KiB] }
        service_time: { cycle: [0us, 5us] }
        producers: { p: { count: 2, keys: { zipf: { s: 1.5, n: 2 } }, compressible: 40% } }
        consumers: { x: { from: a }, y: { from: b } }
      output: { trace: t.csv }
      load: { poisson: 10k/s, for: 1s }
      """)
    #expect(plan.producers.map(\.payloadByteCount) == [1_024, 1_024])
    #expect(plan.producers[0].sizes == .uniform(64...1_024))
    #expect(plan.producers[0].compressibleShare == 0.4)
    #expect(plan.producers[0].keyChoice == .zipf(exponent: 1.5, count: 2))
    #expect(plan.serviceTimes == [.cycle([0, 5_000]), .cycle([0, 5_000])])
    #expect(plan.consumers.allSatisfy { !$0.handler.isIdle })
    #expect(plan.checksSizes)
    // Half of 10,000, five standard deviations and a few.
    #expect((5_400..<5_600).contains(plan.sendLogCapacity))
  }

  @Test func aLoadOfUnknownLengthHasAShareOfTheLimitForItsTrace() throws {
    let text =
      "name: t\nworkload: { producers: { p: { count: 4 } } }\noutput: { trace: t.csv }\nload: { in_flight: 8, for: 9s }"
    #expect(try PlanTests.plan(text).sendLogCapacity == TraceRecorder.limit / 4)
    #expect(try PlanTests.plan("name: t").sendLogCapacity == 0)
  }

  /// The producer is stuck with a tenth of its messages unsent, as with a subject that takes no more: the consumers are let
  /// go, and the run says that the backlog was smaller.
  @Test func aBacklogThatIsNotBuiltIsInvalidAndEnds() throws {
    var behaviour = FakeBehaviour()
    behaviour.unsentCount = 100
    behaviour.ending = .whenReceivingIsOver
    let text = ScenarioText.workQueue("{ backlog: 1k, drain: 100ms }")
    let result = try ScenarioRun.result(text, FakeSubject(behaviour))
    #expect(result.status == .invalid)
    #expect(result.trial.invalidReasons.contains { $0.contains("only 900 of 1,000 messages piled up") })
    #expect(result.phase.backlog?.messageCount == 900)
    #expect(result.phase.verification?.lost == 0)
  }

  @Test func bothHalvesOfABacklogAreTimed() throws {
    let result = try ScenarioRun.result(ScenarioText.workQueue("{ backlog: 1k, drain: 100ms }"), FakeSubject())
    #expect(result.status == .passed, "\(result.verdicts)")
    #expect(result.phase.backlog?.messageCount == 1_000)
    // As the subject pretends: the last message was sent after a second.
    #expect(result.phase.backlog?.buildNanoseconds == 1_000_000_000)
    #expect(result.phase.arrivals == nil)
  }
}
