import ScenarioModel
import Testing

@Suite struct FaultTests {
  private static let twoWorkers = """
    workload: { consumers: { workers: { count: 2 }, others: {} } }
    load: { phases: [ steady: { constant: 1k/s, for: 20s }, count: { saturate: 1M } ] }

    """

  private func faults(_ text: String) throws -> [Scenario.Fault] {
    try TestFiles(Self.twoWorkers + "faults:\n" + text).load().faults
  }

  @Test(arguments: [Scenario.Fault.Kind.lose, .duplicate, .reorder, .corrupt])
  func faultOfMessagesHitsAllConsumersWhenNobodyIsNamed(kind: Scenario.Fault.Kind) throws {
    let fault = try #require(faults("  - { kind: \(kind.rawValue), one_in: 1M }").first)
    #expect(fault.kind == kind)
    #expect(fault.kind.hitsMessages)
    #expect(fault.oneIn == 1_000_000)
    #expect(fault.workers == ["workers.0", "workers.1", "others.0"])
    #expect(fault.schedule == nil)
  }

  @Test func workersAreNamedAloneOrByTheirGroup() throws {
    let faults = try faults(
      "  - { kind: lose, one_in: 5, who: workers }\n  - { kind: lose, one_in: 5, who: workers.1 }")
    #expect(faults.map(\.workers) == [["workers.0", "workers.1"], ["workers.1"]])
  }

  @Test(arguments: [
    ("at: steady+10s, for: 1s", [10]), ("at: steady, for: 1s", [0]), ("at: steady + 2s, for: 1s", [2]),
    ("at: steady+10s, for: 1s, every: 3s, times: 2", [10, 13]),
    ("at: steady+10s, for: 1s, every: 3s", [10, 13, 16, 19]),
    ("at: count+10s, for: 1s, every: 3s, times: 2", [10, 13]),
  ])
  func faultOfAWorkerHappensOnceOrAgainAndAgain(when: String, seconds: [Int64]) throws {
    let fault = try #require(faults("  - { kind: pause, who: workers.0, \(when) }").first)
    #expect(fault.schedule?.startsNanoseconds == seconds.map { $0 * 1_000_000_000 })
    #expect(fault.schedule?.durationNanoseconds == 1_000_000_000)
    #expect(fault.oneIn == nil)
  }

  @Test func killedWorkerMayStayDeadWhenAnotherIsLeft() throws {
    let fault = try #require(faults("  - { kind: kill_worker, who: workers, at: steady+1s }").first)
    #expect(fault.schedule?.durationNanoseconds == nil, "others.0 takes over")
  }

  @Test func resolvedFaultsLoadAsThemselves() throws {
    let text = """
      faults:
        - { kind: slow_consumer, who: consumer.0, factor: 2.5, at: main+1s, for: 1s, every: 2s, times: 2 }
        - { kind: corrupt, one_in: 10k }
      load: { constant: 1k/s, for: 20s }
      """
    let scenario = try TestFiles(text).load()
    let again = try TestFiles(scenario.resolvedJSON).load()
    #expect(again.faults.map(\.schedule) == scenario.faults.map(\.schedule))
    #expect(again.faults.map(\.factor) == [2.5, 1])
    #expect(again.resolvedJSON == scenario.resolvedJSON)
  }

