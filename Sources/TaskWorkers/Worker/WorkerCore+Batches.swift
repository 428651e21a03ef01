import DriverInterface
import Serialization

extension WorkerCore where Endpoint: ~Copyable {
  /// Takes a message in hand that is to be done with others of its task.
  mutating func gather(_ message: ReceivedMessage, _ envelope: TaskEnvelope, _ index: Int) {
    gathered.add(slot: hands.addAside(TaskInHand(message, envelope, index), message), of: index)
  }

  /// Does what was gathered in this step, as many messages at a time as each task takes. What has not begun when a cold stop is asked
  /// for goes back.
  @usableFromInline @inline(never)
  mutating func runBatches() {
    while let (index, slots) = gathered.takeAll() {
      var rest = slots
      while !rest.isEmpty, !isStoppedCold {
        let batch = alike(rest.prefix(batchLimit(index)))
        runBatch(batch, index)
        rest = rest.dropFirst(batch.count)
      }
      for slot in rest { giveBack(hands[slot]) }
    }
  }

  /// How many messages of a task are done at once, at most.
  private func batchLimit(_ index: Int) -> Int {
    guard case .batch(let limit, _) = table.entries[index].work else {
      preconditionFailure("the task takes one message at a time")
    }
    return limit
  }

  /// Makes an attempt of each of these, all at once.
  private mutating func runBatch(_ batch: [TaskHand], _ index: Int) {
    for hand in batch {
      hands.noteBeginning()
      beginAttempt(hand)
    }
    let endings = runner.run(
      batch.map { TaskRunner.Member(envelope: $0.envelope, isRedelivered: $0.task.isRedelivered) }, index,
      attempt: attempt, softDeadline: softDeadline(of: batch[0]))
    for (hand, ending) in zip(batch, endings) {
      finish(hand, runner.write(ending, for: hand.envelope, index, isRedelivered: hand.task.isRedelivered))
    }
  }

  // MARK: In lanes

  /// The messages that a lane is to do next at once; none when nothing was gathered, or enough is under way: a batch for each lane, and a
  /// full one more, so that what waits meanwhile becomes a larger batch.
  func nextBatch(laneCount: Int) -> [TaskHand] {
    guard let (index, slots) = gathered.first else { return [] }
    let limit = batchLimit(index)
    guard batchesUnderWay < (slots.count < limit ? laneCount : 2 * laneCount) else { return [] }
    return alike(slots.prefix(limit))
  }

  /// The first of these, and those behind it that may be done with it.
  private func alike(_ slots: ArraySlice<Int>) -> [TaskHand] {
    guard let first = slots.first.map({ order(for: hands[$0]) }) else { return [] }
    // What is told to stop or killed, for its time or by what it does, takes with it what it is done with.
    return Array(slots.map { hands[$0] }.prefix { order(for: $0).agrees(with: first) })
  }

  /// What a lane is told about a batch.
  func order(for batch: [TaskHand]) -> LaneOrder {
    var order = order(for: batch[0])
    order.attemptCount = batch.count
    return order
  }

  /// A batch has got a place: see `begin(_:)` of a task.
  mutating func begin(_ batch: [TaskHand]) {
    gathered.removeFirst(batch.count)
    batchesUnderWay += 1
    for hand in batch {
      hands.noteBeginning()
      beginAttempt(hand)
      hand.isInBatch = batch.count > 1
    }
    batch[0].followers = Array(batch.dropFirst())
  }

  /// A lane has a batch back: what came of each, or what became of all.
  mutating func complete(_ batch: [TaskHand], _ completion: LaneCompletion) {
    batchesUnderWay -= 1
    batch[0].followers = nil
    guard batch.count > 1 else { return complete(batch[0], completion.remarks, completion.body) }
    var outcomes = completion.remarks.hasResult ? MessageBundle(completion.body) : nil
    for hand in batch {
      complete(hand, completion.remarks, outcomes?.next() ?? completion.body.part(at: 0, count: 0))
    }
  }
}
