import Glibc

/// What the operating system refused, and why.
public struct SystemError: Error, Equatable, CustomStringConvertible {
  /// What was wanted, to follow "cannot": `start /usr/bin/true`.
  public let action: String
  /// The `errno`.
  public let code: Int32

  /// An error with the given `errno`.
  public init(_ action: String, code: Int32) {
    self.action = action
    self.code = code
  }

  /// One sentence with the cause in the system's words.
  public var description: String { unsafe "cannot \(action): \(String(cString: strerror(code)))" }
}
