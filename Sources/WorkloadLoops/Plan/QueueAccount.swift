/// Queues that may lose messages without being at fault, together with those that get their dead letters: what goes into them
/// and what comes out is compared in total, because a dead letter leaves one of them and enters another.
public struct QueueAccount: Sendable, Equatable {
  /// The queues.
  public var queues: [String]
  /// By queue: how many queues get a copy of each of its dead letters; 0 for those without.
  public var deadLetterCopies: [String: Int]

  /// Creates an account.
  public init(queues: [String], deadLetterCopies: [String: Int] = [:]) {
    self.queues = queues
    self.deadLetterCopies = deadLetterCopies
  }
}
