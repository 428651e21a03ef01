import ScenarioModel
import Testing

/// A text, and the one problem that it has.
struct Mistake: Sendable, CustomTestStringConvertible {
  var text: String
  var code: ScenarioProblem.Code
  var line: Int
  var column: Int
  /// Part of the message or of the suggestion.
  var says: String

  init(_ text: String, _ code: ScenarioProblem.Code, _ line: Int, _ column: Int, _ says: String) {
    self.text = text
    self.code = code
    self.line = line
    self.column = column
    self.says = says
  }

  var testDescription: String { "\(code.rawValue) \(text)" }
}

/// Expects that the mistake is found where it is, with its hint, and nothing else.
func expectOnly(
  _ mistake: Mistake, in found: [ScenarioProblem], sourceLocation: Testing.SourceLocation = #_sourceLocation
) {
  guard let problem = found.first, found.count == 1 else {
    Issue.record("expected one problem, got \(found)", sourceLocation: sourceLocation)
    return
  }
  #expect(problem.code == mistake.code, "\(problem)", sourceLocation: sourceLocation)
  #expect(problem.line == mistake.line, "\(problem)", sourceLocation: sourceLocation)
  #expect(problem.column == mistake.column, "\(problem)", sourceLocation: sourceLocation)
  #expect(
    "\(problem.message) \(problem.suggestion ?? "")".contains(mistake.says), "\(problem)",
    sourceLocation: sourceLocation)
}

@Suite struct ProblemTests {
  static let syntax: [Mistake] = [
    .init("", .syntax, 1, 1, "the file is empty"),
    .init("# nothing\n", .syntax, 1, 1, "the file is empty"),
    .init("- a\n", .wrongShape, 1, 1, "a scenario is a map of keys, not a list"),
    .init("hello", .wrongShape, 1, 1, "not a single value"),
    .init("name: a\nname: b\n", .duplicateKey, 2, 1, "`name` stands twice"),
    .init("\"name\": a\nname: b\n", .duplicateKey, 2, 1, "`name` stands twice"),
    .init("workload: { batch: 1, payload: 64B, batch: 2 }", .duplicateKey, 1, 37, "keep one of them"),
    .init("load: { constant: 5k/s", .syntax, 1, 7, "not closed"),
    .init("load: { constant: 5k/s\n\n  \n", .syntax, 1, 7, "not closed"),
    .init("name: \"abc\n", .syntax, 1, 7, "not closed"),
    .init("load:\n\tconstant: 5k/s", .syntax, 2, 1, "indent with spaces"),
    .init("a: b: c", .syntax, 1, 5, "`:` does not belong here"),
    .init("name: *x", .syntax, 1, 7, "quote it: \"*x\""),
    .init(
      "topology: { bindings: [ { from: a, to: b, key: *.orange.* } ] }", .syntax, 1, 48, "quote it: \"*.orange.*\""),
    .init("name: @x", .syntax, 1, 7, "cannot start with `@`"),
    .init("name: a\n---\nname: b", .syntax, 2, 1, "one document"),
    .init("name: a\u{1}b", .syntax, 1, 8, "U+0001"),
    .init("name: #x\nseed: 2", .wrongShape, 1, 6, "`#` starts a comment"),
    .init("name:\nseed: 2", .wrongShape, 1, 6, "has no value"),
    .init("? [a]\n: b", .wrongShape, 1, 3, "a key is a single word"),
    .init("<<: { name: a }", .unknownKey, 1, 1, "extends"),
  ]

