import Platform

/// The entry point of an executable that hosts its own tasks.
///
/// ```
/// @main
/// struct Mailer: WorkerApplication {
///   static func register(in registry: inout TaskRegistry) { registry.register(SendMail.self) }
///
///   static func run(_ registry: TaskRegistry) throws {
///     let application = try TaskApplication(registry: registry, broker: Broker())
///     …
///   }
/// }
/// ```
/// The children of a `processes` pool are this executable again: they are recognised by `childArgument`, learn the tasks by `register`,
/// run what their parent hands over, and never come to `run`.
public protocol WorkerApplication {
  /// Says which tasks there are; called once in every process.
  static func register(in registry: inout TaskRegistry)
  /// What the executable does.
  static func run(_ registry: TaskRegistry) throws
}

extension WorkerApplication {
  /// The hidden argument of children.
  public static var childArgument: String { "task-child" }

  /// How a pool starts children of this executable.
  public static func childProgram() throws -> TaskChildProgram {
    TaskChildProgram(executable: try ChildProcess.ownExecutablePath(), arguments: [childArgument])
  }

  /// Runs the executable, or the child that it is.
  public static func main() throws {
    var registry = TaskRegistry()
    register(in: &registry)
    guard CommandLine.arguments.dropFirst().first == childArgument else { return try run(registry) }
    let known = registry
    try TaskChild.run { TaskLaneHandler(registry: known, clock: CycleCounter.shared) }
  }
}
