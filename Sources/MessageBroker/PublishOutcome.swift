/// What became of a publish. Only `accepted`, `unroutable`, `returned` and `rejected` count as published: they take a confirm
/// number. After the others the message is still the caller's, as if it had not been tried.
@frozen
public enum PublishOutcome: UInt8, Sendable {
  /// In all its queues, or staged for them until the batch is full or `flush()` is called.
  case accepted
  /// No queue is bound for it, and no alternate exchange took it. Confirmed when confirms are on, as in the field.
  ///
  /// Who does not care ignores it; `BrokerStatistics.unroutable` counts it.
  case unroutable
  /// The same for a message that is `mandatory`: the field's return with 312 NO_ROUTE, at once and with the message still in the caller's
  /// hands. `BrokerStatistics.returned` counts it. One that was staged when its last queue was deleted counts as `unroutable`.
  case returned
  /// A queue with `reject_publish` is full. A nack follows when confirms are on.
  case rejected
  /// A queue with `block` is full, or too many nacks wait for `pollConfirms()`: try again later.
  case full
  /// The memory for bodies is used up: try again when messages have been acknowledged.
  case noMemory
  /// The body is larger than the broker's largest block.
  case bodyTooLarge
}
