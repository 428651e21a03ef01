/// Where messages go that no worker can do anything with: all queues of tasks are declared with it (`x-dead-letter-exchange`).
///
/// These are poison tasks (`TaskOptions.redeliveryLimit`), tasks of unknown names, of content types that are not accepted and with time
/// limits that cannot be kept, and messages that are no tasks. Whoever waits for a task hears of its rejection all the same.
/// Applications that share a queue declare it alike.
public struct DeadLetterSettings: Sendable, Equatable {
  /// The exchange that they go through, declared as a direct one with the queue bound to it by its name; "" is the default exchange,
  /// which leads there without being declared.
  public var exchange = ""
  /// The queue that keeps them until somebody looks at them (`TaskApplication.deadLetters`) or consumes it.
  public var queue = "tasks.dead"
  /// How many it keeps: the oldest makes room for one more, and is counted by the queue. Nil for the subject's default.
  public var queueLength: Int?

  /// The defaults.
  public init() {}
  /// The defaults with changes: `DeadLetterSettings { $0.queue = "mail.dead" }`.
  public init(_ change: (inout DeadLetterSettings) -> Void) { change(&self) }
}