  static let keys: [Mistake] = [
    .init("workload:\n  paylod: 64B", .unknownKey, 2, 3, "did you mean `payload`?"),
    .init("nmae: x", .unknownKey, 1, 1, "did you mean `name`?"),
    .init("payload: 64B", .unknownKey, 1, 1, "`payload` is a key of `workload"),
    .init("load: { rate: 5k/s, constant: 1k/s }", .unknownKey, 1, 9, "its keys are warmup, phases"),
    .init("matrix: { serialiser: [raw] }", .unknownKey, 1, 11, "did you mean `serializer`?"),
    .init("load: { constant: 5s }", .wrongUnit, 1, 19, "`5s` is a duration"),
    .init("load: { constant: 5000 }", .missingUnit, 1, 19, "write 5000/s"),
    .init("load: { constant: 5k/min }", .wrongUnit, 1, 19, "unknown unit"),
    .init("load: { constant: 0/s }", .outOfRange, 1, 19, "a rate of 0 sends nothing"),
    .init("load: { constant: -5/s }", .outOfRange, 1, 19, "cannot be negative"),
    .init("load: { constant: fast }", .invalidValue, 1, 19, "not a number"),
    .init("load: { constant: 1/s, for: 10 }", .missingUnit, 1, 29, "write 10s"),
    .init("load: { constant: 1/s, for: 0s }", .outOfRange, 1, 29, "use 1ns or more"),
    .init("load: { constant: 1/s, for: 1.5ns }", .outOfRange, 1, 29, "a whole number of nanoseconds"),
    .init("load: { constant: 1/s, for: 999999999999h }", .outOfRange, 1, 29, "too large"),
    .init("workload: { payload: 128 }", .missingUnit, 1, 22, "write 128B"),
    .init("workload: { payload: 4Kb }", .wrongUnit, 1, 22, "KiB"),
    .init("workload: { producers: { p: { count: 0 } } }", .outOfRange, 1, 38, "use 1 or more"),
    .init("workload: { wait: spinn }", .invalidValue, 1, 19, "did you mean `spin`?"),
    .init("workload: { pattern: workqueue }", .invalidValue, 1, 22, "did you mean `work_queue`?"),
    .init("workload: [a]", .wrongShape, 1, 11, "not a list"),
    .init("workload: { producers: 2 }", .wrongShape, 1, 24, "not a single value"),
    .init("workload: { batch: { a: 1 } }", .wrongShape, 1, 20, "not a map"),
    .init("workload: { ack: some }", .invalidValue, 1, 18, "`each`, `none`"),
    .init("name: a b", .invalidValue, 1, 7, "write a-b"),
    .init("schema: 2", .invalidValue, 1, 9, "it is `1`"),
    .init("verify: { loss: no }", .invalidValue, 1, 17, "not a number"),
    .init("measure: { histogram: { digits: 6 } }", .outOfRange, 1, 33, "use 5 or less"),
    .init("output: { formats: [json, cvs] }", .invalidValue, 1, 27, "did you mean `csv`?"),
    .init("output: { formats: [] }", .missingKey, 1, 20, "`formats` is empty"),
    .init("load: { phases: [ { a: { constant: 1k/s }, b: { constant: 1k/s } } ] }", .wrongShape, 1, 19, "one key"),
  ]

