/// How to start a process that helps this one: the other end of a ring between processes, a program that does nothing but run a
/// `RingPeerProcess`; or a child of a pool, one that does nothing but run a `TaskChildProcess`.
public struct PeerProgram: Sendable, Equatable {
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
