/// A queue's number: how `reply_to` travels in a message and how a reply finds its queue without a name.
///
/// The low 16 bits are the queue's slot, the high 16 bits say how often the slot was used before, so that a reply
/// to a deleted queue is noticed (until the slot has been used 65,536 times). Zero means no queue.
@frozen
public struct QueueHandle: RawRepresentable, Hashable, Sendable {
  public let rawValue: UInt32

  @inlinable
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// No queue.
  public static var none: QueueHandle { @inlinable get { QueueHandle(rawValue: 0) } }

  @inlinable
  init(slot: Int, generation: UInt16) {
    self.init(rawValue: UInt32(truncatingIfNeeded: slot) | UInt32(generation) << 16)
  }

  /// The queue's slot, from 1; 0 only for `none`.
  @inlinable
  var slot: Int { Int(rawValue & 0xFFFF) }

  var generation: UInt16 { UInt16(rawValue >> 16) }
}

/// What `declareQueue` answers.
public struct QueueDeclaration: Sendable, Equatable {
  /// The queue's name: the one asked for, or `amq.gen-…` when none was given.
  public let name: String
  /// The queue's number, for `reply_to`.
  public let handle: QueueHandle
  /// Ready messages at the moment.
  public let messageCount: Int
  /// Consumers at the moment.
  public let consumerCount: Int

  init(_ queue: MessageQueue) {
    name = queue.name
    handle = queue.handle
    messageCount = queue.readyCount
    consumerCount = queue.consumerCount
  }
}
