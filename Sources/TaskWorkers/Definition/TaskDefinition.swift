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
  /// What the task returns: something `Codable`, a `SerializableValue`, or nothing.
  associatedtype Output: Sendable

  /// The name in messages; the type's own when nothing else is said, without what it is nested in: `Send` of `Mail.Send`.
  static var name: String { get }
  /// What holds for all tasks of this name; `static let`, since every call asks for it.
  static var options: TaskOptions { get }

  /// Does the work. Throwing `TaskRetry` has the task tried again.
  func run(_ context: TaskContext) throws -> Output
}

extension TaskDefinition {
  public static var name: String { String(describing: Self.self) }
  public static var options: TaskOptions { TaskOptions() }
}

/// A task that waits for something other than the processor: it runs on Swift's concurrency pool, up to 1024 at a time for each thread of
/// a node, however low its concurrency (with `acksLate` as many as it takes ahead), and always in the node's own process. With what the
/// tasks before it returned: `AsyncTaskWithInput`.
public protocol AsyncTaskDefinition: Codable, Sendable {
  /// What the task returns: something `Codable`, a `SerializableValue`, or nothing.
  associatedtype Output: Sendable

  /// The name in messages; the type's own when nothing else is said, without what it is nested in: `Send` of `Mail.Send`.
  static var name: String { get }
  /// What holds for all tasks of this name; `static let`, since every call asks for it.
  static var options: TaskOptions { get }

  /// Does the work. Throwing `TaskRetry` has the task tried again.
  func run(_ context: TaskContext) async throws -> Output
}

extension AsyncTaskDefinition {
  public static var name: String { String(describing: Self.self) }
  public static var options: TaskOptions { TaskOptions() }
}

/// The result of a task that has none to tell, for who wants one nevertheless: a `run` that returns nothing will do.
public struct NoResult: Codable, Sendable, Equatable {
  /// The only one there is.
  public init() {}
}
