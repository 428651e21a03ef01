import ScenarioModel
import Testing

/// Loads, distributions and files with data that cannot be.
@Suite struct LoadProblemTests {
  static let shapes: [Mistake] = [
    .init("load: { constant: 5k/s, steps: 5 }", .conflict, 1, 25, "write a ramp such as 10k/s..60k/s"),
    .init("load: { constant: 1k/s..5k/s, steps: 1 }", .outOfRange, 1, 38, "use 2 or more"),
    .init("load: { constant: 1k/s..5k/s, peak: 9k/s }", .conflict, 1, 31, "a ramp has no `peak`"),
    .init("load: { poisson: 1k/s..5k/s, amplitude: 1k/s, period: 1s }", .conflict, 1, 30, "a ramp has no `amplitude`"),
    .init("load: { constant: 1k/s..0/s }", .outOfRange, 1, 19, "a rate of 0 sends nothing"),
    .init("load: { constant: 1k/s..5s }", .wrongUnit, 1, 19, "units: /s"),
    .init("load: { poisson: 10k/s, peak: 10k/s }", .outOfRange, 1, 31, "not above the rate of 10k/s"),
    .init("load: { poisson: 10k/s, peak: 5k/s..6k/s }", .invalidValue, 1, 31, "not a ramp"),
    .init("load: { poisson: 10k/s, peak: 20k/s, period: 1s }", .conflict, 1, 38, "belongs to a wave"),
    .init("load: { constant: 1k/s, amplitude: 2k/s, period: 1s }", .outOfRange, 1, 36, "use 1k/s or less"),
    .init("load: { constant: 1k/s, amplitude: 150%, period: 1s }", .outOfRange, 1, 36, "100% or less"),
    .init("load: { constant: 1k/s, amplitude: 50% }", .missingKey, 1, 25, "add period: 1s"),
    .init("load: { constant: 1k/s, period: 1s }", .missingKey, 1, 25, "add amplitude: 50%"),
    .init("load: { burst: 100, for: 1s }", .missingKey, 1, 9, "add every: 100ms"),
    .init("load: { burst: 1M, every: 1ns }", .outOfRange, 1, 16, "more than any machine sends"),
    .init("load: { burst: 0, every: 1s }", .outOfRange, 1, 16, "use 1 or more"),
    .init("load: { constant: 1k/s, every: 1s }", .keyWithoutEffect, 1, 25, "it belongs to burst"),
    .init("load: { burst: 10, every: 1s, peak: 5k/s }", .keyWithoutEffect, 1, 31, "constant and poisson"),
    .init("load: { in_flight: 4, speed: 2 }", .keyWithoutEffect, 1, 23, "it belongs to trace"),
    .init("load: { saturate: 1M, steps: 4 }", .keyWithoutEffect, 1, 23, "`saturate` has no use for `steps`"),
    .init("load: { backlog: 1k, for: 5s }", .conflict, 1, 22, "a phase ends by one of them"),
    .init("load: { backlog: 100k }", .conflict, 1, 18, "use max_length: 100000 or more"),
    .init("workload: { payload: 1MiB }\nload: { backlog: 1k }", .outOfRange, 2, 18, "takes more than 512MiB"),
    .init("workload: { pattern: request_reply }\nload: { backlog: 100 }", .conflict, 2, 18, "would time out"),
    .init(
      "workload: { pattern: ring, ring: { capacity: 64 } }\nload: { backlog: 65 }", .conflict, 2, 18, "a ring of 64"),
    .init(
      "workload: { pattern: ring, ring: { round_trip: true } }\nload: { backlog: 5 }", .conflict, 2, 9,
      "`backlog` does not wait for them"),
    .init(
      "workload: { pattern: ring, payload: 8B }\nload: { burst: 5, every: 1s }", .conflict, 2, 9,
      "use a payload of 32B or more"),
    .init(
      "workload: { pattern: ring }\nload: { saturate: 1M }\noutput: { trace: t.csv }", .conflict, 3, 18,
      "has no sending times"),
    .init("output: { trace: ../t.csv }", .invalidValue, 1, 18, "a file in the results directory"),
  ]

