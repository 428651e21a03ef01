public import DriverInterface
public import Platform

extension ConsumeLoop: SteppedReceivingLoop where Receiver: ~Copyable {
  /// One event of a simulation: takes a batch, or ends the work on one of its messages.
  ///
  /// The same as `step`, but for the time that handling takes: here nothing waits for it.
  @inlinable
  public mutating func simulate(_ phase: PhaseControl) -> LoopStep {
    now = time.now()
    if !work.isEmpty {
      guard now >= work.endNanoseconds else { return .idle(untilNanoseconds: work.endNanoseconds) }
      endWork(reportsCompletion: phase.plan.reportsCompletion)
      return .worked
    }
    let count = receiver.receive(limit: batchCount, now: now)
    guard count > 0 else {
      if !isSettled { settle() }
      meters.add(1, to: .emptyPolls)
      return .blocked
    }
    isSettled = false
    var byteCount = 0
    for index in 0..<count {
      let message = receiver.message(at: index)
      byteCount &+= message.body.count
      _ = note(message, now, isOpenLoop: phase.plan.isOpenLoop)
    }
    meters.add(count, to: .received)
    meters.add(byteCount, to: .receivedBytes)
    meters.add(1, to: .batches)
    meters.set(.lastEventNanoseconds, to: UInt64(bitPattern: now))
    work.count = count
    work.index = 0
    startWork()
    return .worked
  }

  @inlinable
  mutating func startWork() {
    let message = receiver.message(at: work.index)
    let number = MessageStamp(of: message.body, checksPayload: false)?.number
    work.endNanoseconds = now &+ (number.map { handler.duration(of: $0) } ?? 0)
  }

  @inlinable
  mutating func endWork(reportsCompletion: Bool) {
    let message = receiver.message(at: work.index)
    conclude(message, verifiedStamp(of: message)?.number, reportsCompletion: reportsCompletion)
    work.index &+= 1
    if !work.isEmpty { startWork() }
  }
}
