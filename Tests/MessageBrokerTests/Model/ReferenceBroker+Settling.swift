import MessageBroker

extension ReferenceBroker {
  enum Settlement: CaseIterable {
    case acknowledge, requeue, discard
  }

  /// Settles one delivery, or (`multiple`) all up to it; 0 with `multiple` means all.
  mutating func settle(_ tag: UInt64, multiple: Bool, _ how: Settlement, in slot: Int) throws(Refusal) {
    let isKnown = sessions[slot]!.unacknowledged.contains { $0.tag == tag }
    guard isKnown || multiple && tag == 0 else { throw .preconditionFailed }
    let isMeant = { (delivery: ReferenceDelivery) in
      multiple ? tag == 0 || delivery.tag <= tag : delivery.tag == tag
    }
    if how == .requeue { return giveBack(in: slot, isFailure: true, where: isMeant) }
    for delivery in takeUnacknowledged(of: slot, where: isMeant) {
      guard let queue = queues[delivery.queue], queue.number == delivery.queueNumber else { continue }
      if how == .acknowledge {
        queues[queue.name]?.counts.acknowledged += 1
      } else {
        leave(delivery.message, from: queue, reason: .rejected)
      }
    }
  }

  /// Puts outstanding deliveries back at their places, oldest first.
  ///
  /// Every way back counts as an attempt to deliver: a message that came back more often than the delivery limit goes for good (RabbitMQ's
  /// quorum queues, without their exception for explicit returns). One that expired in the consumer's hands goes, too.
  /// - Parameter isFailure: Whether the consumer said so: only then a retry policy makes the message wait. A consumer that
  ///   goes says nothing about its messages.
  mutating func giveBack(in slot: Int, isFailure: Bool, where isMeant: (ReferenceDelivery) -> Bool) {
    let deliveries = takeUnacknowledged(of: slot, where: isMeant)
    for delivery in deliveries {
      guard let queue = queues[delivery.queue], queue.number == delivery.queueNumber else { continue }
      var message = delivery.message
      if defect != .forgetsRedelivered { message.returnCount += 1 }
      if let limit = queue.options.deliveryLimit, message.returnCount > limit {
        leave(message, from: queue, reason: .deliveryLimit)
        continue
      }
      if defect == .requeuesAtTheEnd {
        message.position = queue.nextPosition
        queues[queue.name]?.nextPosition += 1
      }
      queues[queue.name]?.counts.returned += 1
      if isFailure, let retry = queue.options.retry {
        let due = now + retry.delay(afterFailure: message.returnCount)
        queues[queue.name]?.held.append(.init(due: due, message: message, isNew: false))
      } else {
        queues[queue.name]?.insert(message)
      }
    }
    for name in Set(deliveries.map(\.queue)).sorted() {
      expireMessages(of: name)
      dropHead(of: name)
    }
  }

  private mutating func takeUnacknowledged(
    of slot: Int, where isMeant: (ReferenceDelivery) -> Bool
  ) -> [ReferenceDelivery] {
    let meant = sessions[slot]?.unacknowledged.filter(isMeant) ?? []
    sessions[slot]?.unacknowledged.removeAll(where: isMeant)
    return meant
  }
}
