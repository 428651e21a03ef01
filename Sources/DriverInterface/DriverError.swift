/// Why a driver could not do what it was asked to.
public struct DriverError: Error, Sendable, CustomStringConvertible {
  /// The kinds of failure that callers treat differently.
  public enum Code: Sendable {
    /// The subject does not offer this, or not yet.
    case notSupported
    /// The subject refused: a name in use, an inequivalent declaration, a limit reached.
    case refused
    /// The subject cannot be reached or started.
    case unavailable
  }

  /// The kind of failure.
  public var code: Code
  /// What is wrong, where, and what to do instead.
  public var message: String

  /// Creates an error.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The message.
  public var description: String { message }
}
