import DriverInterface
import Serialization

extension WorkerCore where Endpoint: ~Copyable {
  /// Takes a message in hand that is to be done with others of its task.
  mutating func gather(_ message: ReceivedMessage, _ envelope: TaskEnvelope, _ index: Int) {
    gathered.add(slot: hands.addAside(TaskInHand(message, envelope, index), envelope.body), of: index)
  }

  /// Does what was gathered in this step, as many messages at a time as each task takes. What has not begun when a cold stop is asked
  /// for goes back.
  @usableFromInline @inline(never)
  mutating func runBatches() {
    while let (index, slots) = gathered.takeAll() {
      guard case .batch(let limit, let handler) = table.entries[index].work else {
        preconditionFailure("the task takes one message at a time")
      }
      var rest = slots[...]
      while !rest.isEmpty, !isStoppedCold {
        runBatch(rest.prefix(limit).map { hands[$0] }, handler)
        rest = rest.dropFirst(limit)
      }
      for slot in rest { giveBack(hands[slot]) }
    }
  }

  /// Makes an attempt of each of these, all at once.
  private mutating func runBatch(_ members: [TaskHand], _ handler: TaskBatchHandler) {
    var begun: [TaskHand] = []
    var items: [TaskBatch.Item] = []
    for hand in members {
      hands.noteBeginning()
      beginAttempt(hand)
      do {
        let arguments = try runner.unpack(hand.envelope)
        items.append(
          TaskBatch.Item(
            identifier: hand.envelope.identifier, retries: Int(hand.envelope.retries),
            isRedelivered: hand.task.isRedelivered, arguments: arguments))
        begun.append(hand)
      } catch {
        finish(hand, .threw(error))
      }
    }
    guard !begun.isEmpty else { return }
    var batch = TaskBatch(items)
    do { try handler(&batch) } catch { batch.failRest(with: error) }
    for (index, hand) in begun.enumerated() { finish(hand, batch.endings[index] ?? .returned([])) }
  }

  private mutating func finish(_ hand: TaskHand, _ ending: AsyncAttempt.Ending) {
    finish(
      hand,
      runner.write(ending, for: hand.envelope, hand.task.index, isRedelivered: hand.task.isRedelivered))
  }
}
