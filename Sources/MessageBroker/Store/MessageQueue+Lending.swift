import Platform
import RingBuffers
import Synchronization

/// Consumers with a time-out.
extension MessageQueue {
  /// From now on the store knows what the consumer has in its hands.
  func beginLending(to record: EndRecord, timeout: Int64) {
    withStore { $0.lent[ObjectIdentifier(record)] = LentDeliveries(to: record, timeout: timeout) }
  }

  /// The consumer goes, with nothing in its hands.
  func endLending(to record: EndRecord) { withStore { $0.lent[ObjectIdentifier(record)] = nil } }

  /// The consumer settles a delivery; false when the queue took it back before.
  func settleLent(_ tag: UInt64, by record: EndRecord) -> Bool {
    withStore { $0.lent[ObjectIdentifier(record)]?.settle(tag) ?? false }
  }

  /// Ends the consumers that keep a delivery for too long; returns them with what they had, each message with a reference of its own.
  func takeOverdue() -> [(record: EndRecord, messages: [MessageStore.Taken])] {
    withStore { store in
      var overdue: [(EndRecord, [MessageStore.Taken])] = []
      for (key, lent) in store.lent where lent.deadline ?? .max <= clock.now {
        store.lent[key] = nil
        let messages = lent.all
        for message in messages {
          // The consumer's session still holds its own reference: it may be reading.
          if message.descriptor.hasBlock { bodies.pool.retain(message.descriptor.block) }
          if !message.descriptor.properties.isNone { bodies.pool.retain(message.descriptor.properties.block) }
        }
        // Release pairs with the acquire in `SessionCore.dropTimedOut`: it finds nothing lent any more.
        lent.record.isTimedOut.store(true, ordering: .releasing)
        overdue.append((lent.record, messages))
      }
      return overdue
    }
  }
}

extension Broker {
  /// Consumers that kept a delivery for too long are cancelled, which gives their messages back. RabbitMQ closes their channel.
  func endOverdueConsumers(of queues: [MessageQueue]) {
    var overdue: [(queue: MessageQueue, record: MessageQueue.EndRecord, messages: [MessageStore.Taken])] = []
    for queue in queues where queue.shared.detour.contains(.store) {
      overdue += queue.takeOverdue().map { (queue, $0.record, $0.messages) }
    }
    for (queue, record, messages) in overdue.sorted(by: { $0.record.order < $1.record.order }) {
      giveBack(messages, to: queue)
      queue.end(record)
      if queue.options.isAutoDelete { deleteIfAbandoned(queue) }
      if let slot = record.terms?.sessionSlot { sessions.doorbell(of: slot).ring() }
    }
  }

  private func giveBack(_ messages: [MessageStore.Taken], to queue: MessageQueue) {
    var returning: [ReturnedMessage] = []
    for message in messages {
      if let limit = queue.options.deliveryLimit, message.descriptor.returnCount >= limit {
        queue.giveBack(timedOut: &returning)
        leave(delivered: message, from: queue, reason: .deliveryLimit)
      } else {
        returning.append(ReturnedMessage(position: message.position, descriptor: message.descriptor.returned()))
      }
    }
    queue.giveBack(timedOut: &returning)
    expel(from: queue)
  }
}

extension MessageQueue {
  /// Puts back what timed out, and counts it.
  fileprivate func giveBack(timedOut messages: inout [ReturnedMessage]) {
    if giveBack(messages, isFailure: false) {
      countReturned(messages.count)
      if options.unacknowledgedLimit != nil { wakeConsumers(messages.count) }
    } else {
      bodies.release(messages.map(\.descriptor))
    }
    messages = []
  }
}
