/// What a consumer asked for when it began.
struct ConsumerTerms: Sendable {
  /// How many deliveries may be unacknowledged at first; `Int.max` for no limit.
  let prefetch: Int
  let priority: Int
  let acknowledgement: AcknowledgementMode
  /// Whether it wants the queue for itself.
  let isExclusive: Bool
  /// How long it may keep a delivery unacknowledged, in nanoseconds; nil for ever.
  let timeout: Int64?
  /// Where its session is rung.
  let sessionSlot: Int
  /// Whose it is, and its tag there, for lists.
  let session: SessionIdentifier
  var tag: UInt16 = 0

  /// - Parameter prefetch: As the consumer or its queue's policy says; 0 for no limit. Does not bind automatic acknowledgement.
  init(
    prefetch: Int, acknowledgement: AcknowledgementMode, priority: Int = 0, isExclusive: Bool = false,
    timeout: Int64? = nil, sessionSlot: Int, session: SessionIdentifier
  ) {
    // What is acknowledged by delivery is in nobody's hands.
    self.timeout = acknowledgement == .automatic ? nil : timeout
    self.prefetch = prefetch == 0 || acknowledgement == .automatic ? .max : prefetch
    self.priority = priority
    self.acknowledgement = acknowledgement
    self.isExclusive = isExclusive
    self.sessionSlot = sessionSlot
    self.session = session
  }
}
