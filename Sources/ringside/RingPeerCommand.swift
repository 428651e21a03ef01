internal import ArgumentParser
internal import DriverInterface
internal import EmbeddedDriver
internal import ResultModel

/// The other end of a ring between processes, on behalf of the process of a trial, which starts it and talks to it.
struct RingPeerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ring-peer", abstract: "Be the other end of a ring; started by `ringside run`.", shouldDisplay: false)

  func run() throws {
    do {
      try RingPeerProcess().run()
    } catch {
      throw CommandFailure(.usage, error.message)
    }
  }
}

extension PeerProgram {
  /// The other end of a ring.
  static var ringPeer: PeerProgram { PeerProgram(running: RingPeerCommand.self) }

  /// A subcommand of the running file, so that a build in between cannot change the other process.
  init(running command: any ParsableCommand.Type) {
    self.init(executable: "/proc/self/exe", arguments: [command.configuration.commandName ?? ""])
  }
}
