/// What comes of a publish beyond the queue that it reached: settled when it has reached all of its queues, so that no queue finds room or
/// none for its copy because of what the copy in another one brought about.
enum PublishConsequence {
  /// Messages have to leave the queue.
  case arrivals(MessageQueue.Arrivals, MessageQueue)
  /// The queue refused the message, which is a dead letter.
  case refusal(MessageDescriptor, MessageQueue)
}

extension SessionCore {
  /// Settles what has come of the last publishes; cheap when that is nothing.
  @usableFromInline
  mutating func settleConsequences() {
    guard !consequences.isEmpty else { return }
    for consequence in consequences {
      switch consequence {
      case .arrivals(let arrivals, let queue): broker.finish(arrivals, in: queue)
      case .refusal(let descriptor, let queue): broker.sendDeadLetter(descriptor, from: queue, reason: .maxlen)
      }
    }
    consequences.removeAll(keepingCapacity: true)
  }
}
