import Testing

@testable import ScenarioModel

/// A matrix becomes variants, each a scenario of its own.
@Suite struct MatrixTests {
  private func variants(_ matrix: String, _ rest: String = "") throws -> [ScenarioVariant] {
    try TestFiles("name: m\nmatrix: \(matrix)\n\(rest)\n").loadVariants().variants
  }

  @Test func everyAxisIsCombinedWithEveryOtherTheLastOneFastest() throws {
    let found = try variants("{ wait: [spin, park], batch: [1, 16, 64] }")
    #expect(
      found.map(\.id) == [
        "wait=spin,batch=1", "wait=spin,batch=16", "wait=spin,batch=64", "wait=park,batch=1", "wait=park,batch=16",
        "wait=park,batch=64",
      ])
    #expect(found.map(\.slug).prefix(2) == ["v01-spin-1", "v02-spin-16"])
    #expect(found[4].parameters == [.init(axis: "wait", value: "park"), .init(axis: "batch", value: "16")])
    #expect(found[4].scenario.workload.producerGroups[0].wait == .park)
    #expect(found[4].scenario.workload.producerGroups[0].batchCount == 16)
    #expect(found.allSatisfy { !$0.isBaseline })
  }

  @Test func withoutAMatrixThereIsOneVariant() throws {
    let found = try TestFiles("name: m").loadVariants()
    #expect(found.variants.map(\.id) == ["default"])
    #expect(found.variants.map(\.slug) == ["v01-default"])
    #expect(found.resolvedJSON == found.first.resolvedJSON)
    #expect(found.digestText == found.first.comparedJSON)
  }

  /// What is handed to the process of a trial means the same when it is read there.
  @Test func everyVariantIsAScenarioFile() throws {
    let text = """
      name: m
      matrix: { payload: [64B, 4KiB], load.constant: [1k/s, 2k/s], exclude: [ { payload: 64B, load.constant: 2k/s } ] }
      load: { constant: 5k/s, for: 1s }
      baseline: { payload: 4KiB, load.constant: 1k/s }
      trials: { order: paired, stop_early: { metric: latency.p99, ci_width: 7% }, disturbed: { steal: 0.5% } }
      """
    let found = try TestFiles(text).loadVariants()
    for variant in found.variants {
      let again = try TestFiles(variant.scenario.resolvedJSON).load()
      #expect(again.resolvedJSON == variant.scenario.resolvedJSON)
      #expect(again.trials == variant.scenario.trials)
    }
  }

  /// Comments and the order of axes leave no trace; a value does, and so does the baseline.
  @Test func equalMatricesHaveEqualDigests() throws {
    func digest(_ matrix: String, _ rest: String = "") throws -> String {
      try TestFiles("name: m\nmatrix: \(matrix)\n\(rest)").loadVariants().digestText
    }
    let one = try digest("{ wait: [spin, park], batch: [1, 16] }")
    #expect(try digest("{ batch: [1, 16], wait: [spin, park] } # the same", "seed: 1") == one)
    #expect(try digest("{ wait: [spin, park], batch: [1, 17] }") != one)
    #expect(
      try digest("{ wait: [spin, park], batch: [1, 16] }", "trials: 10\nbaseline: { wait: park, batch: 1 }")
        != digest("{ wait: [spin, park], batch: [1, 16] }", "trials: 10"))
  }

  @Test func excludedCombinationsAreDroppedAndIncludedOnesAdded() throws {
    let found = try variants(
      """
      { wait: [spin, park], batch: [1, 16], exclude: [ { wait: spin, batch: 16 } ],
        include: [ { batch: 256 }, { wait: yield, payload: 1KiB } ] }
      """)
    #expect(
      found.map(\.id) == [
        "wait=spin,batch=1", "wait=park,batch=1", "wait=park,batch=16", "batch=256", "wait=yield,payload=1KiB",
      ])
    #expect(
      found[3].scenario.workload.producerGroups[0].wait == nil, "an axis that is not named keeps the file's value")
    #expect(found[4].scenario.workload.producerGroups[0].payloadByteCount == 1024)
  }

  @Test(arguments: ["[batch, payload]", "[[batch, payload]]"])
  func zippedAxesAdvanceTogether(zip: String) throws {
    let found = try variants("{ batch: [1, 16], wait: [spin, park], payload: [64B, 128B], zip: \(zip) }")
    #expect(
      found.map(\.id) == [
        "batch=1,wait=spin,payload=64B", "batch=1,wait=park,payload=64B", "batch=16,wait=spin,payload=128B",
        "batch=16,wait=park,payload=128B",
      ])
  }

  @Test func anAxisMayBeAPathAVariableOrAMap() throws {
    let path = try variants("{ topology.queues.q.max_length: [16, 32] }", "topology: { queues: { q: {} } }")
    #expect(path.map(\.scenario.topology.queues[0].messageCountLimit) == [16, 32])
    let phase = try variants(
      "{ load.phases.steady.constant: [1k/s, 2k/s] }", "load: { phases: [ steady: { constant: 9k/s, for: 1s } ] }")
    #expect(
      phase.map(\.scenario.load.phases[0].kind) == [.constant(ratePerSecond: 1000), .constant(ratePerSecond: 2000)])
    let variable = try variants("{ vars.rate: [1k/s, 2k/s] }", "load: { constant: \"${rate}\", for: 1s }")
    #expect(variable.map(\.scenario.load.phases[0].kind) == phase.map(\.scenario.load.phases[0].kind))
    #expect(variable.map(\.slug) == ["v01-1k-s", "v02-2k-s"])
    let map = try variants("{ ack: [each, { every: 10 }] }")
    #expect(map.map(\.id) == ["ack=each", "ack={every: 10}"])
    #expect(map[1].scenario.workload.consumerGroups[0].acknowledgement == .every(10))
    let ring = try variants(
      "{ ring: [spsc, { kind: mpmc, capacity: 64 }] }", "workload: { pattern: ring }\nload: { saturate: 1k }")
    #expect(ring.map(\.scenario.workload.ring?.kind) == [.spsc, .mpmc])
    let absent = try variants("{ wait: [null, spin] }", "workload: { wait: park }")
    #expect(absent.map(\.scenario.workload.producerGroups[0].wait) == [nil, .spin])
    #expect(absent[0].id == "wait=default")
  }

  @Test(arguments: ["{ wait: park, batch: 16 }", "\"wait=park,batch=16\"", "v04-park-16"])
  func theBaselineIsOneVariant(baseline: String) throws {
    let found = try variants("{ wait: [spin, park], batch: [1, 16] }", "baseline: \(baseline)")
    #expect(found.map(\.isBaseline) == [false, false, false, true])
    #expect(found[0].scenario.trials.count == 10, "a comparison needs trials")
  }

  @Test(
    arguments: [
      ("matrix: { wait: [spin, parc] }", "1:24", "did you mean `park`"),
      ("matrix: { wait: [] }", "1:17", "name at least one"),
      ("matrix: { wait: [spin, spin] }", "1:24", "keep one"),
      ("matrix: { wait: spin }", "1:17", nil),
      ("matrix: {}", "1:9", "add wait: [spin, park], or remove `matrix`"),
      ("matrix: { trials.count: [1, 2] }", "1:11", nil),
      ("matrix: { output.dir: [a, b] }", "1:11", nil),
      ("matrix: { dispatch: [shared, fare] }", "1:30", nil),
      ("matrix: { wait: [spin, park], exclude: [ { wait: yield } ] }", "1:50", "it has spin, park"),
      ("matrix: { wait: [spin, park], exclude: [ { weit: spin } ] }", "1:44", "did you mean `wait`?"),
      ("matrix: { wait: [spin, park], exclude: [ { wait: spin }, { wait: park } ] }", "1:40", nil),
      ("matrix: { wait: [spin, park], include: [ spin ] }", "1:42", nil),
      ("matrix: { wait: [spin, park], batch: [1, 2, 3], zip: [wait, batch] }", "1:54", nil),
      ("matrix: { wait: [spin, park], zip: [wait] }", "1:36", "write [batch, payload]"),
      ("matrix: { wait: [spin, park], zip: [wait, batch] }", "1:43", "it has wait"),
      ("matrix: { batch: [1, 2] }\nbaseline: { batch: 3 }", "2:11", "for example batch=1"),
      ("matrix: { batch: [1, 2], wait: [spin, park] }\nbaseline: { batch: 2 }", "2:11", "name a value on every axis"),
      ("baseline: { batch: 3 }", "1:11", "add a matrix, or remove `baseline`"),
      ("matrix: { load.phases.x.constant: [1k/s] }\nload: { phases: [ y: { constant: 1k/s } ] }", "1:36", nil),
      ("matrix: { batch: [1k, 1000] }", "1:23", nil),
      ("trials: { stop_early: { metric: latency.p99 } }", "1:23", "write { metric: latency.p99, ci_width: 5% }"),
      ("trials: { stop_early: { metric: latency.p99, ci_width: 5%, min: 5, max: 4 } }", "1:65", nil),
      ("trials: { disturbed: {} }", "1:22", "write { steal: 1% } or { pressure: 20% }"),
    ] as [(String, String, String?)])
  func mistakesAreReportedWhereTheyStand(text: String, place: String, suggestion: String?) {
    let problems = TestFiles(text).problems()
    #expect(problems.map { "\($0.line):\($0.column)" } == [place], "\(problems)")
    if let suggestion { #expect(problems.first?.suggestion?.contains(suggestion) == true, "\(problems)") }
  }

  /// All mistakes at once, each once, and with the variant where only some have it.
  @Test func aCombinationThatCannotHoldNamesItsVariant() {
    let text = """
      workload: { ack: { every: 100 } }
      matrix: { prefetch: [50, 60, 200], wait: [spin, park] }
      """
    let problems = TestFiles(text).problems()
    #expect(problems.map(\.code) == [.conflict, .conflict])
    #expect(problems.allSatisfy { $0.line == 1 && $0.column == 18 })
    #expect(problems[0].message.hasSuffix("(in the variant `prefetch=50,wait=spin` and 1 other variant)"))
    let everywhere = TestFiles("workload: { ack: { every: 500 } }\nmatrix: { wait: [spin, park] }").problems()
    #expect(everywhere.count == 1)
    #expect(!everywhere[0].message.contains("variant"))
  }

  @Test func anAxisThatChangesNothingIsRefused() {
    let text = "workload: { producers: { p: { payload: 64B } } }\nmatrix: { payload: [32B, 128B] }"
    let problems = TestFiles(text).problems()
    #expect(problems.map(\.code) == [.conflict])
    #expect(problems[0].suggestion?.contains("dotted path") == true)
  }

  @Test func tooManyVariantsAreRefusedBeforeTheyAreMade() {
    let values = (1...30).map(String.init).joined(separator: ", ")
    let problems = TestFiles(
      "matrix: { batch: [\(values)], prefetch: [\(values)], topology.queues.work.max_length: [\(values)] }"
    )
    .problems()
    #expect(problems.map(\.code) == [.outOfRange])
    #expect(problems[0].message.contains("10000"))
  }

  /// Numbers are as wide as the last, so that names sort like the variants.
  @Test func slugsOfManyVariantsSortByNumber() throws {
    let values = (1...1_000).map(String.init).joined(separator: ", ")
    let found = try variants("{ batch: [\(values)] }")
    #expect(found.count == 1_000)
    #expect(found.map(\.slug) == found.map(\.slug).sorted())
    #expect(found[2].slug == "v0003-3")
    #expect(Set(found.map(\.id)).count == 1_000)
  }

  @Test func trialsHaveDocumentedDefaults() throws {
    let trials = try TestFiles("name: m").load().trials
    #expect(trials.count == 1)
    #expect(trials.order == .randomised)
    #expect(trials.process == .fresh)
    #expect(trials.coolDownNanoseconds == 0)
    #expect(trials.timeoutNanoseconds == nil)
    #expect(trials.stopEarly == nil)
    #expect(trials.disturbed == nil)
    let short = try TestFiles("trials: 7").load().trials
    #expect(short.count == 7)
    let changed = try TestFiles("trials: 7").load(overrides: ["trials.order=paired"]).trials
    #expect(changed.count == 7, "an override inside a short form used to drop what it said")
    #expect(changed.order == .paired)
    let full = try TestFiles(
      """
      trials: { count: 20, order: sequential, process: fresh, cool_down: 1s, timeout: 1m,
        stop_early: { metric: throughput, ci_width: 2.5% }, disturbed: { steal: 1%, pressure: 20%, reruns: 2 } }
      """
    ).load().trials
    #expect(full.stopEarly == .init(metric: "throughput", intervalWidth: 0.025, leastCount: 10, mostCount: 20))
    #expect(full.disturbed == .init(stealLimit: 0.01, pressureLimit: 0.2, rerunLimit: 2))
    #expect(full.timeoutNanoseconds == 60_000_000_000)
  }
}
