import Serialization

/// Decides what follows a task that has ended: its links, the rest of its chain, the body of its chord, its errbacks; and who never runs.
///
/// A value: it reads no clock and sends nothing. In the embedded system all workers of an application share one behind a lock that only
/// tasks with something to follow take; since they tell it as they finish, nobody polls for a chord.
///
/// The rules are the field's: an input goes to every callback that is not immutable; the tasks behind a failed one end as failed with
/// its error; a chord whose member fails ends with a `ChordError`, and its body's errbacks are sent. In addition a link whose task has
/// failed ends as failed too, so that nobody waits for it for ever.
public struct WorkflowDesk: Sendable {
  private var chords: ChordLedger
  /// What an open chord waits for, so that it can be told when members stay away.
  private var bodies: [TaskIdentifier: OpenChord] = [:]
  private var identifiers: TaskIdentifierSource
  private let registry: TaskRegistry

  /// A desk without open chords.
  /// - Parameters:
  ///   - identifiers: What tasks are called that have no identity yet.
  ///   - registry: The tasks whose options are known.
  ///   - limits: Of its chords.
  public init(
    identifiers: TaskIdentifierSource, registry: TaskRegistry = TaskRegistry(),
    limits: ChordLedger.Limits = ChordLedger.Limits()
  ) {
    chords = ChordLedger(limits: limits)
    self.identifiers = identifiers
    self.registry = registry
  }

  /// Chords with members missing.
  public var openChordCount: Int { chords.openCount }

  /// What became of chords so far.
  public var chordStatistics: ChordStatistics {
    ChordStatistics(
      open: chords.openCount, byteCount: chords.byteCount, expired: chords.expiredCount,
      refused: chords.refusedCount, overflowed: chords.overflowCount)
  }

  /// What follows the end of the task of `message`, an end for good.
  /// - Parameters:
  ///   - message: The task's message.
  ///   - ending: How it ended.
  ///   - now: The present time in nanoseconds.
  public mutating func consequences(of message: TaskMessage, _ ending: TaskEnding, now: Int64) -> TaskConsequences {
    var consequences = TaskConsequences()
    switch ending {
    case .success(let result): succeed(message, result, now, &consequences)
    case .failure(let failure): fail(message, failure, now, &consequences)
    }
    return consequences
  }

  /// Gives up chords whose members stay away, and forgets old ones. Returns what follows: a body that will never run fails with a
  /// `ChordError`. A chord of which no member ever ended is not known here.
  public mutating func expire(now: Int64) -> TaskConsequences {
    var consequences = TaskConsequences()
    for chord in chords.expire(now: now) {
      guard let open = bodies.removeValue(forKey: chord) else { continue }
      let failure = ChordFailure(reason: "members of the group \(chord) have not ended in time")
      failBody(open.body, failure, after: open.member, now, &consequences)
    }
    return consequences
  }

  // MARK: Success

  private mutating func succeed(
    _ message: TaskMessage, _ result: SerializedBytes, _ now: Int64, _ consequences: inout TaskConsequences
  ) {
    let part = TaskInput.Part(result)
    for callback in message.callbacks { send(callback, .single(part), after: message, now, &consequences) }
    if var next = message.chain.first {
      if next.members.isEmpty { next.chain = Array(message.chain.dropFirst()) }
      return send(next, .single(part), after: message, now, &consequences)
    }
    guard let body = message.chord.first, let place = ChordPlace(message.relations) else { return }
    switch chords.succeed(
      place.chord, index: place.index, of: place.size, result: part,
      bodyByteCount: OpenChord(body, message).byteCount, now: now)
    {
    case .repeated: return
    case .waiting: if bodies[place.chord] == nil { bodies[place.chord] = OpenChord(body, message) }
    case .complete(let parts):
      bodies[place.chord] = nil
      send(body, .group(parts), after: message, now, &consequences)
    case .failed(let failure):
      bodies[place.chord] = nil
      failBody(body, failure, after: message, now, &consequences)
    }
  }

