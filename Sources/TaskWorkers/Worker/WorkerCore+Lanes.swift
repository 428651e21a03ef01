import DriverInterface
import Serialization

extension WorkerCore where Endpoint: ~Copyable {
  /// What a lane is told about a task; what is done together elsewhere agrees in it, too.
  func order(for hand: TaskHand) -> LaneOrder {
    let terms = unsafe table.terms[hand.task.index]
    let envelope = hand.envelope
    let isReplayed = terms.isBroughtBack && !terms.isReturnedToQueue
    return LaneOrder(
      ticket: UInt64(hand.slot),
      softLimitNanoseconds: envelope.softTimeLimit > 0 ? envelope.softTimeLimit : terms.softTimeLimit,
      hardLimitNanoseconds: envelope.timeLimit > 0 ? envelope.timeLimit : terms.timeLimit,
      isReplayedAfterLoss: isReplayed,
      replayLimit: isReplayed ? max(0, terms.redeliveryLimit - hand.returnCount) : 0)
  }

  /// A lane has a task back.
  mutating func complete(_ completion: LaneCompletion) {
    let hand = hands[Int(completion.ticket)]
    if let followers = hand.followers { return complete([hand] + followers, completion) }
    complete(hand, completion.remarks, completion.body)
  }

  /// A lane has a task back, with this outcome if it was run to its end.
  mutating func complete(_ hand: TaskHand, _ remarks: LaneRemarks, _ body: MessageBody) {
    let isRedelivered = hand.task.isRedelivered || remarks.contains(.redelivered)
    if isRedelivered, !hand.task.isRedelivered { tally.redelivered += 1 }
    guard !remarks.contains(.notBegun) else { return giveBack(hand) }
    if remarks.hasResult {
      if let outcome = TaskOutcome(body), outcome.identifier == hand.envelope.identifier {
        runner.take(outcome, isRedelivered: isRedelivered)
        return finish(hand, outcome.state)
      }
      // Whoever ran it has gone mad: what it says is about no task, or about another one.
      tally.malformed += 1
    }
    if remarks.contains(.workerLost), !remarks.contains(.poisoned) {
      // Killed by a cold stop, and not for what it did.
      if coldLimit != nil { return abort(hand) }
      if unsafe table.terms[hand.task.index].isReturnedToQueue { return giveBack(hand) }
    }
    let (state, errorType) = ending(of: remarks)
    runner.write(state, errorType, for: hand.envelope, isRedelivered: isRedelivered)
    if state == .rejected {
      // A poisonous message goes where the queue's dead letters go, if it is still the broker's.
      conclude(hand.task, hand.envelope, start: hand.start)
      if hand.task.isOwed { endpoint.refuse(hand.task.tag, requeue: false, now: now) }
      return hands.release(hand)
    }
    finish(hand, state)
  }

  private mutating func ending(of remarks: LaneRemarks) -> (TaskState, String) {
    if remarks.contains(.terminated) { return (.revoked, WorkerErrorName.revoked) }
    if remarks.contains(.timeLimitExceeded) {
      tally.timeLimitsExceeded += 1
      return (.failure, WorkerErrorName.timeLimitExceeded)
    }
    if remarks.contains(.resultTooLarge) { return (.failure, WorkerErrorName.resultTooLarge) }
    tally.workersLost += 1
    guard remarks.contains(.poisoned) else { return (.failure, WorkerErrorName.workerLost) }
    tally.poisoned += 1
    return (.rejected, WorkerErrorName.redeliveryLimitExceeded)
  }

  /// A task that was not begun goes back into its queue: by the broker while it has the message, else as a new one.
  mutating func giveBack(_ hand: TaskHand) {
    if hand.attempt != 0 { observer?.taskGivenBack(hand.envelope, now: now) }
    if hand.task.isOwed {
      endpoint.refuse(hand.task.tag, requeue: true, now: now)
    } else {
      _ = keepCopy(of: hand.envelope)
      EnvelopePatch.address(&copy, correlation: hand.task.correlation, replyTo: hand.task.replyTo)
      let isOnItsWay = publish(to: options.queue, priority: hand.envelope.priority, owing: nil)
      if !isOnItsWay {
        runner.write(.failure, WorkerErrorName.notSent, for: hand.envelope, isRedelivered: hand.task.isRedelivered)
        conclude(hand.task, hand.envelope, start: hand.start)
      }
    }
    hands.release(hand)
  }

  /// Everything that waits for a place goes back.
  mutating func giveBackWaiting() {
    while let hand = hands.firstWaiting {
      hands.removeFirstWaiting(hasBegun: false)
      giveBack(hand)
    }
    giveBackGathered()
  }

  /// How many tasks wait for a place, alone or with others.
  var waitingCount: Int { hands.waitingCount + gathered.count }

  /// A task that no lane has room for, ever. It waits for a place no longer.
  mutating func refuseTooLarge(_ hand: TaskHand) {
    runner.write(.failure, WorkerErrorName.messageTooLarge, for: hand.envelope, isRedelivered: hand.task.isRedelivered)
    finish(hand, .failure)
  }
}