  static let combinations: [Mistake] = [
    .init("workload: { prefetch: 100, ack: { every: 500 } }", .conflict, 1, 33, "prefetch of 100"),
    .init("workload: { ack: { every: 500 } }", .conflict, 1, 18, "256 (the default)"),
    .init("workload: { ack: {} }", .missingKey, 1, 18, "`ack` needs `every`"),
    .init("load: { constant: 1k/s, poisson: 1k/s }", .conflict, 1, 25, "two loads, `constant` and `poisson`"),
    .init("workload: { consumers: { c: { speed: 0.0001 } } }", .outOfRange, 1, 38, "0.001 to 1000"),
    .init("load: { constnat: 5k/s }", .unknownKey, 1, 9, "did you mean `constant`?"),
    .init("load: { phases: [ { a: { poison: 5k/s, for: 1s } } ] }", .unknownKey, 1, 26, "did you mean `poisson`?"),
    .init("load: 5k/s", .wrongShape, 1, 7, "not a single value"),
    .init("load: { phases: 5 }", .wrongShape, 1, 17, "a list of maps"),
    .init("topology: { queues: [a, b] }", .wrongShape, 1, 21, "not a list"),
    .init("load: { for: 5s }", .missingKey, 1, 7, "has no load"),
    .init("load: {}", .missingKey, 1, 7, "says nothing"),
    .init("load: { saturate: true }", .missingKey, 1, 19, "add for: 5s"),
    .init("load: { saturate: false, for: 1s }", .invalidValue, 1, 19, "no load"),
    .init("load: { saturate: 1M, for: 5s }", .conflict, 1, 23, "a phase ends by one of them"),
    .init("load: { constant: 1/h, for: 5s }", .outOfRange, 1, 29, "sends no message"),
    .init("load: { phases: [] }", .missingKey, 1, 17, "`phases` is empty"),
    .init("load: { phases: [ { a: {} } ] }", .missingKey, 1, 21, "has no load"),
    .init(
      "load: { for: 1s, phases: [ { a: { constant: 1k/s } } ] }", .conflict, 1, 9, "into a phase: load.phases.a.for"),
    .init(
      "load: { phases: [ { a: { constant: 1k/s } }, { a: { constant: 1k/s } } ] }", .conflict, 1, 48, "two phases `a`"),
    .init(
      "load: { warmup: 1s, phases: [ { warmup: { constant: 1k/s } } ] }", .conflict, 1, 33, "two phases `warmup`"),
    .init("load: { phases: [ { a b: { constant: 1k/s } } ] }", .invalidValue, 1, 21, "write a-b"),
    .init("slo: [ \"latency.p99 < 1ms\" ]\nload: { saturate: 1M }", .conflict, 1, 9, "has none"),
    .init("slo: [ { expect: \"sent > 1/s\", phase: steay } ]", .unknownReference, 1, 39, "there is main"),
    .init("slo: [ \"latencies.p99 < 1ms\" ]", .invalidValue, 1, 9, "did you mean `latency`"),
    .init("slo: [ \"latency.p99\" ]", .invalidValue, 1, 20, "not a comparison"),
    .init("workload: { payload: 16B }", .outOfRange, 1, 22, "use 32B or more"),
    .init("workload: { service_time: { exponential: 0s } }", .outOfRange, 1, 42, "above 0"),
    .init(
      "workload: { producers: { p: { confirms: 10, batch: 64 } } }", .conflict, 1, 41, "never fits into 10"),
    .init("workload: { producers: { p: { timeout: 1s } } }", .keyWithoutEffect, 1, 31, "belongs to request_reply"),
    .init(
      "workload: { pattern: ring, ring: { kind: mpmc, lanes: per_producer } }", .keyWithoutEffect, 1, 55,
      "use kind: mpsc"),
    .init(
      "workload: { pattern: ring, ring: { kind: spsc, slow_reader: lap } }", .keyWithoutEffect, 1, 61,
      "use kind: broadcast"),
    .init(
      "workload: { pattern: ring, ring: { kind: broadcast, slow_reader: lap, round_trip: true } }", .conflict, 1, 66,
      "slow_reader: block"),
    .init(
      "workload: { pattern: ring, ring: { kind: lifo } }\nverify: { order: per_producer }", .conflict, 2, 18,
      "order: none"),
    .init(
      "workload: { pattern: ring, ring: { kind: lifo, round_trip: true } }\nload: { in_flight: 2, for: 1s }", .conflict,
      2,
      9, "in_flight: 1"),
    .init(
      "workload: { pattern: ring, ring: { kind: bytes }, producers: { a: { count: 2 } } }", .conflict, 1, 76,
      "one producer"),
    .init(
      "workload: { pattern: ring, ring: { kind: mpsc }, consumers: { a: { count: 2 } } }", .conflict, 1, 75,
      "one consumer"),
    .init("workload: { ring: { kind: spsc } }", .keyWithoutEffect, 1, 13, "belongs to ring"),
    .init(
      "workload: { pattern: request_reply, producers: { p: { confirms: 5 } } }", .keyWithoutEffect, 1, 55,
      "belongs to work_queue"),
    .init("workload: { producers: { p: { to: nowhere } } }", .unknownReference, 1, 35, "declares none"),
    .init("workload: { consumers: { c: { from: wrok } } }", .unknownReference, 1, 37, "did you mean `work`?"),
    .init("workload: { producers: { p: { keys: [wrk] } } }", .unknownReference, 1, 38, "did you mean `work`?"),
    .init("workload: { producers: { p: { keys: [] } } }", .missingKey, 1, 37, "`keys` is empty"),
    .init(
      "topology: { queues: { q: { max_length: 8 } } }\nworkload: { batch: 64 }", .conflict, 1, 23, "never fits"),
    .init("topology: { exchanges: { amq.x: direct } }", .invalidValue, 1, 26, "belong to the broker"),
    .init(
      "topology: { exchanges: { e: direct }, bindings: [ { from: e, to: wrok } ] }", .unknownReference, 1, 66,
      "did you mean `work`?"),
    .init("topology: { bindings: [ { to: work } ] }", .missingKey, 1, 25, "needs `from`"),
    .init(
      "workload: { pattern: request_reply, ack: { every: 5 } }", .conflict, 1, 42, "write ack: each or ack: none"),
    .init(
      "workload: { pattern: request_reply, producers: { p: { batch: 5 } } }", .keyWithoutEffect, 1, 55,
      "no use for `batch`"),
    .init(
      """
      topology: { queues: { a: {}, b: {} } }
      workload: { pattern: request_reply, producers: { p: { keys: [a, b] } }, consumers: { c: { from: a }, d: { from: b } } }
      """, .conflict, 2, 61, "go by one routing key, not by 2"),
    .init("load: { in_flight: 100000 }", .outOfRange, 1, 20, "use 65536 or less"),
    .init(
      """
      topology: { exchanges: { e: direct }, queues: { a: {}, b: {} }, bindings: [ { from: e, to: a, key: k }, \
      { from: e, to: b, key: k } ] }
      workload: { producers: { p: { to: e } }, consumers: { c: { from: a }, d: { from: b } } }
      load: { warmup: 1s, in_flight: 4 }
      """, .conflict, 3, 7, "the routing key `k` takes each to `a` and `b`"),
  ]

