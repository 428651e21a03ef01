/// A task of the typed level: the type names the task, its value is the arguments.
///
/// ```
/// struct Fibonacci: TaskDefinition {
///   let n: Int
///   func run(_ context: TaskContext) throws -> Int { … }
/// }
/// ```
/// Any `Codable` content works with every serializer; a type that is `SerializableValue` as well is written and read without
/// the cost of `Codable`.
public protocol TaskDefinition: Codable, Sendable {
  /// What the task returns.
  associatedtype Output: Sendable

  /// The name in messages; the type's name when nothing else is said.
  static var name: String { get }
  /// What holds for all tasks of this name.
  static var options: TaskOptions { get }

  /// Does the work. Throwing `TaskRetry` has the task tried again.
  func run(_ context: TaskContext) throws -> Output
}

extension TaskDefinition {
  public static var name: String { String(describing: Self.self) }
  public static var options: TaskOptions { TaskOptions() }
}

/// A task that waits for something other than the processor: it runs on Swift's concurrency pool, many at a time.
public protocol AsyncTaskDefinition: Codable, Sendable {
  /// What the task returns.
  associatedtype Output: Sendable

  /// The name in messages; the type's name when nothing else is said.
  static var name: String { get }
  /// What holds for all tasks of this name.
  static var options: TaskOptions { get }

  /// Does the work. Throwing `TaskRetry` has the task tried again.
  func run(_ context: TaskContext) async throws -> Output
}

extension AsyncTaskDefinition {
  public static var name: String { String(describing: Self.self) }
  public static var options: TaskOptions { TaskOptions() }
}

/// The result of a task that has none to tell.
public struct NoResult: Codable, Sendable, Equatable {
  /// The only one there is.
  public init() {}
}
