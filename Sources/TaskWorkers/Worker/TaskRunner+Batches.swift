import Serialization

extension TaskRunner {
  /// One of several messages that are done at once.
  struct Member {
    let envelope: TaskEnvelope
    let isRedelivered: Bool
  }

  /// Makes an attempt of each of these, all at once; says how each has ended. Writes no outcome.
  /// - Parameters:
  ///   - attempt: The number of all, for whoever wants to stop them.
  ///   - softDeadline: When their soft time limit is over; `.max` for never, and where a lane says.
  mutating func run(
    _ members: [Member], _ index: Int, attempt: UInt64, softDeadline: Int64
  ) -> [AsyncAttempt.Ending] {
    guard case .batch(_, let handler) = table.entries[index].work else {
      preconditionFailure("the task takes one message at a time")
    }
    var endings = [AsyncAttempt.Ending](repeating: .returned([]), count: members.count)
    var items: [(place: Int, item: TaskBatch.Item)] = []
    for (place, member) in members.enumerated() {
      do {
        let arguments = try unpack(member.envelope)
        items.append(
          (place, TaskBatch.Item(member.envelope, isRedelivered: member.isRedelivered, arguments: arguments)))
      } catch {
        endings[place] = .threw(error)
      }
    }
    guard !items.isEmpty else { return endings }
    var batch = TaskBatch(
      items.map(\.item), attempt: attempt, softDeadline: softDeadline, environment: environment)
    do { try handler(&batch) } catch { batch.failRest(with: error) }
    for (index, entry) in items.enumerated() {
      if let ending = batch.endings[index] { endings[entry.place] = ending }
    }
    return endings
  }
}