  static let routes: [Mistake] = [
    .init("workload: { pattern: topics }", .missingKey, 1, 1, "exchanges: { events: topic }"),
    .init(
      "workload: { pattern: routing, producers: { p: { keys: [a] } } }\ntopology: "
        + "{ exchanges: { e: topic }, bindings: [ { from: e, to: work, key: a } ] }", .conflict, 1, 44,
      "needs an exchange of type direct or headers, and `e` is topic"),
    .init(
      "topology: { exchanges: { e: { type: direct, internal: true } }, bindings: [ { from: e, to: work, key: k } ] }\n"
        + "workload: { producers: { p: { to: e } } }", .conflict, 2, 35, "only other exchanges"),
    .init(
      "topology: { exchanges: { e: { type: direct, alternate: f } } }", .unknownReference, 1, 56, "there is e"),
    .init(
      "topology: { exchanges: { e: headers }, bindings: [ { from: e, to: work, arguments: { x-match: al } } ] }",
      .invalidValue, 1, 95, "did you mean `all`?"),
    .init(
      "topology: { exchanges: { e: direct }, bindings: [ { from: e, to: work, arguments: { a: b } } ] }",
      .keyWithoutEffect, 1, 83, "type: headers"),
    .init(
      "topology: { exchanges: { work: fanout, e: fanout }, queues: { work: {} }, bindings: [ { from: e, to: work } ] }",
      .conflict, 1, 102, "rename one of them"),
    .init(
      "topology: { exchanges: { e: topic }, bindings: [ { from: e, to: work, key: a.* } ] }\n"
        + "workload: { producers: { p: { to: e, keys: [a.b.c] } } }", .unknownReference, 2, 45, "reaches no queue"),
    .init(
      "topology: { exchanges: { e: topic }, bindings: [ { from: e, to: work, key: a.* } ] }\n"
        + "workload: { producers: { p: { to: e } } }", .missingKey, 2, 26, "which routing keys"),
    .init(
      "topology: { exchanges: { e: headers }, bindings: [ { from: e, to: work, arguments: { a: b } } ] }\n"
        + "workload: { producers: { p: { to: e, headers: { a: c } } } }", .missingKey, 2, 26, "reaches no queue"),
  ]

