import Foundation
import Histograms
import ResultModel
import Testing

@testable import Reports

@Suite struct ResultDirectoryTests {
  private func files(in path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }

  private func code(_ body: () throws(ResultWritingError) -> Void) -> ResultWritingError.Code? {
    do {
      try body()
      return nil
    } catch {
      return error.code
    }
  }

  private func recording() throws -> RunRecording {
    var histogram = LatencyHistogram()
    histogram.record(1_234)
    let result = try Fixtures.sample.get()
    let intervals = [(1, 250), (0, 0)].map { variant, milliseconds in
      IntervalHistogram(
        slug: result.variants[variant].slug, series: "latency",
        startNanoseconds: Int64(milliseconds) * 1_000_000, lengthNanoseconds: 250_000_000,
        histogram: SparseHistogram(histogram))
    }
    return RunRecording(result: result, intervalHistograms: intervals)
  }

  @Test func expandsItsPattern() {
    let started = WallClockTime(millisecondsSinceEpoch: 0)
    #expect(
      ResultDirectory.path(name: "quickstart", started: started) == "Results/quickstart/1970-01-01T00-00-00.000Z")
    #expect(
      ResultDirectory.path(pattern: "{name}-{name}/{other}", name: "{started}", started: started)
        == "1970-01-01T00-00-00.000Z-1970-01-01T00-00-00.000Z/{other}")
  }

  @Test func writesEveryFileAndLeavesNothingAside() throws {
    try Fixtures.withTemporaryDirectory { parent in
      let directory = try ResultDirectory.create(parent + "/sample/2026")
      try directory.write(recording())
      let series = [
        "confirm_time", "handler_time", "latency", "queue_time", "result_time", "send_delay", "service_time",
      ]
      let reports = ["v00-json-64", "v01-raw-64"].flatMap { slug in series.map { "\(slug).\($0).hgrm" } }
      let pages = ["junit.xml", "report.html", "summary.md"]
      let tables = ["comparisons", "events", "intervals", "metrics", "percentiles", "variants"].map { "\($0).csv" }
      #expect(try files(in: directory.path) == (reports + tables + pages + ["result.json", "run.hlog"]).sorted())
      #expect(try RunResult.load(path: directory.path + "/result.json") == Fixtures.sample.get())
    }
  }

  @Test func logIsInOrderOfTime() throws {
    let log = IntervalLog.text(of: try recording())
    let lines = log.split(separator: "\n")
    #expect(lines.count == 6)
    #expect(lines[2] == "#[StartTime: 1783087509.042 (seconds since epoch), Fri Jul 03 14:05:09 UTC 2026]")
    #expect(lines[4].hasPrefix("Tag=v00-json-64.latency,0.000,0.250,0.001,HISTF"))
    #expect(lines[5].hasPrefix("Tag=v01-raw-64.latency,0.250,0.250,0.001,HISTF"))
  }

  @Test func comparisonsAndLogAreThereOnlyWhenThereAreSome() throws {
    try Fixtures.withTemporaryDirectory { parent in
      var result = try Fixtures.small()
      result.comparisons = []
      let directory = try ResultDirectory.create(parent + "/small")
      try directory.write(RunRecording(result: result))
      let names = try files(in: directory.path)
      #expect(!names.contains("comparisons.csv") && !names.contains("run.hlog"))
    }
  }

  @Test func neverSharesADirectory() throws {
    try Fixtures.withTemporaryDirectory { parent in
      func again() -> ResultWritingError.Code? {
        code { () throws(ResultWritingError) in _ = try ResultDirectory.create(parent + "/run") }
      }
      let first = try ResultDirectory.create(parent + "/run")
      #expect(again() == .exists, "another run has it, though it is empty")
      try first.write([1], to: "x")
      withExtendedLifetime(first) {}
      #expect(again() == .exists, "it holds results")
    }
  }

  @Test func takesAnEmptyDirectoryAndLeavesItThere() throws {
    try Fixtures.withTemporaryDirectory { parent in
      try FileManager.default.createDirectory(atPath: parent + "/mine", withIntermediateDirectories: false)
      let taken = try ResultDirectory.create(parent + "/mine")
      taken.removeIfUnused()
      #expect(FileManager.default.fileExists(atPath: parent + "/mine"), "it is not ours to remove")
      let made = try ResultDirectory.create(parent + "/ours")
      made.removeIfUnused()
      #expect(!FileManager.default.fileExists(atPath: parent + "/ours"))
    }
  }

  /// An empty path used to mean the root directory.
  @Test(arguments: ["", "/", "///"])
  func aPathWithoutANameIsRefused(path: String) {
    #expect(code { () throws(ResultWritingError) in _ = try ResultDirectory.create(path) } != nil)
  }

  @Test func namesTheObstacle() throws {
    try Fixtures.withTemporaryDirectory { parent in
      try Data().write(to: URL(fileURLWithPath: parent + "/file"))
      #expect(
        code { () throws(ResultWritingError) in _ = try ResultDirectory.create(parent + "/file/run") } == .unwritable)
      #expect(code { () throws(ResultWritingError) in _ = try ResultDirectory.create("/proc/run") } == .unwritable)
      let gone = ResultDirectory(path: parent + "/gone")
      #expect(code { () throws(ResultWritingError) in try gone.write([1], to: "x") } == .unwritable)
      // A directory in the way of the rename: nothing stays aside.
      let directory = ResultDirectory(path: parent)
      try FileManager.default.createDirectory(atPath: parent + "/taken", withIntermediateDirectories: false)
      #expect(code { () throws(ResultWritingError) in try directory.write([1], to: "taken") } == .unwritable)
      #expect(try files(in: parent) == ["file", "taken"])
    }
  }

  @Test func replacesAFileWhole() throws {
    try Fixtures.withTemporaryDirectory { parent in
      let directory = ResultDirectory(path: parent)
      try directory.write(Array("old and longer".utf8), to: "x")
      try directory.write(Array("new".utf8), to: "x")
      try directory.write([], to: "empty")
      #expect(FileManager.default.contents(atPath: parent + "/x") == Data("new".utf8))
      #expect(FileManager.default.contents(atPath: parent + "/empty") == Data())
      #expect(try files(in: parent) == ["empty", "x"])
    }
  }

  @Test func fullDisksAndQuotasAreCalledFull() {
    for cause in [ENOSPC, EDQUOT, EFBIG] { #expect(AtomicFile.failure("p", cause).code == .full) }
    for cause in [EACCES, EROFS, EPERM, ENOTDIR] { #expect(AtomicFile.failure("p", cause).code == .unwritable) }
    #expect(AtomicFile.failure("p", EIO).code == .inputOutput)
    #expect(AtomicFile.failure("p", EIO).description == "p: cannot be written (Input/output error)")
  }

  /// On a real full file system, where somebody names a small one: `mount -t tmpfs -o size=64k tmpfs DIRECTORY`, then
  /// `RINGSIDE_SMALL_DISK=DIRECTORY swift test`.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["RINGSIDE_SMALL_DISK"] != nil))
  func fullDiskLeavesTheOldFileAlone() throws {
    let path = try #require(ProcessInfo.processInfo.environment["RINGSIDE_SMALL_DISK"])
    let directory = ResultDirectory(path: path)
    try directory.write([1, 2, 3], to: "x")
    let large = [UInt8](repeating: 7, count: 1 << 20)
    #expect(code { () throws(ResultWritingError) in try directory.write(large, to: "x") } == .full)
    #expect(FileManager.default.contents(atPath: path + "/x") == Data([1, 2, 3]))
    #expect(try files(in: path) == ["x"])
  }

  @Test func errorsMapToExitCodes() {
    func exit(_ code: ResultWritingError.Code) -> ExitCode {
      ResultWritingError(code: code, path: "p", message: "m").exitCode
    }
    #expect(exit(.unwritable) == .cannotWrite)
    #expect(exit(.exists) == .cannotWrite)
    #expect(exit(.full) == .inputOutputError)
    #expect(exit(.inputOutput) == .inputOutputError)
  }

  /// Python's csv module and json module read the same figures. Skipped where there is no Python.
  @Test func pythonReadsTheTables() throws {
    try Fixtures.withTemporaryDirectory { parent in
      let directory = try ResultDirectory.create(parent + "/sample")
      try directory.write(recording())
      guard let run = try Fixtures.python([Fixtures.testDirectory + "/check_csv.py", directory.path]) else { return }
      #expect(run.status == 0, "\(run.output)")
    }
  }
}
