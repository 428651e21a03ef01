internal import ArgumentParser
internal import Foundation
internal import Reports
internal import ResultModel

/// Renders a result again.
struct ReportCommand: ParsableCommand {
  /// What a result can be rendered as.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case terminal, html, markdown, junit, annotations

    /// What renders it; nil for the terminal, which has its own colours and width.
    var rendered: RenderedReport.Format? { RenderedReport.Format(rawValue: rawValue) }
  }

  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Render a result again: as a page, as Markdown, for CI.",
    discussion: """
      Needs nothing but the result.json. Prints to standard output, or writes report.html, summary.md and junit.xml into the
      results directory with --write; with --format as well, only that one.

      EXAMPLES
        ringside report Results/quickstart/2026-05-04T10.00.00.000Z --format html > report.html
        ringside report result.json --format markdown >> "$GITHUB_STEP_SUMMARY"
        ringside report result.json --format annotations
        ringside report Results/quickstart/2026-05-04T10.00.00.000Z --write
      """)

  @Argument(help: "A result.json, a results directory, or the name of a baseline.")
  var source: String

  @Option(
    help: "What to print: \(Format.allCases.map(\.rawValue).joined(separator: ", ")); terminal when left out.")
  var format: Format?

  @Option(help: .init("Where baselines are kept.", valueName: "dir"), completion: .directory)
  var baselines = "Results/baselines"

  @Flag(help: "Write report.html, summary.md and junit.xml beside the result instead, or the one of --format.")
  var write = false

  func validate() throws {
    guard write, let format, format.rendered?.fileName == nil else { return }
    throw ValidationError("--write has no file for --format \(format.rawValue): print it without --write")
  }

  func run() throws {
    let source = try ResultSource(source, baselines: BaselineStore(folder: baselines))
    if write {
      guard !source.isBaseline else {
        throw CommandFailure(
          .usage, "--write puts the report beside the result, and baselines are kept alone: print it with --format")
      }
      return try writeFiles(source)
    }
    guard let rendered = format?.rendered else {
      let style = TerminalStyle.detect(
        isTerminal: StandardStream.output.isTerminal, environment: ProcessInfo.processInfo.environment)
      let text = TerminalSummary(source.result, directory: nil, style: style).text
      return try StandardStream.output.write(text)
    }
    try StandardStream.output.write(RenderedReport.text(of: source.result, as: rendered))
  }

  private func writeFiles(_ source: ResultSource) throws {
    let folder = URL(fileURLWithPath: source.path).deletingLastPathComponent().relativePath
    let directory = ResultDirectory(path: folder)
    let all = RenderedReport.Format.allCases.filter { $0.fileName != nil }
    let formats = format?.rendered.map { [$0] } ?? all
    for (format, text) in zip(formats, RenderedReport.texts(of: source.result, as: formats)) {
      guard let name = format.fileName else { continue }
      do throws(ResultWritingError) {
        try directory.write(Array(text.utf8), to: name)
      } catch {
        throw CommandFailure(error.exitCode, "cannot write the report: \(error)")
      }
      StandardStream.say("Wrote \(folder)/\(name)")
    }
  }
}