  static let rings: [Mistake] = [
    .init(
      "workload: { pattern: ring, producers: { p: { count: 2 } } }", .conflict, 1, 53, "one producer, not 2"),
    .init(
      "workload: { pattern: ring, consumers: { a: {}, b: {} } }", .conflict, 1, 48, "one consumer, not 2"),
    .init(
      "workload: { pattern: ring, ring: { kind: mpmc, round_trip: true }, consumers: { a: { count: 3 } } }",
      .conflict, 1, 93, "one pair of threads"),
    .init("workload: { pattern: ring, ring: { capacity: 100 } }", .outOfRange, 1, 46, "use 64 or 128"),
    .init("workload: { pattern: ring, ring: { capacity: 32 }, batch: 64 }", .conflict, 1, 59, "ring of 32"),
    .init("workload: { pattern: ring, payload: 2KiB }", .outOfRange, 1, 37, "larger than a slot"),
    .init("workload: { pattern: ring, payload: 100B }", .outOfRange, 1, 37, "use 128B"),
    .init(
      "workload: { pattern: ring, payload: 256B, ring: { capacity: 8388608 } }", .outOfRange, 1, 61, "1GiB"),
    .init("workload: { pattern: ring, payload: 512B }", .outOfRange, 1, 37, "use 256B or less"),
    .init("workload: { pattern: ring, prefetch: 5 }", .keyWithoutEffect, 1, 28, "work_queue, request_reply"),
    .init("workload: { pattern: ring }\ntopology: {}", .keyWithoutEffect, 2, 1, "no topology"),
    .init("workload: { pattern: ring }\nload: { in_flight: 1 }", .conflict, 2, 9, "round_trip: true"),
    .init(
      "workload: { pattern: ring, payload: 64B }\nverify: { payload: crc32c }", .conflict, 2, 20, "every bit"),
    .init(
      "workload: { pattern: ring, payload: 16B }\nload: { constant: 1k/s }", .conflict, 2, 9,
      "use a payload of 32B or more, or saturate"),
    .init(
      "workload: { pattern: ring, payload: 8B }\nload: { warmup: 1s, phases: [ { a: { poisson: 1k/s } } ] }",
      .conflict, 2, 38, "`poisson` needs items that carry their times, and 8B have no room"),
    .init(
      "workload: { pattern: ring, ring: { publish: lazy } }\nload: { constant: 1k/s }", .conflict, 2, 9,
      "use publish: each"),
    .init(
      "workload: { pattern: ring, ring: { round_trip: true } }\nload: { saturate: 1M }", .conflict, 2, 9,
      "use in_flight: 1, or remove `round_trip`"),
    .init(
      "workload: { pattern: ring, ring: { round_trip: true } }\nload: { constant: 1k/s }", .conflict, 2, 9,
      "`constant` does not wait for them"),
    .init(
      "workload: { pattern: ring, ring: { round_trip: true, capacity: 64 } }\nload: { in_flight: 65 }", .conflict, 2,
      9, "use in_flight: 64 or less"),
    .init(
      "workload: { pattern: ring, batch: 8, ring: { round_trip: true } }", .conflict, 1, 35, "one by one"),
    .init(
      "workload: { pattern: ring, ring: { publish: lazy, round_trip: true } }", .conflict, 1, 45, "holds items back"),
    .init("workload: { pattern: ring, batch: 8, ring: { publish: lazy } }", .conflict, 1, 35, "use batch: 1"),
    .init(
      "workload: { pattern: ring, ring: { kind: mpmc }, producers: { a: { payload: 8B }, b: { payload: 16B } } }",
      .conflict, 1, 97, "have 8B and 16B"),
  ]

  @Test(arguments: syntax + keys + combinations + routes + rings)
  func pointsAtTheMistake(_ mistake: Mistake) {
    expectOnly(mistake, in: TestFiles(mistake.text).problems().filter { $0.code != .notSupportedYet })
  }

  static let unsupported: [(text: String, line: Int, column: Int)] = [
    ("matrix: { compression: [zstd, brotli] }", 1, 31),
    ("target: { driver: amqp }", 1, 19),
    ("workload: { compression: bzip2 }", 1, 26),
    ("topology: { queues: { q: { durable: true } } }", 1, 28),
    ("topology: { exchanges: { e: x-consistent-hash } }", 1, 29),
    ("topology: { exchanges: { e: { type: x-consistent-hash } } }", 1, 37),
    ("search: { scaling: 1 }", 1, 11),
    ("workload: { pattern: tasks, workers: { autoscale: { min: 1, max: 4 } } }", 1, 40),
    ("workload: { pattern: tasks, tasks: { t: { unique: true } } }", 1, 43),
    ("workload: { pattern: tasks, tasks: { t: { starmap: [[1, 2]] } } }", 1, 43),
    ("workload: { pattern: tasks, tasks: { t: { chunks: 10 } } }", 1, 43),
  ]

  @Test(arguments: unsupported)
  func refusesWhatIsNotImplemented(text: String, line: Int, column: Int) {
    let found = TestFiles(text).problems()
    #expect(found.map(\.code) == [.notSupportedYet], "\(found)")
    #expect(found.first?.line == line)
    #expect(found.first?.column == column)
    #expect(found.first?.message.hasSuffix("not supported yet") == true)
  }

