import ResultModel
import Testing

@testable import Reports

/// Trials are listed with the reason why they do not count. That of a disturbed one used to be in its events only.
@Suite struct TrialReasonTests {
  private func result(_ kind: TrialEvent.Kind) throws -> RunResult {
    var result = try Fixtures.passed()
    let event = TrialEvent(
      offsetNanoseconds: 5, kind: kind, subject: "host", detail: "30 % of the time was stolen")
    result.variants[0].trials[0].status = .disturbed
    result.variants[0].trials[0].events = [
      TrialEvent(offsetNanoseconds: 0, kind: .phaseStart, subject: "main", detail: "1k/s"), event,
    ]
    return result
  }

  @Test(arguments: [TrialEvent.Kind.disturbed, .rehearsal])
  func whatSetATrialAsideIsSaid(kind: TrialEvent.Kind) throws {
    let result = try result(kind)
    let lines = VerdictLines(result: result, directory: nil, style: .plain).lines
    let page = RenderedReport.text(of: result, as: .markdown)
    let row = page.split(separator: "\n").first { $0.contains("| ❌ disturbed |") }
    let terminal = lines.joined(separator: "\n")
    #expect(terminal.contains("30 % of the time was stolen") == (kind == .disturbed), "a rehearsal is no complaint")
    for text in [terminal, String(row ?? "")] {
      #expect(text.contains("30 % of the time was stolen") || (kind == .rehearsal && text == terminal))
      #expect(!text.contains("1k/s"), "what merely happened is no reason")
    }
  }
}
