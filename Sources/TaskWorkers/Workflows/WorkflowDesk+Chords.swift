import Serialization

extension WorkflowDesk {
  /// A body that waits, and the member that ended first.
  struct OpenChord: Sendable {
    let body: Signature
    let member: TaskMessage

    init(_ body: Signature, _ member: TaskMessage) {
      self.body = body
      // What errbacks and notices need of it, and no more.
      var kept = TaskMessage(
        member.task, identifier: member.identifier, arguments: SerializedBytes([], serializer: .raw))
      kept.relations = member.relations
      kept.correlation = member.correlation
      kept.replyTo = member.replyTo
      self.member = kept
    }

    /// About how many bytes of memory it takes up.
    var byteCount: Int { MemoryLayout<TaskMessage>.stride + member.task.utf8.count + body.byteCount }
  }
}

/// Where a task stands in a chord.
struct ChordPlace {
  let chord: TaskIdentifier
  let index: Int
  let size: Int

  init?(_ relations: TaskRelations) {
    guard let group = relations.group, let index = relations.groupIndex, let size = relations.chordSize else {
      return nil
    }
    (chord, self.index, self.size) = (group, Int(index), Int(size))
  }
}