  @Test(arguments: ["max_retries": "retries", "default_retry_delay": "retry_backoff", "eta": "countdown"])
  func namesOfTheFieldLeadToTheKey(other: String, ours: String) {
    let found = TestFiles("workload: { pattern: tasks, tasks: { t: { \(other): 3 } } }").problems()
    #expect(found.map(\.code) == [.unknownKey], "\(found)")
    #expect(found.first?.suggestion == "the key for it is `\(ours)`")
  }

  @Test func refusesMoreStreamsThanASequenceNumberTellsApart() {
    let names = (0..<130).map { "q\($0)" }
    let text = """
      topology: { queues: { \(names.map { "\($0): {}" }.joined(separator: ", ")) } }
      workload:
        producers: { p: { count: 512, keys: [ \(names.joined(separator: ", ")) ] } }
        consumers: { \(names.map { "\($0): { from: \($0) }" }.joined(separator: ", ")) }
      """
    let found = TestFiles(text).problems()
    #expect(found.map(\.code) == [.outOfRange], "\(found)")
    #expect(found.first?.message.contains("65536 streams") == true)
    #expect(TestFiles(text.replacing("count: 512", with: "count: 504")).problems().isEmpty)
  }

  @Test func fairDispatchAllowsNoOtherPrefetch() {
    let found = TestFiles("workload: { dispatch: fair, prefetch: 10 }").problems()
    #expect(found.map(\.code) == [.conflict])
    #expect(found.last?.column == 39)
  }

  @Test func reportsEverythingAtOnceInTheOrderOfTheFile() {
    let text = """
      nmae: x
      workload:
        payload: 128
        pattern: work_queue
        consumers: { c: { from: nowhere, prefetch: 10, ack: { every: 20 } } }
      load: { constant: 5, for: 5, drian: 1s }
      trials: { process: own }
      """
    let found = TestFiles(text).problems()
    #expect(found.map(\.line) == [1, 3, 5, 5, 6, 6, 6, 7])
    #expect(
      found.map(\.code) == [
        .unknownKey, .missingUnit, .unknownReference, .conflict, .missingUnit, .missingUnit, .unknownKey,
        .invalidValue,
      ])
  }

  @Test func aWrongPatternDoesNotHideOtherMistakes() {
    let text = "workload: { pattern: wrkqueue, producers: { p: { timeout: 1s } } }\nload: { saturate: true }"
    #expect(TestFiles(text).problems().map(\.code) == [.invalidValue, .missingKey])
  }

  @Test func showsOnlyTheFirstOfVeryManyProblems() {
    let text = (0..<60).map { "x\($0): 1\n" }.joined()
    do throws(ScenarioProblems) {
      _ = try TestFiles(text).load()
    } catch {
      #expect(error.problems.count == 60)
      #expect(error.description.hasSuffix("and 10 more\n"))
    }
  }

  @Test func findsEveryDuplicateKey() {
    let text = "name: a\nseed: 1\nname: b\nload: { for: 1s, 'for': 2s, constant: 1k/s }\nname: c\nseed: 2\n"
    let found = TestFiles(text).problems()
    #expect(found.map(\.code) == [.duplicateKey, .duplicateKey, .duplicateKey, .duplicateKey])
    #expect(found.map(\.line) == [3, 4, 5, 6])
    #expect(found.map(\.column) == [1, 18, 1, 1])
  }

  @Test func doesNotLetAliasesGrowWithoutLimit() {
    var text = "vars:\n  a: &a [x, x, x, x, x, x, x, x, x, x]\n"
    for (name, previous) in zip("bcdefg", "abcdef") {
      text += "  \(name): &\(name) [" + [String](repeating: "*\(previous)", count: 10).joined(separator: ", ") + "]\n"
    }
    #expect(TestFiles(text).problems().contains { $0.message.contains("more than 100000 values") })
  }

  @Test func refusesDeepNesting() {
    let allowed = "vars: { a: " + String(repeating: "[", count: 900) + String(repeating: "]", count: 900) + " }"
    #expect(TestFiles(allowed).problems().map(\.code) == [.wrongShape])
    let text = "vars: " + String(repeating: "[", count: 5_000)
    #expect(TestFiles(text).problems().map(\.code) == [.syntax])
  }
}
