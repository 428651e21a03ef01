import Foundation
import Testing

/// The field's own library reads our histograms and finds the same percentiles.
@Suite struct HistogramLibraryTests {
  @Test func pythonsHdrHistogramAgreesOnCountsAndPercentiles() throws {
    let workspace = try Workspace()
    guard try workspace.run("python3", "-m", "venv", "python").exitCode == 0 else {
      print("skipped: python3 cannot make a virtual environment here")
      return
    }
    let installed = try workspace.run(
      "python/bin/pip", "install", "--quiet", "--timeout", "20", "--retries", "1", "hdrhistogram")
    guard installed.exitCode == 0 else {
      print("skipped: pip cannot install hdrhistogram here: \(installed.errors)")
      return
    }
    try workspace.write(ShortScenario.workQueue, to: "short.yaml")
    #expect(try workspace.ringside("run", "short.yaml", "--quiet", "--output", "results").exitCode == 0)
    let script = BuiltBinary.repository.appending(path: "Tests/EndToEndTests/compare_histograms.py").path
    let compared = try workspace.run("python/bin/python", script, "results")
    #expect(compared.exitCode == 0, "\(compared.output)\(compared.errors)")
  }
}
