/// A `TaskWithInput` that waits for something other than the processor: see `AsyncTaskDefinition`.
public protocol AsyncTaskWithInput: Codable, Sendable {
  /// What it takes: see `TaskWithInput`.
  associatedtype Input: Sendable
  /// What it returns: something `Codable`, a `SerializableValue`, or nothing.
  associatedtype Output: Sendable

  /// The name in messages; the type's own when nothing else is said, without what it is nested in: `Send` of `Mail.Send`.
  static var name: String { get }
  /// What holds for all tasks of this name; `static let`, since every call asks for it.
  static var options: TaskOptions { get }

  /// Does the work.
  func run(_ input: Input, _ context: TaskContext) async throws -> Output
}

extension AsyncTaskWithInput {
  public static var name: String { String(describing: Self.self) }
  public static var options: TaskOptions { TaskOptions() }

  /// The task with its own arguments, to be sent after another: the field's `s`.
  public func signature(_ options: ApplyOptions = ApplyOptions()) throws(TaskSendError) -> Signature {
    try Signature(self, name: Self.name, Self.options, options)
  }
}
