/// Why a `result.json` could not be read.
public struct ResultLoadingError: Error, Equatable, CustomStringConvertible {
  /// What kind of obstacle it was.
  public enum Code: Sendable, Equatable {
    /// No such file.
    case notFound
    /// The file is there, but cannot be read.
    case unreadable
    /// The text ends in the middle.
    case truncated
    /// The text is not JSON.
    case notJSON
    /// JSON, but not a result of ringside.
    case notAResult
    /// A result of a newer ringside.
    case newerSchema
    /// A result in which something is missing or of the wrong type.
    case malformed
  }

  /// What kind of obstacle it was.
  public var code: Code
  /// The file, as the caller gave it.
  public var path: String
  /// What is wrong and what to do, without the file.
  public var message: String

  /// The file and what is wrong with it.
  public var description: String { "\(path): \(message)" }
}