  /// Makes the message of a signature, or of each member of a group.
  private mutating func send(
    _ signature: Signature, _ input: TaskInput, after message: TaskMessage, _ now: Int64,
    _ consequences: inout TaskConsequences
  ) {
    guard signature.members.isEmpty else {
      for member in signature.members { send(member, input, after: message, now, &consequences) }
      return
    }
    var signature = signature
    signature.give(input)
    signature.relations.root = message.relations.root ?? message.identifier
    signature.relations.parent = message.identifier
    var next = signature.message(
      identifier: identifiers.next(), options: registry[signature.task]?.options, now: now)
    next.correlation = message.correlation
    next.replyTo = message.replyTo
    consequences.messages.append(next)
  }

  // MARK: Failure

  private mutating func fail(
    _ message: TaskMessage, _ failure: TaskFailure, _ now: Int64, _ consequences: inout TaskConsequences
  ) {
    for errback in message.errbacks { tell(errback, failure, after: message, now, &consequences) }
    for callback in message.callbacks { cancel(callback, failure, after: message, now, &consequences) }
    for next in message.chain { cancel(next, failure, after: message, now, &consequences) }
    failMember(message.identifier, message.relations, message.chord, failure, after: message, now, &consequences)
  }

  /// Sends an errback, or each member of a group of them, with the failure in the format of its own arguments: whoever accepts these
  /// accepts it.
  private mutating func tell(
    _ errback: Signature, _ failure: TaskFailure, after message: TaskMessage, _ now: Int64,
    _ consequences: inout TaskConsequences
  ) {
    for member in errback.members { tell(member, failure, after: message, now, &consequences) }
    guard errback.members.isEmpty else { return }
    let part = TaskInput.Part(failure, errback.arguments.serializer)
    send(errback, .single(part), after: message, now, &consequences)
  }

  /// Says of a signature, and of all that would have followed it, that it will never run.
  private mutating func cancel(
    _ signature: Signature, _ failure: TaskFailure, after message: TaskMessage, _ now: Int64,
    _ consequences: inout TaskConsequences
  ) {
    for member in signature.members { cancel(member, failure, after: message, now, &consequences) }
    guard signature.members.isEmpty else { return }
    if let identifier = signature.identifier {
      consequences.notices.append(
        TaskConsequences.Notice(
          identifier: identifier, errorType: failure.typeName, errorText: failure.text,
          correlation: message.correlation, replyTo: message.replyTo))
    }
    for callback in signature.options.link { cancel(callback, failure, after: message, now, &consequences) }
    for next in signature.chain { cancel(next, failure, after: message, now, &consequences) }
    failMember(
      signature.identifier ?? .none, signature.relations, signature.chord, failure, after: message, now, &consequences)
  }

  private mutating func failMember(
    _ task: TaskIdentifier, _ relations: TaskRelations, _ chord: [Signature], _ failure: TaskFailure,
    after message: TaskMessage, _ now: Int64, _ consequences: inout TaskConsequences
  ) {
    guard let body = chord.first, let place = ChordPlace(relations) else { return }
    guard
      case .failed(let reason) = chords.fail(
        place.chord, index: place.index, member: task, reason: failure.description, now: now)
    else { return }
    bodies[place.chord] = nil
    failBody(body, reason, after: message, now, &consequences)
  }

  /// A chord's body will never run: its waiters are told, and its errbacks sent. A body that is a group fails member by member.
  private mutating func failBody(
    _ body: Signature, _ reason: ChordFailure, after message: TaskMessage, _ now: Int64,
    _ consequences: inout TaskConsequences
  ) {
    for member in body.members { failBody(member, reason, after: message, now, &consequences) }
    guard body.members.isEmpty else { return }
    let failure = TaskFailure(
      task: body.identifier ?? .none, name: body.task, typeName: ChordFailure.typeName, text: reason.reason)
    for errback in body.options.linkError { tell(errback, failure, after: message, now, &consequences) }
    cancel(body, failure, after: message, now, &consequences)
  }
}
