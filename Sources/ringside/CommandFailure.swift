internal import ResultModel

/// A failure the user can act on: what to say and what to exit with.
struct CommandFailure: Error {
  /// The exit code of the process.
  var exitCode: ResultModel.ExitCode
  /// What went wrong and what to do; may have several lines. Empty when everything has been said.
  var message: String

  init(_ exitCode: ResultModel.ExitCode, _ message: String) {
    self.exitCode = exitCode
    self.message = message
  }

  /// Ends the process with `exitCode` without a further word.
  static func silent(_ exitCode: ResultModel.ExitCode) -> CommandFailure { CommandFailure(exitCode, "") }
}
