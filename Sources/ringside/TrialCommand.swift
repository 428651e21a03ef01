internal import ArgumentParser
internal import EmbeddedDriver
internal import LoadEngine
internal import ResultModel

/// Runs one trial on behalf of `ringside run`, which starts it and listens to it.
struct TrialCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trial", abstract: "Run one trial; started by `ringside run`.", shouldDisplay: false)

  func run() throws {
    do {
      try TrialProcess.refuseHands()
      let stop = StopFlag()
      // The parent passes a stop on as SIGTERM, and tells the user itself.
      let signals = InterruptHandler(announcement: nil) { _ in stop.request(.terminated) }
      defer { withExtendedLifetime(signals) {} }
      try TrialProcess(stop: stop).run { EmbeddedSubject(ringPeer: .ringPeer, taskChild: .taskChild) }
    } catch let failure as TrialFailure {
      throw CommandFailure(.usage, failure.message)
    }
  }
}
