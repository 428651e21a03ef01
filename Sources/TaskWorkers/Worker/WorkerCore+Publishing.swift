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
  ///   - cause: What is to be acknowledged later because of it, if not as `tag`.
  /// - Returns: false when it will never arrive, which is counted: there is no such queue, or too many wait for room already. What `tag`
  ///   says is still owed then.
  @discardableResult
  mutating func publish(
    exchange: String = "", to queue: String, priority: UInt8, owing tag: UInt64?, causedBy cause: UInt64? = nil
  ) -> Bool {
    let route: Int
    var detour: Int?
    do {
      route = try endpoint.route(exchange: exchange, key: queue)
      if tag != nil || cause != nil, exchange.isEmpty, queue == options.queue {
        detour = try endpoint.route(exchange: "", key: WorkerOptions.etaQueue(of: queue))
      }
    } catch {
      tally.messagesUnsent += 1
      return false
    }
    let body = unsafe MessageBody(start: copy.bytes.start, count: copy.count)
    // Those that wait for the same queue go first.
    let passage =
      backlog.first(of: route) == nil ? send(body, route: route, detour: detour, priority: priority) : .noRoom
    guard passage != .nowhere else { return false }
    if passage == .sent {
      if let tag { owed.append(tag) }
    } else if backlog.count < options.backlogLimit {
      backlog.append(
        .init(
          bytes: copy.copied(), route: route, priority: priority, owedTag: tag, detour: detour,
          cause: cause))
    } else if let tag {
      // Not lost: it comes again, and finds room then or not.
      endpoint.refuse(tag, requeue: true, now: now)
    } else {
      tally.messagesUnsent += 1
      return false
    }
    return true
  }

  /// Sends what waits for room, to each queue as far as that has some; returns how many went.
  mutating func sendBacklog() -> Int {
    var sentCount = 0
    for route in backlog.routes {
      while let item = backlog.first(of: route) {
        let passage = unsafe item.bytes.withUnsafeBytes { buffer in
          let bytes = unsafe BorrowedBytes(buffer)
          return send(
            unsafe MessageBody(start: bytes.start, count: bytes.count), route: route, detour: item.detour,
            priority: item.priority)
        }
        guard passage != .noRoom else { break }
        backlog.removeFirst(of: route)
        if let tag = item.owedTag { owed.append(tag) }
        if passage == .nowhere { giveUp(item.bytes) }
        sentCount += 1
      }
    }
    return sentCount
  }

  /// Hands one message over, there or by the detour.
  private mutating func send(_ body: MessageBody, route: Int, detour: Int?, priority: UInt8) -> MessagePassage {
    var outcome = endpoint.sendAtOnce(body, route: route, priority: priority, now: now)
    if outcome.rejectedCount > 0, let detour {
      outcome = endpoint.sendAtOnce(body, route: detour, priority: priority, now: now)
      // A system without a keeper's queue.
      if outcome.unroutableCount + outcome.returnedCount > 0 { return .noRoom }
    }
    guard outcome.unroutableCount + outcome.returnedCount == 0 else {
      tally.messagesUnsent += 1
      return .nowhere
    }
    return outcome.rejectedCount == 0 ? .sent : .noRoom
  }
}

/// What became of a message that was handed over.
private enum MessagePassage {
  case sent
  /// Its queue has no room.
  case noRoom
  /// No queue takes it.
  case nowhere
}
