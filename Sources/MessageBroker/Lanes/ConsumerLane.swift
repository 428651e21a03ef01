import RingBuffers

/// One consumer's lane: what publishers chose for it and it has not taken yet.
///
/// Closed when its consumer goes: whoever finds it so chooses again.
@usableFromInline
final class ConsumerLane: Sendable {
  let ring: GrowingRing<MessageDescriptor>
  let consumer: MessageQueue.EndRecord

  init(for consumer: MessageQueue.EndRecord, lengthLimit: Int) {
    self.consumer = consumer
    ring = GrowingRing(lengthLimit: lengthLimit)
  }

  /// See `LaneView.identity`.
  var identity: UInt64 { consumer.order }

  /// The slot of the session that takes from it.
  var sessionSlot: Int { consumer.terms?.sessionSlot ?? 0 }
}
