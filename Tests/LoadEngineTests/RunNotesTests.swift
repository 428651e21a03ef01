import Platform
import Testing
import WorkloadLoops

@testable import LoadEngine

/// What a reader must know before believing the figures and cannot see from the rest of the result.
@Suite struct RunNotesTests {
  static func notes(producers: Int, wait: String? = nil) throws -> [String] {
    let wait = wait.map { ", wait: \($0)" } ?? ""
    let scenario = try ScenarioText.load(
      "name: test\nworkload: { pattern: work_queue, producers: { p: { count: \(producers)\(wait) } } }")
    return RunNotes(plan: WorkloadPlan(scenario, time: CycleCounter.shared)).notes
  }

  @Test func moreThreadsThanCoresAreSaid() throws {
    let cores = CPUTopology.coreCount
    #expect(
      try Self.notes(producers: cores) == [
        "needs \(cores + 1) cores, has \(cores): the scheduler is measured too; idle threads park"
      ])
    if cores > 1 { #expect(try Self.notes(producers: cores - 1).isEmpty) }
  }

  @Test(arguments: [("pool: processes", "child processes"), ("concurrency: 2", "threads of a pool"), ("count: 1", nil)])
  func whatPoolsUseIsSaidNotToBeCounted(workers: String, runners: String?) throws {
    let scenario = try ScenarioText.load(
      "name: test\nworkload: { pattern: tasks, workers: { \(workers) } }\nload: { in_flight: 1, for: 1s }")
    let notes = RunNotes(plan: WorkloadPlan(scenario, time: CycleCounter.shared)).notes
    #expect(notes.contains { $0.contains("not in the figures per message") } == (runners != nil))
    #expect(runners.map { words in notes.contains { $0.contains(words) } } ?? true)
  }

  @Test func threadsThatKeepTheirCoreWhileWaitingAreSaid() throws {
    let cores = CPUTopology.coreCount
    let notes = try Self.notes(producers: cores + 1, wait: "spin")
    #expect(notes.first?.hasSuffix("\(cores + 1) of the threads stay on a core while waiting; use wait: park") == true)
  }
}
