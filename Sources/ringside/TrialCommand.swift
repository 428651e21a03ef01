internal import ArgumentParser
internal import EmbeddedDriver
internal import LoadEngine
internal import ResultModel

/// Runs one trial on behalf of `ringside run` or `ringside duel`, which starts it and listens to it.
struct TrialCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trial", abstract: "Run one trial; started by `ringside run`.", shouldDisplay: false)

  @Flag(help: "Say which build this is and which version of the trial protocol it speaks.")
  var greet = false

  func run() throws {
    if greet {
      let greeting = try ResultCoding.encode(TrialGreeting(tool: BuildInformation.tool))
      return try StandardStream.output.write(String(decoding: greeting, as: UTF8.self) + "\n")
    }
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
