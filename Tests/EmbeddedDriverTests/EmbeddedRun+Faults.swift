import ResultModel
import Testing

extension EmbeddedRun {
  /// Runs the scenario, in which the driver breaks messages in one way, and expects the verification to name each of them.
  static func expectCaught(
    _ kind: String, injected: Int, in text: String, sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) throws {
    let run = try EmbeddedRun(text)
    #expect(run.result.exitCode == .verificationFailed, sourceLocation: sourceLocation)
    let fault = try #require(run.phase.faults?.first, sourceLocation: sourceLocation)
    #expect(run.phase.faults?.count == 1, sourceLocation: sourceLocation)
    #expect(fault.kind == kind, sourceLocation: sourceLocation)
    #expect(fault.injected == injected, sourceLocation: sourceLocation)
    #expect(fault.detected == injected, "\(fault.undetected)", sourceLocation: sourceLocation)
    #expect(
      run.result.verdicts.contains { $0.id == "\(kind) detected@main" && $0.ok }, sourceLocation: sourceLocation)
    run.expectNamed(injected, sourceLocation)
    run.expectEmptyQueues(sourceLocation: sourceLocation)
  }

  /// Each broken message is an event, and the verification names it. One that lost its own number is missing under it.
  private func expectNamed(_ injected: Int, _ sourceLocation: Testing.SourceLocation) {
    let events = result.variants[0].trials[0].events.filter { $0.kind == "fault" }
    #expect(events.count == injected, sourceLocation: sourceLocation)
    let examples = phase.verification?.examples ?? []
    for event in events {
      let number = event.detail.split(separator: " ").first { $0.hasPrefix("#") }
      #expect(
        examples.contains { $0.split(separator: " ").contains { $0 == number } }, "\(event.detail) in \(examples)",
        sourceLocation: sourceLocation)
    }
  }
}
