import Testing

@testable import ScenarioModel

/// Settings that used to be accepted and then crashed, were ignored, or did something else.
@Suite struct ContradictionTests {
  private static let lanes = "workload: { pattern: ring, ring: { kind: mpsc, lanes: per_producer, capacity: 64 }, "
  private static let broadcast = "workload: { pattern: ring, ring: { kind: broadcast, capacity: 64 }, "

  static let mistakes: [Mistake] = [
    // An empty path used to be the root directory.
    .init("output: { dir: \"\" }", .invalidValue, 1, 16, "Results/{name}/{started}"),
    .init("output: { dir: / }", .invalidValue, 1, 16, "the root directory"),
    .init("output: { dir: \"r/{nmae}\" }", .invalidValue, 1, 16, "did you mean `{name}`?"),
    .init("output: { dir: \"r/{name}/{host}\" }", .invalidValue, 1, 16, "there is {name}, {started}"),
    // What the broker and the rings have room for.
    .init(lanes + "producers: { p: { count: 65 } } }", .outOfRange, 1, 110, "64 producers at most, not 65"),
    .init(
      lanes + "producers: { p: { count: 60 }, q: { count: 5 } } }", .outOfRange, 1, 128, "64 producers at most, not 65"),
    .init(broadcast + "consumers: { c: { count: 65 } } }", .outOfRange, 1, 94, "64 consumers at most, not 65"),
    .init(
      "workload: { producers: { p: { count: 1000 } }, consumers: { c: { count: 25 } } }", .outOfRange, 1, 73,
      "1024 producers and consumers at most, not 1025"),
    .init(
      "workload: { pattern: request_reply, producers: { p: { count: 1024 } } }", .outOfRange, 1, 11,
      "1024 producers and consumers at most, not 1025"),
    .init(
      "workload: { pattern: ring, payload: 8B, ring: { kind: bytes, capacity: 67108864 } }", .outOfRange, 1, 72,
      "67108864 records of 8B with their headers take more than 1GiB"),
    // Figures that no phase has.
    .init(stopEarly("latency.p99", "load: { saturate: 1M }"), .conflict, 1, 34, "use service_time.p99 or throughput"),
    .init(stopEarly("offered", "load: { saturate: 1M }"), .conflict, 1, 34, "none has intended sending times"),
    .init(stopEarly("confirm_time.p99"), .conflict, 1, 34, "no producer asks for `confirms`"),
    .init(stopEarly("queue_time.p99"), .conflict, 1, 34, "it is measured with the pattern tasks"),
    .init(stopEarly("eta_error.p99"), .conflict, 1, 34, "no task has a `countdown`"),
    .init(stopEarly("latency"), .conflict, 1, 34, "write latency.p99"),
    .init(stopEarly("latency.p42"), .conflict, 1, 34, "it has min, mean"),
    .init(stopEarly("throughput.p99"), .conflict, 1, 34, "write throughput"),
    .init(stopEarly("hiccup.p99", "time: virtual"), .conflict, 1, 34, "a simulation has none"),
    .init(
      stopEarly("service_time.p99", "workload: { pattern: ring, payload: 8B }"), .conflict, 1, 34, "use throughput"),
    .init("trials: { stop_early: { metric: throughput, ci_width: 0% } }", .outOfRange, 1, 55, "never as narrow as 0%"),
    // Limits of time.
    .init("trials: { process: shared, timeout: 1m }", .conflict, 1, 37, "use process: fresh"),
    .init("trials: { timeout: 5s }", .outOfRange, 1, 20, "its phases alone take 5s"),
    .init("trials: { timeout: 6s }\nload: { warmup: 1s, constant: 1k/s }", .outOfRange, 1, 20, "take 6s"),
    // Statistics that nobody keeps, or that nothing could be disturbed by.
    .init(
      "measure: { statistics: 10ms }\nworkload: { pattern: ring, payload: 8B }", .conflict, 1, 24,
      "a bare ring keeps no statistics"),
    .init("measure: { statistics: 10ms }\ntime: virtual", .conflict, 1, 24, "use time: wall"),
    // A trace.
    .init("output: { trace: t.csv }\ntrials: { process: fresh }", .conflict, 2, 20, "use process: shared"),
    .init("output: { trace: metrics.csv }", .conflict, 1, 18, "name of another file"),
    .init("output: { trace: result.json }", .conflict, 1, 18, "write trace: trace.csv"),
    .init("output: { trace: run.hlog }", .conflict, 1, 18, "name of another file"),
    .init("output: { trace: trials }", .conflict, 1, 18, "name of another file"),
    .init("output: { trace: v01-default.latency.hgrm }", .conflict, 1, 18, "name of another file"),
    // Hints that said something else.
    .init("seed: 1.5", .outOfRange, 1, 7, "which is not a whole number"),
    .init("load: { constant: 1k/s, for: 0.5ns }", .outOfRange, 1, 30, "not a whole number of nanoseconds"),
    .init("seed: ${nope}", .undefinedVariable, 1, 7, "nothing defines `${nope}`"),
    .init("load: { constant: 1k/s, for: \"${nope}\" }", .undefinedVariable, 1, 30, "nothing defines"),
    .init(
      "faults: [ { kind: kill_worker, who: w, at: main } ]\nworkload: { consumers: { w: { count: 2 } } }", .conflict, 1,
      13, "when w.0, w.1 are dead"),
    .init(
      "workload: { producers: { p: { keys: [zebra] } }, consumers: { c: { from: work } } }\n"
        + "topology: { queues: { work: {}, spare: {} } }", .unknownReference, 1, 38, "routes by queue name"),
    .init("matrix: { workload.payload: [128B, 0.128KB] }", .conflict, 1, 36, "both values mean the same"),
    .init("matrix: { batch: [1k, 1000] }", .conflict, 1, 23, "both values mean the same"),
  ]

