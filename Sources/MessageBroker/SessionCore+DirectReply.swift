extension SessionCore {
  /// The pseudo-queue that replies to a session come through.
  static var directReplyName: String { "amq.rabbitmq.reply-to" }

  /// Starts to consume the replies to this session: a queue of the broker's naming that goes with the consumer.
  mutating func consumeReplies(acknowledgement: AcknowledgementMode) throws(BrokerError) -> ConsumerTag {
    guard acknowledgement == .automatic else {
      throw BrokerError(code: .preconditionFailed, message: "reply consumer cannot acknowledge")
    }
    guard broker.queue(directReplyTo) == nil else {
      throw BrokerError(code: .preconditionFailed, message: "reply consumer already set")
    }
    let queue = try broker.declareQueue(
      options: QueueOptions(isExclusive: true, isAutoDelete: true), by: identifier)
    let consumer: ConsumerTag
    do {
      consumer = try consume(
        queue: queue.name, prefetch: 0, acknowledgement: .automatic, priority: 0, isExclusive: true, timeout: nil)
    } catch {
      _ = try? broker.deleteQueue(queue.name, by: identifier)
      throw error
    }
    directReplyTo = queue.handle
    return consumer
  }
}
