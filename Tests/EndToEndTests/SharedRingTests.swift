import Foundation
import Testing

/// Rings between two processes: the trial's and a child of its own, whatever becomes of either.
@Suite(.serialized) struct SharedRingTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private static func scenario(_ ring: String, _ load: String) -> String {
    """
    name: shared
    workload: { pattern: ring, ring: { kind: spsc, capacity: 1024, memory: shared\(ring) }, payload: 8B, wait: park }
    load: \(load)
    """
  }

  private static let endless = scenario(
    "", "{ phases: [ one: { saturate: 1000 }, two: { saturate: true, for: 1h } ] }")

  private func result() throws -> ResultFile {
    try ResultFile(workspace.folder.appending(path: "results/result.json"))
  }

  private func start(_ text: String, _ more: String...) throws -> RunningProcess {
    try workspace.write(text, to: "shared.yaml")
    return try workspace.start(["run", "shared.yaml", "--output", "results"] + more)
  }

  @Test(
    arguments: [
      ("", "{ warmup: 50ms, saturate: 100k }"), (", round_trip: true", "{ in_flight: 1, for: 200ms }"),
    ], ["fresh", "shared"])
  func everyItemIsVerified(ring: (keys: String, load: String), process: String) throws {
    let outcome = try start(Self.scenario(ring.keys, ring.load), "--set", "trials.process=\(process)").finish()
    #expect(outcome.exitCode == 0, "\(outcome.errors)\(outcome.output)")
    let result = try result()
    #expect(result.status == "passed")
    for phase in result.phases { #expect(phase.violations.values.allSatisfy { $0 == 0 }) }
    #expect(outcome.output.contains("0 lost, 0 duplicated, 0 reordered, 0 corrupted"))
  }

  @Test func aKilledOtherEndIsReportedAndEndsTheTrial() throws {
    let process = try start(Self.endless)
    let peer = try #require(process.descendant(withArgument: "ring-peer", andThread: "consumer.0"))
    kill(peer, SIGKILL)
    let outcome = try process.finish()
    #expect(outcome.exitCode == 6, "\(outcome.errors)\(outcome.output)")
    let result = try result()
    #expect(result.status == "invalid")
    #expect(result.trialStatuses == ["crashed"])
    #expect(outcome.output.contains("process \(peer), ended by signal 9"), "\(outcome.output)")
  }

  @Test func ctrlCKeepsWhatWasMeasured() throws {
    let process = try start(Self.endless)
    let peer = try #require(process.descendant(withArgument: "ring-peer", andThread: "consumer.0"))
    process.signal(SIGINT)
    let outcome = try process.finish()
    #expect(outcome.exitCode == 130, "\(outcome.errors)")
    let result = try result()
    #expect(result.status == "aborted")
    try #require(!result.phases.isEmpty)
    for phase in result.phases { #expect(phase.violations.values.allSatisfy { $0 == 0 }) }
    #expect(RunningProcess.ends(peer))
  }

  @Test func theOtherEndDiesWithTheRun() throws {
    let process = try start(Self.endless)
    let peer = try #require(process.descendant(withArgument: "ring-peer", andThread: "consumer.0"))
    let trial = try #require(process.children.first)
    process.signal(SIGKILL)
    _ = try process.finish()
    #expect(RunningProcess.ends(trial))
    #expect(RunningProcess.ends(peer))
  }

  @Test func itIsNotForUseByHand() throws {
    let outcome = try workspace.ringside("ring-peer")
    #expect(outcome.exitCode == 64)
    #expect(outcome.errors.contains("not by hand"))
    #expect(!(try workspace.ringside("--help").output.contains("ring-peer")))
  }
}
