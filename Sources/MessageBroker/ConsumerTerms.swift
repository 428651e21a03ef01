/// What a consumer asked for when it began.
struct ConsumerTerms: Sendable {
  /// How many deliveries may be unacknowledged; `Int.max` for no limit.
  let prefetch: Int
  let priority: Int
  /// Whether it wants the queue for itself.
  let isExclusive: Bool
  /// Where its session is rung.
  let sessionSlot: Int

  /// - Parameter prefetch: As the consumer or its queue's policy says; 0 for no limit. Does not bind automatic acknowledgement.
  init(
    prefetch: Int, acknowledgement: AcknowledgementMode, priority: Int = 0, isExclusive: Bool = false, sessionSlot: Int
  ) {
    self.prefetch = prefetch == 0 || acknowledgement == .automatic ? .max : prefetch
    self.priority = priority
    self.isExclusive = isExclusive
    self.sessionSlot = sessionSlot
  }
}
