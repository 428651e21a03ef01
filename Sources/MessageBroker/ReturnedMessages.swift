import Synchronization

/// A message that came back, with its old place in the queue.
@usableFromInline
struct ReturnedMessage: Sendable {
  @usableFromInline var position: UInt64
  @usableFromInline var descriptor: MessageDescriptor

  @inlinable
  init(position: UInt64, descriptor: MessageDescriptor) {
    self.position = position
    self.descriptor = descriptor
  }
}

/// The messages of a queue that came back, in the order of their positions. All of them are older than anything in the ring,
/// because the ring gave them out before; so they go first.
///
/// A cold path: behind a lock, with one atomic count (in `QueueSharedState.detour`) that the hot path reads per batch.
struct ReturnedMessages {
  /// Falling positions, so that the oldest is taken from the end.
  private var messages: [ReturnedMessage] = []
  private(set) var isClosed = false

  var count: Int { messages.count }

  /// Puts one message at its place. O(log n) to find it, O(newer ones) to make room.
  mutating func insert(_ message: ReturnedMessage) {
    var low = 0
    var high = messages.count
    while low < high {
      let middle = (low + high) / 2
      if messages[middle].position > message.position { low = middle + 1 } else { high = middle }
    }
    messages.insert(message, at: low)
  }

  /// Takes up to `limit`, the oldest first.
  mutating func take(upTo limit: Int) -> [ReturnedMessage] {
    let count = min(limit, messages.count)
    let taken = Array(messages.suffix(count).reversed())
    messages.removeLast(count)
    return taken
  }

  /// Takes all; nothing may come back afterwards.
  mutating func close() -> [ReturnedMessage] {
    isClosed = true
    return take(upTo: .max)
  }
}
