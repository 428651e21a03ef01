/// The batch that a simulated worker has in hand, of which it handles one message after the other.
@frozen @usableFromInline
struct SimulatedWork {
  /// Messages of the batch, and which of them is being handled.
  @usableFromInline var count = 0
  @usableFromInline var index = 0
  /// When the batch was received.
  @usableFromInline var receivedNanoseconds: Int64 = 0
  /// Which message is being handled; nil for a damaged one, which is no work.
  @usableFromInline var number: SequenceNumber?
  /// When it is done.
  @usableFromInline var endNanoseconds: Int64 = 0
  /// Whether its reply waits to be taken over by the subject.
  @usableFromInline var isReplyStaged = false

  @inlinable init() {}

  @inlinable var isEmpty: Bool { index == count }
}
