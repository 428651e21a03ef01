import Testing

@testable import ScenarioModel

/// What becomes of every kind of load and distribution.
@Suite struct LoadShapeTests {
  private func phase(_ load: String, _ workload: String = "{}", files: [String: String] = [:]) throws -> Scenario.Phase
  {
    let text = "workload: \(workload)\nload: \(load)"
    return try TestFiles(files: files.merging(["s.yaml": text]) { $1 }).load().load.phases[0]
  }

  @Test func ratesMayChange() throws {
    let shapes: [(String, Scenario.VaryingRate)] = [
      (
        "constant: 10k/s..60k/s",
        .init(isPoisson: false, basePerSecond: 10_000, shape: .ramp(toPerSecond: 60_000))
      ),
      (
        "poisson: 60k/s..10k/s, steps: 5",
        .init(isPoisson: true, basePerSecond: 60_000, shape: .stairs(toPerSecond: 10_000, count: 5))
      ),
      (
        "poisson: 10k/s, peak: 80k/s",
        .init(isPoisson: true, basePerSecond: 10_000, shape: .spike(peakPerSecond: 80_000))
      ),
      (
        "constant: 10k/s, amplitude: 50%, period: 2s",
        .init(
          isPoisson: false, basePerSecond: 10_000,
          shape: .wave(amplitudePerSecond: 5_000, periodNanoseconds: 2_000_000_000))
      ),
      (
        "constant: 10k/s, amplitude: 10k/s, period: 1s",
        .init(
          isPoisson: false, basePerSecond: 10_000,
          shape: .wave(amplitudePerSecond: 10_000, periodNanoseconds: 1_000_000_000))
      ),
    ]
    for (text, rate) in shapes {
      let phase = try phase("{ \(text), for: 6s }")
      #expect(phase.kind == .varying(rate))
      #expect(phase.isOpenLoop)
      #expect(phase.durationNanoseconds == 6_000_000_000)
    }
  }

  @Test func burstsComeEverySoOften() throws {
    let phase = try phase("{ burst: 1k, every: 100ms, for: 2s }")
    #expect(phase.kind == .burst(messageCount: 1_000, periodNanoseconds: 100_000_000))
    #expect(phase.isOpenLoop)
  }

  @Test func aBacklogIsANumberOfMessages() throws {
    let phase = try phase("{ backlog: 50k }")
    #expect(phase.kind == .backlog(messageCount: 50_000))
    #expect(phase.durationNanoseconds == nil)
    #expect(!phase.isOpenLoop)
    #expect(try self.phase("{ backlog: 1k }", "{ pattern: ring }").kind == .backlog(messageCount: 1_000))
  }

  @Test func aTraceLastsUntilItsLastMessage() throws {
    let csv = "offset_ns,size,key,priority\n0,64,work,0\n 1000 , , ,\n\n3000,1024,,0\r\n"
    let phase = try phase("{ trace: t.csv, speed: 2 }", files: ["t.csv": csv])
    let entries: [Scenario.Trace.Entry] = [
      .init(offsetNanoseconds: 0, byteCount: 64, keyIndex: 0), .init(offsetNanoseconds: 1_000),
      .init(offsetNanoseconds: 3_000, byteCount: 1_024),
    ]
    #expect(phase.kind == .trace(.init(path: "t.csv", entries: entries), speed: 2))
    #expect(phase.durationNanoseconds == 1_501)
    #expect(phase.isOpenLoop)
    let cut = try self.phase("{ trace: t.csv, for: 1us }", files: ["t.csv": "offset_ns\n0\n"])
    #expect(cut.durationNanoseconds == 1_000)
    #expect(cut.kind == .trace(.init(path: "t.csv", entries: [.init(offsetNanoseconds: 0)]), speed: 1))
  }

  @Test func aTraceIsFoundBesideTheFileThatNamesIt() throws {
    let files = TestFiles(files: [
      "a/s.yaml": "extends: ../b/base.yaml", "a/../b/base.yaml": "load: { trace: t.csv }",
      "a/../b/t.csv": "offset_ns\n5\n", "a/u.csv": "offset_ns\n6\n7\n",
    ])
    guard case .trace(let trace, _) = try files.load("a/s.yaml").load.phases[0].kind else {
      Issue.record("no trace")
      return
    }
    #expect(trace.entries.map(\.offsetNanoseconds) == [5])
    guard case .trace(let other, _) = try files.load("a/s.yaml", overrides: ["load.trace=u.csv"]).load.phases[0].kind
    else {
      Issue.record("no trace")
      return
    }
    #expect(other.entries.count == 2)
  }

