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
      endWork(isOpenLoop: phase.plan.isOpenLoop, reportsCompletion: phase.plan.reportsCompletion)
      return .worked
    }
    let count = receiver.receive(limit: batchCount, now: now)
    guard count > 0 else {
      if !isSettled { settle() }
      meters.add(1, to: .emptyPolls)
      return .blocked
    }
    receiver.received(now: now)
    isSettled = false
    meters.add(1, to: .batches)
    work.count = count
    work.index = 0
    work.receivedNanoseconds = now
    startWork(isOpenLoop: phase.plan.isOpenLoop)
    return .worked
  }

  /// Takes note of the next message, whose turn has come.
  @inlinable
  mutating func startWork(isOpenLoop: Bool) {
    let message = receiver.message(at: work.index)
    work.number = note(message, work.receivedNanoseconds, isOpenLoop: isOpenLoop)
    meters.add(1, to: .received)
    meters.add(message.body.count, to: .receivedBytes)
    work.endNanoseconds = now &+ (work.number.map { handler.duration(of: $0) } ?? 0)
  }

  /// The phase is over: breaks off the work in hand, and takes away what has not been handled.
  public mutating func breakOff() {
    now = time.now()
    if !work.isEmpty {
      meters.set(.lastReceivedNanoseconds, to: UInt64(bitPattern: now))
      acknowledge(receiver.message(at: work.index).tag)
      let rest = work.index + 1..<work.count
      work.index = work.count
      leave(rest)
    }
    takeLeftovers()
  }

  @inlinable
  mutating func endWork(isOpenLoop: Bool, reportsCompletion: Bool) {
    conclude(receiver.message(at: work.index), work.number, reportsCompletion: reportsCompletion)
    meters.set(.lastReceivedNanoseconds, to: UInt64(bitPattern: now))
    work.index &+= 1
    if !work.isEmpty { startWork(isOpenLoop: isOpenLoop) }
  }
}