  static let mistakes: [Mistake] = [
    .init("faults: [ { one_in: 5 } ]", .missingKey, 1, 13, "needs a `kind`"),
    .init("faults: [ { kind: loose, one_in: 5 } ]", .invalidValue, 1, 19, "did you mean `lose`?"),
    .init("faults: [ { kind: lose } ]", .missingKey, 1, 13, "add one_in: 1M"),
    .init("faults: [ { kind: lose, one_in: 0 } ]", .outOfRange, 1, 33, "use 1 or more"),
    .init("faults: [ { kind: lose, one_in: 5, at: main } ]", .keyWithoutEffect, 1, 36, "no use for `at`"),
    .init(
      "faults: [ { kind: pause, who: consumer.0, at: main, for: 1s, one_in: 5 } ]", .keyWithoutEffect, 1, 62,
      "no use for `one_in`"),
    .init(
      "faults: [ { kind: pause, who: consumer.0, at: main, for: 1s, factor: 5 } ]", .keyWithoutEffect, 1, 62,
      "no use for `factor`"),
    .init("faults: [ { kind: lose, one_in: 5, who: consumr } ]", .unknownReference, 1, 41, "did you mean `consumer`?"),
    .init("faults: [ { kind: lose, one_in: 5, who: consumer.1 } ]", .unknownReference, 1, 41, "write consumer.0"),
    .init("faults: [ { kind: lose, one_in: 5, who: producer.0 } ]", .conflict, 1, 41, "write who: consumer"),
    .init("faults: [ { kind: pause, at: main, for: 1s } ]", .missingKey, 1, 13, "add who: consumer.0"),
    .init("faults: [ { kind: pause, who: consumer, for: 1s } ]", .missingKey, 1, 13, "add at: main+1s"),
    .init("faults: [ { kind: pause, who: consumer, at: main } ]", .missingKey, 1, 13, "add for: 500ms"),
    .init(
      "faults: [ { kind: pause, who: consumer, at: mian+1s, for: 1s } ]", .unknownReference, 1, 45,
      "did you mean `main`?"),
    .init("faults: [ { kind: pause, who: consumer, at: main+1, for: 1s } ]", .missingUnit, 1, 45, "write 1s"),
    .init("faults: [ { kind: pause, who: consumer, at: main+5s, for: 1s } ]", .outOfRange, 1, 45, "over after 5s"),
    .init("faults: [ { kind: pause, who: consumer, at: main+4s, for: 2s } ]", .outOfRange, 1, 59, "lasts until 6s"),
    .init(
      "faults: [ { kind: pause, who: consumer, at: main, for: 1s, every: 2s, times: 4 } ]", .outOfRange, 1, 78,
      "lasts until 7s"),
    .init(
      "faults: [ { kind: pause, who: consumer, at: main, for: 1s, every: 500ms, times: 2 } ]", .conflict, 1, 67,
      "each lasts 1s"),
    .init("faults: [ { kind: pause, who: consumer, at: main, for: 1s, times: 2 } ]", .missingKey, 1, 67, "add every"),
    .init(
      "faults: [ { kind: pause, who: consumer, at: main, for: 1s, every: 2s } ]\nload: { saturate: 5 }", .missingKey, 1,
      67, "add times: 3"),
    .init(
      "faults: [ { kind: slow_consumer, who: consumer, at: main, for: 1s } ]", .missingKey, 1, 13, "add factor: 4"),
    .init(
      "faults: [ { kind: slow_consumer, who: consumer, at: main, for: 1s, factor: 0.5 } ]", .outOfRange, 1, 76,
      "more than 1"),
    .init("faults: [ { kind: kill_worker, who: consumer.0, at: main } ]", .conflict, 1, 13, "nobody is left"),
    .init(
      "faults: [ { kind: kill_worker, who: c.0, at: main }, { kind: kill_worker, who: c.1, at: main } ]\n"
        + "workload: { consumers: { c: { count: 2 } } }", .conflict, 1, 56, "nobody is left"),
    // Each has a queue of its own: the others do not take over.
    .init(
      "faults: [ { kind: kill_worker, who: c.1, at: main } ]\n"
        + "workload: { pattern: publish_subscribe, consumers: { c: { count: 2 } } }", .conflict, 1, 13,
      "the messages of `c.1` when c.1 is dead"),
    .init(
      "faults: [ { kind: kill_worker, who: c.0, at: main, every: 1s } ]\nworkload: { consumers: { c: { count: 2 } } }",
      .conflict, 1, 59, "cannot die again"),
    .init(
      "faults: [ { kind: kill_worker, who: consumer, at: main, for: 1s } ]\nworkload: { pattern: ring }\n"
        + "load: { saturate: true, for: 5s }", .conflict, 1, 19, "no acknowledgements"),
    .init(
      "faults: [ { kind: reorder, one_in: 5 } ]\nverify: { order: none }", .conflict, 1, 19, "order is not verified"),
    .init(
      "faults: [ { kind: corrupt, one_in: 5 } ]\nverify: { payload: none }", .conflict, 1, 19, "bodies are not verified"
    ),
    .init(
      "faults: [ { kind: reorder, one_in: 5 } ]\nworkload: { pattern: request_reply }", .conflict, 1, 19,
      "requests have no order"),
    .init(
      "faults: [ { kind: lose, one_in: 5 } ]\nworkload: { pattern: ring, ring: { round_trip: true } }", .conflict, 1,
      19,
      "remove `round_trip`"),
    .init(
      "faults: [ { kind: lose, one_in: 5 } ]\nworkload: { pattern: ring, ring: { memory: shared } }", .conflict, 1, 19,
      "use memory: private"),
  ]

  @Test(arguments: mistakes)
  func isRefusedWhereItIsWritten(mistake: Mistake) {
    expectOnly(mistake, in: TestFiles(mistake.text).problems())
  }
}
