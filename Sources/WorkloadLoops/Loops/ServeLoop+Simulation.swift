public import DriverInterface
public import Platform

extension ServeLoop: SteppedReceivingLoop where Endpoint: ~Copyable {
  /// Nothing to prepare.
  public mutating func begin() {}

  /// Everything is counted as it happens.
  public mutating func finish() {}

  /// The phase is over: leaves the requests in hand and those that wait without a reply.
  public mutating func breakOff() {
    if !work.isEmpty {
      leave(work.index..<work.count, time.now())
      work.index = work.count
      work.isReplyStaged = false
    }
    takeLeftovers()
  }

  /// One event of a simulation: takes a batch, or ends the work on one of its requests and replies.
  @inlinable
  public mutating func simulate(_ phase: PhaseControl) -> LoopStep {
    let now = time.now()
    if !work.isEmpty {
      guard now >= work.endNanoseconds else { return .idle(untilNanoseconds: work.endNanoseconds) }
      return endWork(now)
    }
    let count = endpoint.receive(limit: batchCount, now: now)
    guard count > 0 else { return .blocked }
    endpoint.received(now: now)
    work.count = count
    work.index = 0
    startWork(now)
    return .worked
  }

  @inlinable
  mutating func startWork(_ now: Int64) {
    let message = endpoint.message(at: work.index)
    work.endNanoseconds = now &+ (verifiedStamp(of: message).map { handler.duration(of: $0.number) } ?? 0)
  }

  @inlinable
  mutating func endWork(_ now: Int64) -> LoopStep {
    let message = endpoint.message(at: work.index)
    if verifiedStamp(of: message) == nil {
      noteCorruption(message)
    } else {
      if !work.isReplyStaged { work.isReplyStaged = endpoint.reply(to: message, with: message.body, now: now) }
      guard endpoint.flushReplies(now: now).remainingCount == 0, work.isReplyStaged else {
        meters.add(1, to: .fullWaits)
        return .blocked
      }
      work.isReplyStaged = false
    }
    endpoint.acknowledge(message.tag, multiple: false, now: now)
    meters.add(1, to: .received)
    meters.add(message.body.count, to: .receivedBytes)
    work.index &+= 1
    if work.isEmpty { meters.add(1, to: .batches) } else { startWork(now) }
    return .worked
  }
}