  static let distributions: [Mistake] = [
    .init("workload: { service_time: {} }", .missingKey, 1, 27, "write 20us, or { exponential: 20us }"),
    .init("workload: { payload: {} }", .missingKey, 1, 22, "says nothing about its values"),
    .init("workload: { service_time: { exponential: 0s } }", .outOfRange, 1, 42, "a mean above 0"),
    .init(
      "workload: { service_time: { exponential: 1us, uniform: [1us, 2us] } }", .conflict, 1, 47, "keep one of them"),
    .init("workload: { service_time: { lognormal: { p50: 1us } } }", .missingKey, 1, 40, "needs `p99`"),
    .init("workload: { service_time: { lognormal: { p50: 9us, p99: 1us } } }", .outOfRange, 1, 57, "a larger p99"),
    .init(
      "workload: { service_time: { lognormal: { p50: 9us, p90: 1ms } } }", .unknownKey, 1, 52, "did you mean `p50`"),
    .init("workload: { service_time: { uniform: [1us] } }", .invalidValue, 1, 38, "two bounds"),
    .init("workload: { service_time: { uniform: [2us, 1us] } }", .invalidValue, 1, 38, "the smaller one first"),
    .init("workload: { service_time: { uniform: [1, 2us] } }", .missingUnit, 1, 39, "write 1s"),
    .init("workload: { service_time: { cycle: [] } }", .missingKey, 1, 36, "`cycle` is empty"),
    .init("workload: { service_time: { bimodal: { 1us: 90%, 2us: 9% } } }", .outOfRange, 1, 38, "make 99%, not 100%"),
    .init("workload: { service_time: { bimodal: { fast: 100% } } }", .invalidValue, 1, 40, "`fast` is not a value"),
    .init("workload: { service_time: { bimodal: { 1us: 0.9 } } }", .missingUnit, 1, 45, "90.0%"),
    .init("workload: { service_time: { recorded: gone.csv } }", .fileNotFound, 1, 39, "there is no file `gone.csv`"),
    .init("workload: { payload: { cycle: [64B, 16B] } }", .outOfRange, 1, 37, "use 32B or more"),
    .init("workload: { payload: { uniform: [16B, 64B] } }", .outOfRange, 1, 34, "too small for the header"),
    .init("workload: { payload: { bimodal: { 64B: 50%, 8B: 50% } } }", .outOfRange, 1, 45, "use 32B or more"),
    .init("workload: { payload: { exponential: 16B } }", .outOfRange, 1, 37, "use 32B or more"),
    .init("workload: { payload: { lognormal: { p50: 8B, p99: 1KiB } } }", .outOfRange, 1, 42, "use 32B or more"),
    .init(
      "workload: { pattern: ring, payload: { cycle: [64B, 128B] } }", .conflict, 1, 37, "the items of a ring have one"),
    .init(
      "workload: { pattern: ring, producers: { p: { compressible: 5% } } }", .keyWithoutEffect, 1, 46, "work_queue"),
    .init("workload: { producers: { p: { compressible: 150% } } }", .outOfRange, 1, 45, "100% or less"),
    .init("workload: { producers: { p: { keys: { uniform: 3 } } } }", .unknownReference, 1, 48, "only 1 routing keys"),
    .init("workload: { producers: { p: { keys: { zipf: { s: 1 } } } } }", .missingKey, 1, 45, "needs `n`"),
    .init("workload: { producers: { p: { keys: { zipf: { s: 0, n: 1 } } } } }", .outOfRange, 1, 50, "more than 0"),
    .init(
      "workload: { producers: { p: { keys: { zipf: { s: 500, n: 1 } } } } }", .outOfRange, 1, 50, "use 100 or less"),
    .init("workload: { producers: { p: { keys: {} } } }", .missingKey, 1, 37, "{ uniform: 4 }"),
    .init(
      "workload: { producers: { p: { keys: { uniform: 1, zipf: { n: 1 } } } } }", .conflict, 1, 51, "keep one of them"),
  ]

  @Test(arguments: shapes + distributions) func pointsAtTheMistake(_ mistake: Mistake) {
    expectOnly(mistake, in: TestFiles(mistake.text).problems())
  }

  /// Mistakes in the file `t.csv`, with their places in it.
  static let traces: [Mistake] = [
    .init("offset,size\n1,64\n", .unknownKey, 1, 1, "did you mean `offset_ns`?"),
    .init("offset_ns,color\n1,64\n", .unknownKey, 1, 11, "offset_ns,size,key,priority"),
    .init("size\n64\n", .missingKey, 1, 1, "needs the column `offset_ns`"),
    .init("offset_ns,size,size\n", .duplicateKey, 1, 16, "stands twice"),
    .init("offset_ns,size\n1\n", .invalidValue, 2, 1, "has 1 fields, and the first one names 2"),
    .init("offset_ns\n1\nsoon\n", .invalidValue, 3, 1, "`soon` is not a time in nanoseconds"),
    .init("offset_ns\n-1\n", .invalidValue, 2, 1, "`-1` is not a time"),
    .init("offset_ns\n5\n\n4\n", .outOfRange, 4, 1, "before that of the line above, 5"),
    .init("offset_ns,size\n1, big\n", .invalidValue, 2, 4, "`big` is not a number of bytes"),
    .init("offset_ns,size\n1,16\n", .outOfRange, 2, 3, "use 32B or more"),
    .init("offset_ns,size\n1,2000000\n", .notSupportedYet, 2, 3, "use 1MiB or less"),
    .init("offset_ns,key\n1,wrok\n", .unknownReference, 2, 3, "did you mean `work`?"),
    .init("offset_ns,priority\n1,7\n", .notSupportedYet, 2, 3, "a priority other than 0"),
    .init("offset_ns,priority\n1,high\n", .invalidValue, 2, 3, "is not a priority"),
  ]

