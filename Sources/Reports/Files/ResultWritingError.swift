public import ResultModel

/// Why results could not be written. Nothing half-written is left behind.
public struct ResultWritingError: Error, Equatable, CustomStringConvertible {
  /// What kind of obstacle it was.
  public enum Code: Sendable, Equatable {
    /// The place may not be written to, or is no directory.
    case unwritable
    /// There are results already.
    case exists
    /// The disk or the quota is full.
    case full
    /// Reading or writing failed.
    case inputOutput
  }

  /// What kind of obstacle it was.
  public var code: Code
  /// The file or directory.
  public var path: String
  /// What went wrong and what to do, without the path.
  public var message: String

  /// What to exit with.
  public var exitCode: ExitCode {
    switch code {
    case .unwritable, .exists: .cannotWrite
    case .full, .inputOutput: .inputOutputError
    }
  }

  /// The path and what went wrong.
  public var description: String { "\(path): \(message)" }
}