  @Test func aWarmUpStaysAtTheRateThatThePhaseBeginsWith() throws {
    let loads: [(String, Scenario.Phase.Kind)] = [
      ("poisson: 1k/s..9k/s", .poisson(ratePerSecond: 1_000)),
      ("constant: 2k/s, peak: 9k/s", .constant(ratePerSecond: 2_000)), ("backlog: 100", .saturate(messageCount: nil)),
      ("burst: 5, every: 1s", .burst(messageCount: 5, periodNanoseconds: 1_000_000_000)),
    ]
    for (text, kind) in loads { #expect(try phase("{ warmup: 1s, \(text) }").kind == kind) }
  }

  static let distributions: [(String, Scenario.Distribution)] = [
    ("5us", .fixed(5_000)), ("{ exponential: 20us }", .exponential(mean: 20_000)),
    ("{ lognormal: { p50: 10us, p99: 1ms } }", .lognormal(p50: 10_000, p99: 1_000_000)),
    ("{ uniform: [1us, 3us] }", .uniform(1_000...3_000)), ("{ cycle: [5ms, 100us] }", .cycle([5_000_000, 100_000])),
    (
      "{ bimodal: { 100us: 90%, 5ms: 10% } }",
      .bimodal([.init(value: 100_000, share: 0.9), .init(value: 5_000_000, share: 0.1)])
    ),
    ("{ recorded: r.csv }", .recorded([100, 2_000, 300])),
  ]

  @Test(arguments: distributions) func workMayBeDistributed(text: String, distribution: Scenario.Distribution) throws {
    let files = TestFiles(files: [
      "s.yaml": "workload: { service_time: \(text) }", "r.csv": "service_time_ns\n100\n2us\n300\n",
    ])
    let scenario = try files.load()
    #expect(scenario.workload.producerGroups[0].serviceTime == distribution)
    let again = TestFiles(files: ["s.yaml": scenario.resolvedJSON, "r.csv": files.files["r.csv"] ?? ""])
    #expect(try again.load().resolvedJSON == scenario.resolvedJSON)
  }

  @Test func sizesMayBeDistributed() throws {
    let text = "workload: { payload: { lognormal: { p50: 128B, p99: 2KiB } }, producers: { p: { compressible: 60% } } }"
    let group = try TestFiles(text).load().workload.producerGroups[0]
    #expect(group.payload == .lognormal(p50: 128, p99: 2_048))
    #expect(group.payloadByteCount == 1 << 20)
    #expect(group.compressibleShare == 0.6)
    let cycle = try TestFiles("workload: { payload: { cycle: [32B, 4KiB, 64B] } }").load().workload.producerGroups[0]
    #expect(cycle.payloadByteCount == 4_096)
  }

  @Test func keysMayBeDrawnFromThoseThatReachAQueue() throws {
    let text = """
      topology: { queues: { a: {}, b: {}, c: {} } }
      workload:
        producers: { p: { keys: LAW } }
        consumers: { x: { from: a }, y: { from: b }, z: { from: c } }
      """
    func group(_ law: String) throws -> Scenario.ProducerGroup {
      try TestFiles(text.replacing("LAW", with: law)).load().workload.producerGroups[0]
    }
    let zipf = try group("{ zipf: { s: 1.1, n: 2 } }")
    #expect(zipf.keys == ["a", "b"])
    #expect(zipf.keyChoice == .zipf(exponent: 1.1))
    #expect(try group("{ zipf: { n: 3 } }").keyChoice == .zipf(exponent: 1))
    let uniform = try group("{ uniform: 3 }")
    #expect(uniform.keys == ["a", "b", "c"])
    #expect(uniform.keyChoice == .uniform)
    #expect(try group("[c, a]").keyChoice == .inTurn)
  }

  @Test func aTraceMayBeRecorded() throws {
    #expect(try TestFiles("output: { trace: t.csv }").load().output.tracePath == "t.csv")
    #expect(try TestFiles("name: x").load().output.tracePath == nil)
  }
}
