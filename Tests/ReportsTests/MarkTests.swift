import Foundation
import ResultModel
import Testing

@testable import Reports

/// Figures that nobody should quote say so wherever they go. Only the pages and the terminal used to.
@Suite struct MarkTests {
  private func marked() throws -> RunResult {
    var result = try Fixtures.passed()
    result.comparisons = try Fixtures.sample.get().comparisons
    result.tool.build.configuration = "debug"
    result.tool.build.flags = "-sanitize=thread"
    result.tool.dirty = true
    result.status = .aborted
    result.time = .virtual
    return result
  }

  /// Every text that a result becomes.
  private func outputs(of result: RunResult) -> [(name: String, text: String)] {
    let tables = [
      ("variants.csv", VariantsCSV.text(of: result)), ("metrics.csv", MetricsCSV.text(of: result)),
      ("comparisons.csv", ComparisonsCSV.text(of: result)),
      ("run.hlog", Array(IntervalLog.text(of: RunRecording(result: result, intervalHistograms: [])).utf8)),
    ]
    return ResultExport.Format.allCases.map { ($0.rawValue, ResultExport.text(of: result, as: $0)) }
      + [RenderedReport.Format.junit, .annotations].map { ($0.rawValue, RenderedReport.text(of: result, as: $0)) }
      + tables.map { ($0, String(decoding: $1, as: UTF8.self)) }
  }

  @Test func everyOutputNamesEveryMark() throws {
    let result = try marked()
    #expect(result.marks == ResultMark.allCases)
    for (name, text) in outputs(of: result) {
      for mark in ResultMark.allCases { #expect(text.contains(mark.rawValue), "\(mark.rawValue) in \(name)") }
    }
    let pages = [RenderedReport.Format.html, .markdown].map { RenderedReport.text(of: result, as: $0) }
    for text in pages + [TerminalSummary(result, directory: nil, style: .plain).text] {
      for mark in ResultMark.allCases {
        // Lines are wrapped in a terminal.
        #expect(text.contains(mark.sentence.prefix { $0 != ":" }), "\(mark.rawValue)")
      }
    }
  }

  @Test func whatMayBeQuotedBearsNoMark() throws {
    var result = try marked()
    result.tool = try Fixtures.passed().tool
    (result.status, result.time) = (.passed, .wall)
    #expect(result.marks.isEmpty && result.markText.isEmpty)
    for (name, text) in outputs(of: result) {
      for mark in ResultMark.allCases { #expect(!text.contains(mark.rawValue), "\(mark.rawValue) in \(name)") }
    }
    #expect(!RenderedReport.text(of: result, as: .junit).contains("<properties>"))
  }

  /// A duel of two builds with changes, run by a clean one, used to say nothing.
  @Test func theBuildsOfADuelAreMarkedToo() throws {
    var result = try Fixtures.passed()
    var other = result.tool
    other.dirty = true
    other.build.flags = "-sanitize=address"
    result.variants[0].tool = other
    #expect(result.marks == [.sanitizedBuild, .uncommittedChanges])
    #expect(ResultNotes.banners(of: result) == [ResultMark.sanitizedBuild.sentence])
    #expect(ResultNotes.notes(of: result, []).contains(ResultMark.uncommittedChanges.sentence))
  }

  /// The marks stand where the schema of JUnit has properties: before the cases.
  @Test func marksOfJUnitAreAPropertyOfEachSuite() throws {
    let text = RenderedReport.text(of: try Fixtures.sample.get(), as: .junit)
    let suite = try #require(text.components(separatedBy: "<testsuite ").dropFirst().first)
    let property = try #require(suite.range(of: "<property name=\"ringside.marks\""))
    let firstCase = try #require(suite.range(of: "<testcase"))
    #expect(property.lowerBound < firstCase.lowerBound)
  }
}
