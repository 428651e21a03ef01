extension ReferenceBroker {
  /// The laws that hold whenever nobody is in the middle of something; what is broken, in words.
  func brokenLaws() -> [String] {
    var broken: [String] = []
    for queue in queues.values {
      let unacknowledged = unacknowledgedCount(of: queue)
      let accounted = queue.counts.gone + queue.ready.count + queue.held.count + unacknowledged
      if queue.counts.published != accounted {
        broken.append("queue '\(queue.name)' took \(queue.counts.published) messages and accounts for \(accounted)")
      }
      if queue.options.overflow == .dropHead, queue.isOverLimit {
        broken.append("queue '\(queue.name)' holds \(queue.ready.count) messages of \(queue.options.maxLength)")
      }
      if unacknowledged > queue.options.unacknowledgedLimit {
        broken.append("queue '\(queue.name)' has \(unacknowledged) unacknowledged messages")
      }
      if queue.ready.contains(where: { $0.expiresAt.map { $0 <= now } == true }) {
        broken.append("queue '\(queue.name)' holds expired messages")
      }
    }
    let answered = publishes.accepted + publishes.rejected + publishes.unroutable + publishes.returned
    if publishes.messages != answered {
      broken.append("\(publishes.messages) messages were published and \(answered) answered for")
    }
    let copies = queues.values.reduce(publishes.deletedCopies) { $0 + $1.counts.published }
    if copies != publishes.routedCopies + publishes.deadLetterCopies {
      broken.append(
        "queues took \(copies) copies of \(publishes.routedCopies) published and \(publishes.deadLetterCopies) dead letters"
      )
    }
    return broken
  }
}
