internal import ArgumentParser
internal import Reports
internal import ResultModel

/// Writes a result in the format of another benchmark tool.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a result in the format of another benchmark tool.",
    discussion: """
      Prints to standard output. Every phase but the warm-up is a benchmark of its own; a trial that was disturbed or whose load
      was not delivered is left out, unless no other is there.

        github-action-benchmark         its customSmallerIsBetter: times, bytes, processor time
        github-action-benchmark-bigger  its customBiggerIsBetter: throughput
        jmh                             the JSON of JMH; viewers of that read it
        go-bench                        what Go's benchmarks print; benchstat compares it
        openmetrics                     text for Prometheus

      EXAMPLES
        ringside export Results/quickstart/2026-05-04T10.00.00.000Z --format openmetrics > ringside.prom
        ringside export main --format go-bench > old.txt
        ringside export result.json --format go-bench > new.txt && benchstat old.txt new.txt
      """)

  @Argument(help: "A result.json, a results directory, or the name of a baseline.")
  var source: String

  @Option(
    help: "One of \(formatNames).", completion: .list(ResultExport.Format.allCases.map(\.rawValue)), transform: format)
  var format: ResultExport.Format

  @Option(help: .init("Where baselines are kept.", valueName: "dir"), completion: .directory)
  var baselines = "Results/baselines"

  func run() throws {
    let source = try ResultSource(source, baselines: BaselineStore(folder: baselines))
    try StandardStream.output.write(ResultExport.text(of: source.result, as: format))
  }

  private static var formatNames: String { ResultExport.Format.allCases.map(\.rawValue).joined(separator: ", ") }

  private static func format(named name: String) throws -> ResultExport.Format {
    guard let format = ResultExport.Format(rawValue: name) else {
      throw ValidationError("there is no format `\(name)`; choose one of \(formatNames)")
    }
    return format
  }
}
