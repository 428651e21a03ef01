import Foundation
import Testing

/// The field's own libraries read our histograms and find the same percentiles, and read our exports.
///
/// They come from a package index. A machine without one still passes, but `.ci/run` repeats the line `NOT CHECKED: …` beside
/// its count, so that nobody takes the check for done; with `RINGSIDE_CHECK_EVERYTHING=1` it is a failure.
@Suite struct ForeignLibraryTests {
  @Test func pythonsLibrariesReadHistogramsAndExports() throws {
    let workspace = try Workspace()
    guard let python = try Self.pythonWithLibraries(in: workspace) else { return }
    // Two of its phases have the same series, and so one tag in the log.
    try workspace.write(ShortScenario.workQueue, to: "short.yaml")
    #expect(try workspace.ringside("run", "short.yaml", "--quiet", "--output", "results").exitCode == 0)
    let script = BuiltBinary.repository.appending(path: "Tests/EndToEndTests/compare_histograms.py").path
    let compared = try workspace.run(python, script, "results")
    #expect(compared.exitCode == 0, "\(compared.output)\(compared.errors)")
    for format in ["github-action-benchmark", "github-action-benchmark-bigger", "jmh", "go-bench", "openmetrics"] {
      let export = try workspace.ringside("export", "results", "--format", format)
      #expect(export.exitCode == 0, "\(export.errors)")
      try workspace.write(export.output, to: "\(format).txt")
    }
    let checker = BuiltBinary.repository.appending(path: "Tests/EndToEndTests/check_exports.py").path
    let checked = try workspace.run("sh", "-c", "exec \(python) \"$0\" *.txt", checker)
    #expect(checked.exitCode == 0, "\(checked.output)\(checked.errors)")
  }

  /// A Python that has hdrhistogram and prometheus_client; nil, and said so, where there cannot be one.
  private static func pythonWithLibraries(in workspace: Workspace) throws -> String? {
    let environment = try workspace.run("python3", "-m", "venv", "python")
    guard environment.exitCode == 0 else {
      return notChecked("python3 cannot make a virtual environment", environment.errors)
    }
    let installed = try workspace.run(
      "python/bin/pip", "install", "--quiet", "--timeout", "20", "--retries", "1", "hdrhistogram",
      "prometheus_client")
    guard installed.exitCode == 0 else {
      return notChecked("pip cannot install hdrhistogram and prometheus_client", installed.errors)
    }
    return "python/bin/python"
  }

  private static func notChecked(_ reason: String, _ errors: String) -> String? {
    let cause = errors.split(whereSeparator: \.isNewline).last.map { " (\($0))" } ?? ""
    print("NOT CHECKED: histograms and exports against Python's hdrhistogram and prometheus_client: \(reason)\(cause)")
    if ProcessInfo.processInfo.environment["RINGSIDE_CHECK_EVERYTHING"] == "1" { Issue.record("\(reason)\(cause)") }
    return nil
  }
}