  private static func stopEarly(_ metric: String, _ rest: String = "seed: 1") -> String {
    "trials: { stop_early: { metric:  \(metric), ci_width: 5% } }\n\(rest)"
  }

  @Test(arguments: mistakes)
  func isRefusedWhereItIsWritten(mistake: Mistake) {
    expectOnly(mistake, in: TestFiles(mistake.text).problems())
  }

  @Test(arguments: [
    lanes + "producers: { p: { count: 64 } } }", broadcast + "consumers: { c: { count: 64 } } }",
    "workload: { producers: { p: { count: 1000 } }, consumers: { c: { count: 24 } } }",
    stopEarly("latency.p99"), stopEarly("hiccup.p99.9"), stopEarly("throughput", "load: { saturate: 1M }"),
    stopEarly("confirm_time.max", "workload: { producers: { p: { confirms: 10 } } }"),
    stopEarly("service_time.p99", "workload: { pattern: ring, payload: 8B, ring: { round_trip: true } }"),
    "trials: { timeout: 6s }", "trials: { timeout: 1s }\ntime: virtual",
    "output: { trace: t.csv }\ntrials: { process: shared }", "output: { dir: . }", "output: { dir: \"{x\" }",
  ])
  func whatIsWithinTheLimitsIsAllowed(text: String) {
    #expect(TestFiles(text).problems().isEmpty, "\(TestFiles(text).problems())")
  }

  /// The plan used to promise a process that there never was.
  @Test func aTraceIsRecordedInTheProcessOfTheRun() throws {
    let scenario = try TestFiles("output: { trace: t.csv }").load()
    #expect(scenario.trials.process == .shared)
    #expect(scenario.settings.first { $0.path == "trials.process" }?.value == "shared")
    #expect(try TestFiles(scenario.resolvedJSON).load().trials.process == .shared)
    #expect(try TestFiles("seed: 1").load().trials.process == .fresh)
  }

  /// A unit that is missing in one place used to hide what cannot be combined in others.
  @Test(arguments: [
    (
      """
      load: { constant: 5, for: 5s }
      faults: [ { kind: pause, who: consumer, at: mian, for: 1s } ]
      trials: { stop_early: { metric: confirm_time.p99, ci_width: 5, min: 5, max: 4 } }
      """, ["1:19 missing_unit", "2:45 unknown_reference", "3:33 conflict", "3:61 missing_unit", "3:69 conflict"]
    ),
    (
      "load: { constant: 5 }\nworkload: { pattern: ring, ring: { round_trip: true } }",
      ["1:9 conflict", "1:19 missing_unit"]
    ),
    (
      "load: { phases: [ a: { saturate: many }, b: { constant: 1k/s } ] }\ntime: virtual",
      ["1:19 conflict", "1:34 invalid_value"]
    ),
    (
      "matrix: { batch: [1, 2] }\noutput: { trace: t.csv }\nmeasure: { interval: 5 }",
      ["2:18 conflict", "3:22 missing_unit"]
    ),
  ])
  func oneMistakeDoesNotHideAnother(text: String, expected: [String]) {
    let found = TestFiles(text).problems()
    #expect(found.map { "\($0.line):\($0.column) \($0.code.rawValue)" } == expected, "\(found)")
  }

  @Test func listsNameEachThingOnce() {
    #expect(Spelling.list(["a", "a", "c"]) == "a, c")
    #expect(Spelling.list((0..<12).map(String.init)).hasSuffix("8, 9 and 2 more"))
  }

  /// Beside the file's name there used to be no place to look at.
  @Test func bytesThatAreNoTextHaveALineAndAColumn() {
    func place(_ bytes: [UInt8]) -> ScenarioFileError? {
      do throws(ScenarioFileError) {
        _ = try ScenarioFile.text(of: bytes)
        return nil
      } catch {
        return error
      }
    }
    #expect(place(Array("a: 1\nbä: ".utf8) + [0xFF]) == .notUTF8(byteOffset: 10, line: 2, column: 5))
    #expect(place([0xFE]) == .notUTF8(byteOffset: 0, line: 1, column: 1))
    #expect(place(Array("fine".utf8)) == nil)
    let problems = ScenarioProblems(
      problems: [.init(.fileNotUTF8, "no", at: .init(file: "s.yaml", line: 2, column: 5))],
      fileError: .notUTF8(byteOffset: 10, line: 2, column: 5))
    #expect(problems.description.hasPrefix("s.yaml:2:5: error: no"))
  }
}
