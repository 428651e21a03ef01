import DriverInterface
import EmbeddedDriver
import LoadEngine
import Platform
import ResultModel
import ScenarioModel
import Testing

/// Runs scenarios of text against the embedded driver, as the command line does.
struct EmbeddedRun {
  let result: RunResult
  let queues: [SubjectStatistics.Queue]
  let trace: RecordedTrace?

  /// The last phase.
  var phase: PhaseResult { phases[phases.count - 1] }
  var phases: [PhaseResult] { result.variants[0].trials[0].phases }

  /// Runs the scenario; `data` is what the files hold that it names, `taskChild` the children of pools.
  init(_ text: String, data: [String: String] = [:], taskChild: PeerProgram? = nil) throws {
    let loader = ScenarioLoader(
      readFile: { _ throws(ScenarioFileError) in text },
      readData: { path throws(ScenarioFileError) in
        guard let text = data[path] else { throw .notFound }
        return text
      })
    let tool = ToolInformation(
      version: "0", gitSHA: "", dirty: false,
      build: .init(configuration: "debug", swift: "6.3", allocator: "system malloc"))
    let stop = StopFlag()
    let variants = try loader.loadVariants(path: "test.yaml")
    let (peer, child) = (try Self.peer("consume"), try taskChild ?? Self.peer("task-child"))
    let executor = SharedProcessTrials(stop: stop) { EmbeddedSubject(ringPeer: peer, taskChild: child) }
    let outcome = try RunOrchestrator(variants, executor: executor, tool: tool, stop: stop).run { _ in }
    result = outcome.recording.result
    queues = outcome.statistics.queues
    trace = outcome.recording.trace
  }

  /// The other end of rings between processes, or a child of a pool, built beside the tests.
  static func peer(_ task: String) throws -> PeerProgram {
    let own = try ChildProcess.ownExecutablePath()
    let folder = own.prefix(through: own.lastIndex(of: "/") ?? own.startIndex)
    return PeerProgram(executable: folder + "RingPeer", arguments: [task])
  }

  /// Whether every message that was sent arrived, once, whole and in order, and none is left in a queue.
  func expectClean(sent: Int, copies: Int = 1, sourceLocation: Testing.SourceLocation = #_sourceLocation) {
    #expect(result.status == .passed, "\(result.verdicts.filter { !$0.ok })", sourceLocation: sourceLocation)
    #expect(phase.counts.scheduled == sent, sourceLocation: sourceLocation)
    #expect(phase.counts.sent == sent, sourceLocation: sourceLocation)
    #expect(phase.counts.accepted == sent, sourceLocation: sourceLocation)
    #expect(phase.counts.received == copies * sent, sourceLocation: sourceLocation)
    #expect(phase.verification?.verified == copies * sent, sourceLocation: sourceLocation)
    expectEmptyQueues(sourceLocation: sourceLocation)
  }

  func expectEmptyQueues(sourceLocation: Testing.SourceLocation = #_sourceLocation) {
    for queue in queues {
      #expect(queue.readyCount == 0, "\(queue.name)", sourceLocation: sourceLocation)
      #expect(queue.unacknowledgedCount == 0, "\(queue.name)", sourceLocation: sourceLocation)
    }
  }
}
