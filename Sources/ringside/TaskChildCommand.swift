internal import ArgumentParser
internal import DriverInterface
internal import EmbeddedDriver
internal import ResultModel

/// A child of the pool `processes`, on behalf of the process of a trial, which starts it and gives it tasks.
struct TaskChildCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "task-child", abstract: "Run tasks in a process of their own; started by `ringside run`.",
    shouldDisplay: false)

  func run() throws {
    do {
      try TaskChildProcess().run()
    } catch {
      throw CommandFailure(.usage, error.message)
    }
  }
}

extension PeerProgram {
  /// A child of a pool.
  static var taskChild: PeerProgram { PeerProgram(running: TaskChildCommand.self) }
}
