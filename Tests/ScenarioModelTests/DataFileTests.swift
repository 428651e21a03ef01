import Distributions
import Testing

@testable import ScenarioModel

/// Tables as RFC 4180 has them.
@Suite struct DataFileTests {
  struct Row: Equatable, Sendable {
    var line: Int
    var texts: [String]
    var columns: [Int]
  }

  private func rows(_ text: String) -> [Row] {
    var rows: [Row] = []
    DataFile(path: "t.csv", text: text).forEachRow { line, fields in
      rows.append(Row(line: line, texts: fields.map { String($0.text) }, columns: fields.map(\.column)))
      return true
    }
    return rows
  }

  /// The digest used to know only the names of the files, so that runs of different loads looked like the same scenario.
  @Test(
    arguments: [
      ("workload: { service_time: { recorded: d.csv } }", "5us\n", "6us\n"),
      ("workload: { payload: { recorded: d.csv } }", "64\n", "65\n"),
      ("load: { trace: d.csv }", "offset_ns\n1\n", "offset_ns\n2\n"),
      ("workload: { service_time: { recorded: d.csv } }\nmatrix: { batch: [1, 2] }", "5us\n", "6us\n"),
    ])
  func whatTheFilesHoldIsPartOfTheDigest(text: String, data: String, otherData: String) throws {
    func digest(_ data: String) throws -> String {
      try TestFiles(files: ["s.yaml": text, "d.csv": data]).loadVariants().digestText
    }
    #expect(try digest(data) == digest(data))
    #expect(try digest(data) != digest(otherData))
    let scenario = try TestFiles(files: ["s.yaml": text, "d.csv": data]).load()
    #expect(scenario.dataDigests == ["d.csv": ScenarioDigest.sha256(data)])
  }

  /// The resolved scenario used to name such a file as the file in the other folder does, so that no trial found it.
  @Test(
    arguments: [
      ("main.yaml", "dir/base.yaml", "dir/", "dir/r.csv"), ("a/main.yaml", "../b/base.yaml", "a/../b/", "../b/r.csv"),
      ("/x/y/main.yaml", "../base.yaml", "/x/y/../", "../r.csv"), ("a/main.yaml", "base.yaml", "a/", "r.csv"),
      ("a/main.yaml", "/b/base.yaml", "/b/", "/b/r.csv"),
    ], [true, false])
  func aFileThatAnExtendedScenarioNamesIsFoundFromTheResolvedOne(
    paths: (main: String, base: String, folder: String, name: String), isTrace: Bool
  ) throws {
    let name = paths.base.split(separator: "/").last ?? ""
    var files = [
      paths.main: "extends: \(paths.base)", paths.folder + "r.csv": isTrace ? "offset_ns\n1\n" : "5us\n",
      paths.folder + name: isTrace ? "load: { trace: r.csv }" : "workload: { service_time: { recorded: r.csv } }",
    ]
    let scenario = try TestFiles(files: files).load(paths.main)
    #expect(scenario.dataDigests.keys.sorted() == [paths.name])
    files[paths.main] = scenario.resolvedJSON
    #expect(try TestFiles(files: files).load(paths.main).resolvedJSON == scenario.resolvedJSON)
  }

  @Test(
    arguments: [
      ("a,b", [Row(line: 1, texts: ["a", "b"], columns: [1, 3])]),
      (" a , b\r\n", [Row(line: 1, texts: ["a", "b"], columns: [2, 6])]),
      ("\"a,b\",c", [Row(line: 1, texts: ["a,b", "c"], columns: [1, 7])]),
      (
        "x,\"say \"\"hi\"\"\"\ny,2",
        [
          Row(line: 1, texts: ["x", "say \"hi\""], columns: [1, 3]), Row(line: 2, texts: ["y", "2"], columns: [1, 3]),
        ]
      ),
      (
        "\"two\nlines\",1\nz,2",
        [
          Row(line: 1, texts: ["two\nlines", "1"], columns: [1, 13]),
          Row(line: 3, texts: ["z", "2"], columns: [1, 3]),
        ]
      ),
      ("\" a \",\"\"\r\n", [Row(line: 1, texts: [" a ", ""], columns: [1, 7])]),
      ("\n\na", [Row(line: 3, texts: ["a"], columns: [1])]),
      ("\"open,\nend", [Row(line: 1, texts: ["open,\nend"], columns: [1])]),
      ("\"a\"b,c", [Row(line: 1, texts: ["ab", "c"], columns: [1, 6])]),
      ("\"\"", [Row(line: 1, texts: [""], columns: [1])]),
      ("", []), ("\n\n", []),
    ] as [(String, [Row])])
  func fieldsAndTheirPlaces(text: String, expected: [Row]) {
    #expect(rows(text) == expected, "\(text)")
  }

  /// Whatever a text holds, it comes back from between its quotes; printed seeds replay.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func quotedTextsComeBack(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let letters = Array("a\",\n \r\tä")
    for _ in 0..<2_000 {
      let texts = (0..<Int(random.next() % 4 + 1)).map { _ in
        String((0..<Int(random.next() % 6)).map { _ in letters[Int(random.next() % UInt64(letters.count))] })
      }
      let line = texts.map { "\"\($0.replacing("\"", with: "\"\""))\"" }.joined(separator: ",")
      #expect(rows(line + "\n").map(\.texts) == [texts], "seed \(seed), \(texts)")
    }
  }

  @Test func anEmptyKeyInQuotesIsAKeyAndNothingIsNone() throws {
    let files = TestFiles(files: [
      "s.yaml": """
      topology:
        exchanges: { e: direct }
        queues: { q: {} }
        bindings: [ { from: e, to: q, key: "" }, { from: e, to: q, key: "a,\\"b" } ]
      workload: { producers: { p: { to: e, keys: ["", "a,\\"b"] } } }
      load: { trace: t.csv }
      """, "t.csv": "offset_ns,key\n1,\"\"\n2,\n3,\"a,\"\"b\"\n",
    ])
    guard case .trace(let trace, _) = try files.load().load.phases[0].kind else { return }
    #expect(trace.entries.map(\.keyIndex) == [0, nil, 1])
  }
}
