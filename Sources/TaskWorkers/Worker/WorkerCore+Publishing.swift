import DriverInterface
import Serialization

extension WorkerCore where Endpoint: ~Copyable {
  /// Sends the message in `copy` to a queue, now or when that has room.
  ///
  /// What a task that acknowledges late sends to the queue that it came from goes by way of the keeper of ETAs when that queue is full:
  /// it would wait for room that only its own acknowledgement makes.
  /// - Parameters:
  ///   - queue: Its name, or a key of `exchange`.
  ///   - tag: What to acknowledge when it has arrived.
  ///   - isFollower: Whether its cause is to be acknowledged later, and not as `tag`.
  mutating func publish(
    exchange: String = "", to queue: String, priority: UInt8, owing tag: UInt64?, isFollower: Bool = false
  ) {
    let route: Int
    var detour: Int?
    do {
      route = try endpoint.route(exchange: exchange, key: queue)
      if tag != nil || isFollower, exchange.isEmpty, queue == options.queue {
        detour = try endpoint.route(exchange: "", key: WorkerOptions.etaQueue(of: queue))
      }
    } catch {
      tally.messagesUnsent += 1
      if let tag { endpoint.refuse(tag, requeue: false, now: now) }
      return
    }
    let body = unsafe MessageBody(start: copy.bytes.start, count: copy.count)
    // Those that wait go first.
    if backlog.isEmpty, send(body, route: route, detour: detour, priority: priority) {
      if let tag { owed.append(tag) }
    } else if backlog.items.count < options.backlogLimit {
      backlog.append(
        .init(
          bytes: copy.copied(), route: route, priority: priority, owedTag: tag, detour: detour,
          isFollower: isFollower))
    } else if let tag {
      // Not lost: it comes again, and finds room then or not.
      endpoint.refuse(tag, requeue: true, now: now)
    } else {
      tally.messagesUnsent += 1
    }
  }

  /// Sends what waits for room; returns how many went.
  mutating func sendBacklog() -> Int {
    var sentCount = 0
    for item in backlog.items {
      let isSent = unsafe item.bytes.withUnsafeBytes { buffer in
        let bytes = unsafe BorrowedBytes(buffer)
        return send(
          unsafe MessageBody(start: bytes.start, count: bytes.count), route: item.route, detour: item.detour,
          priority: item.priority)
      }
      guard isSent else { break }
      if let tag = item.owedTag { owed.append(tag) }
      sentCount += 1
    }
    if sentCount > 0 { backlog.removeFirst(sentCount) }
    return sentCount
  }

  /// Hands one message over; false when neither queue has room.
  private mutating func send(_ body: MessageBody, route: Int, detour: Int?, priority: UInt8) -> Bool {
    var outcome = endpoint.sendAtOnce(body, route: route, priority: priority, now: now)
    if outcome.rejectedCount > 0, let detour {
      outcome = endpoint.sendAtOnce(body, route: detour, priority: priority, now: now)
      // A system without a keeper's queue.
      if outcome.unroutableCount + outcome.returnedCount > 0 { return false }
    }
    tally.messagesUnsent += outcome.unroutableCount + outcome.returnedCount
    return outcome.rejectedCount == 0
  }
}
