public import Platform

/// What the children of a pool run: an executable that enters `TaskChild.run`.
public struct TaskChildProgram: Sendable {
  /// The path of the executable; no search path is consulted.
  public var executable: String
  /// What leads it to `TaskChild.run`, for instance `["task-child"]`.
  public var arguments: [String]
  /// Variables to add to, or to change in, this process's environment.
  public var environment: [String: String]
  /// Memory that the children share with their parent beside that of the lanes: `TaskChild.attachment()`.
  public var attachment: SharedMemory?

  /// A program. Its runtime prints no report when it crashes, which would take longer than its replacement.
  public init(executable: String, arguments: [String], environment: [String: String] = [:]) {
    self.executable = executable
    self.arguments = arguments
    self.environment = environment
  }
}
