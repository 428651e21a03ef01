import DriverInterface
import Serialization

extension WorkerCore where Endpoint: ~Copyable {
  /// Sends the message in `copy` to a queue, now or when that has room.
  /// - Parameters:
  ///   - queue: Its name, or a key of `exchange`.
  ///   - tag: What to acknowledge when it has arrived.
  mutating func publish(exchange: String = "", to queue: String, priority: UInt8, owing tag: UInt64?) {
    let route: Int
    do { route = try endpoint.route(exchange: exchange, key: queue) } catch {
      tally.messagesUnsent += 1
      if let tag { endpoint.refuse(tag, requeue: false, now: now) }
      return
    }
    let body = unsafe MessageBody(start: copy.bytes.start, count: copy.count)
    // Those that wait go first.
    if backlog.isEmpty, send(body, route: route, priority: priority) {
      if let tag { owed.append(tag) }
    } else if backlog.items.count < options.backlogLimit {
      backlog.append(.init(bytes: copy.copied(), route: route, priority: priority, owedTag: tag))
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
          unsafe MessageBody(start: bytes.start, count: bytes.count), route: item.route, priority: item.priority)
      }
      guard isSent else { break }
      if let tag = item.owedTag { owed.append(tag) }
      sentCount += 1
    }
    if sentCount > 0 { backlog.removeFirst(sentCount) }
    return sentCount
  }

  /// Hands one message over; false when its queue has no room. The end point may still hold it back: see `flush`.
  private mutating func send(_ body: MessageBody, route: Int, priority: UInt8) -> Bool {
    for _ in 0..<2 {
      if endpoint.send(body, route: route, correlation: 0, priority: priority, now: now) {
        let outcome = endpoint.flush(now: now)
        tally.messagesUnsent += outcome.unroutableCount + outcome.returnedCount
        return outcome.rejectedCount == 0
      }
      _ = endpoint.flush(now: now)
    }
    return false
  }
}
