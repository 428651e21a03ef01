/// How to start the process at the other end of a ring between processes: a program that does nothing but run a
/// `RingPeerProcess`.
public struct RingPeerProgram: Sendable, Equatable {
  /// The executable's path; no search path is consulted. The same build as the one that starts it.
  public var executable: String
  /// The arguments after the executable's name.
  public var arguments: [String]

  /// A program.
  public init(executable: String, arguments: [String]) {
    self.executable = executable
    self.arguments = arguments
  }
}
