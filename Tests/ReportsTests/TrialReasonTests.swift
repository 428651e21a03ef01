import ResultModel
import Testing

@testable import Reports

/// Trials are listed with the reason why they do not count. That of a disturbed one used to be in its events only.
@Suite struct TrialReasonTests {
  private func result(_ kind: String) throws -> RunResult {
    var result = try Fixtures.passed()
    var event = TrialEvent(
      offsetNanoseconds: 5, kind: .disturbed, subject: "host", detail: "30 % of the time was stolen")
    event.kind = kind
    result.variants[0].trials[0].status = .disturbed
    result.variants[0].trials[0].events = [
      TrialEvent(offsetNanoseconds: 0, kind: .phaseStart, subject: "main", detail: "1k/s"), event,
    ]
    return result
  }

  @Test(arguments: ["disturbed", "rehearsal"])
  func whatSetATrialAsideIsSaid(kind: String) throws {
    let result = try result(kind)
    let lines = VerdictLines(result: result, directory: nil, style: .plain).lines
    let page = RenderedReport.text(of: result, as: .markdown)
    let row = page.split(separator: "\n").first { $0.contains("| ❌ disturbed |") }
    for text in [lines.joined(separator: "\n"), String(row ?? "")] {
      #expect(text.contains("30 % of the time was stolen"))
      #expect(!text.contains("1k/s"), "what merely happened is no reason")
    }
  }
}
