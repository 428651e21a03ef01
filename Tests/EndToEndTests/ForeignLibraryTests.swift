import Foundation
import Testing

/// The field's own library reads our histograms and finds the same percentiles.
///
/// It comes from a package index. A machine without one still passes, but `.ci/run` repeats the line `NOT CHECKED: …` beside
/// its count, so that nobody takes the check for done; with `RINGSIDE_CHECK_EVERYTHING=1` it is a failure.
@Suite struct HistogramLibraryTests {
  @Test func pythonsHdrHistogramAgreesOnCountsAndPercentiles() throws {
    let workspace = try Workspace()
    guard let python = try Self.pythonWithLibrary(in: workspace) else { return }
    // Two of its phases have the same series, and so one tag in the log.
    try workspace.write(ShortScenario.workQueue, to: "short.yaml")
    #expect(try workspace.ringside("run", "short.yaml", "--quiet", "--output", "results").exitCode == 0)
    let script = BuiltBinary.repository.appending(path: "Tests/EndToEndTests/compare_histograms.py").path
    let compared = try workspace.run(python, script, "results")
    #expect(compared.exitCode == 0, "\(compared.output)\(compared.errors)")
  }

  /// A Python that has hdrhistogram; nil, and said so, where there cannot be one.
  private static func pythonWithLibrary(in workspace: Workspace) throws -> String? {
    let environment = try workspace.run("python3", "-m", "venv", "python")
    guard environment.exitCode == 0 else {
      return notChecked("python3 cannot make a virtual environment", environment.errors)
    }
    let installed = try workspace.run(
      "python/bin/pip", "install", "--quiet", "--timeout", "20", "--retries", "1", "hdrhistogram")
    guard installed.exitCode == 0 else { return notChecked("pip cannot install hdrhistogram", installed.errors) }
    return "python/bin/python"
  }

  private static func notChecked(_ reason: String, _ errors: String) -> String? {
    let cause = errors.split(whereSeparator: \.isNewline).last.map { " (\($0))" } ?? ""
    print("NOT CHECKED: run.hlog and the histograms of result.json against Python's hdrhistogram: \(reason)\(cause)")
    if ProcessInfo.processInfo.environment["RINGSIDE_CHECK_EVERYTHING"] == "1" { Issue.record("\(reason)\(cause)") }
    return nil
  }
}