  @Test(arguments: traces) func pointsIntoTheTrace(_ mistake: Mistake) throws {
    let files = TestFiles(files: ["s.yaml": "load: { trace: t.csv }", "t.csv": mistake.text])
    let found = files.problems()
    expectOnly(mistake, in: found)
    #expect(found.first?.file == "t.csv")
    do throws(ScenarioProblems) {
      _ = try files.load()
    } catch {
      #expect(error.description.contains("t.csv:\(mistake.line):\(mistake.column): error: "), "it shows the line")
      #expect(error.description.contains("\(mistake.line) | "))
    }
  }

  @Test func aTraceWithoutMessagesOrWithoutAFileIsNone() {
    for csv in ["", "offset_ns,size\n", "\n\n"] {
      let found = TestFiles(files: ["s.yaml": "load: { trace: t.csv }", "t.csv": csv]).problems()
      #expect(found.map(\.code) == [.missingKey], "\(found)")
      #expect(found.first?.position == SourcePosition(file: "s.yaml", line: 1, column: 16))
    }
    let gone = TestFiles("load: { trace: gone.csv }").problems()
    #expect(gone.map(\.code) == [.fileNotFound])
    #expect(gone.first?.position == SourcePosition(file: "s.yaml", line: 1, column: 16))
  }

  @Test func aWrongFileIsNotReportedLineByLine() {
    let csv = "offset_ns\n" + String(repeating: "x\n", count: 1_000)
    let found = TestFiles(files: ["s.yaml": "load: { trace: t.csv }", "t.csv": csv]).problems()
    #expect(found.count == 11)
    #expect(found.last?.message == "after 10 mistakes the lines below were not read")
    let short = "offset_ns\n" + String(repeating: "x\n", count: 9)
    #expect(TestFiles(files: ["s.yaml": "load: { trace: t.csv }", "t.csv": short]).problems().count == 9)
  }

  @Test func aTraceForARingNamesNoOtherSize() {
    let files = TestFiles(files: [
      "s.yaml": "workload: { pattern: ring, payload: 64B }\nload: { trace: t.csv }",
      "t.csv": "offset_ns,size\n1,64\n2,65\n",
    ])
    let found = files.problems()
    #expect(found.map(\.code) == [.conflict])
    #expect(found.first?.position == SourcePosition(file: "t.csv", line: 3, column: 3))
  }

  @Test func aTraceWithKeysNeedsProducersWithTheSame() {
    let files = TestFiles(files: [
      "s.yaml": """
      topology: { queues: { a: {}, b: {} } }
      workload:
        producers: { p: { keys: [a] }, q: { keys: [b] } }
        consumers: { x: { from: a }, y: { from: b } }
      load: { trace: t.csv }
      """, "t.csv": "offset_ns,key\n1,a\n",
    ])
    let found = files.problems()
    #expect(found.map(\.code) == [.conflict])
    #expect(found.first?.suggestion?.contains("the same `keys`") == true)
  }

  @Test func aRecordingOfWrongValuesIsPointedInto() {
    let files = TestFiles(files: [
      "s.yaml": "workload: { payload: { recorded: r.csv } }", "r.csv": "bytes\n64\n128\n 16\n",
    ])
    let found = files.problems()
    #expect(found.map(\.code) == [.outOfRange])
    #expect(found.first?.position == SourcePosition(file: "r.csv", line: 4, column: 2))
    let words = TestFiles(files: ["s.yaml": "workload: { service_time: { recorded: r.csv } }", "r.csv": "a\nb\n"])
    #expect(words.problems().first?.position == SourcePosition(file: "r.csv", line: 2, column: 1))
    let empty = TestFiles(files: ["s.yaml": "workload: { service_time: { recorded: r.csv } }", "r.csv": "a\n"])
    #expect(empty.problems().map(\.code) == [.missingKey])
  }
}
