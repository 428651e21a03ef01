import DriverInterface

extension TaskMessage {
  /// A copy of all that `envelope` says. Signatures nested more than `Signature.depthLimit` deep are left out.
  public init(_ envelope: TaskEnvelope) { self.init(envelope, depth: 0) }

  init(_ envelope: TaskEnvelope, depth: Int) {
    self.init(
      envelope.name.text, identifier: envelope.identifier,
      arguments: SerializedBytes(
        envelope.arguments.copy, serializer: envelope.serializer, compression: envelope.compression))
    priority = envelope.priority
    flags = envelope.flags
    correlation = envelope.correlation
    replyTo = envelope.replyTo
    eta = envelope.eta
    expires = envelope.expires
    softTimeLimit = envelope.softTimeLimit
    timeLimit = envelope.timeLimit
    retries = envelope.retries
    if envelope.mask != 0 { takeFields(of: envelope, depth: depth) }
  }

  private mutating func takeFields(of envelope: TaskEnvelope, depth: Int) {
    relations = TaskRelations(envelope)
    queue = envelope.text(of: .queue)
    routingKey = envelope.text(of: .routingKey)
    shadow = envelope.text(of: .shadow)
    lang = envelope.text(of: .lang)
    argsrepr = envelope.text(of: .argsrepr)
    kwargsrepr = envelope.text(of: .kwargsrepr)
    origin = envelope.text(of: .origin)
    headers = envelope.headers
    input = TaskInput(envelope)
    guard depth < Signature.depthLimit else { return }
    let inner = { (field: EnvelopeField) in
      envelope.signatures(of: field).map { Signature(prototype: TaskMessage($0, depth: depth + 1)) }
    }
    callbacks = inner(.callbacks)
    errbacks = inner(.errbacks)
    chain = inner(.chain)
    chord = inner(.chord)
    members = inner(.members)
  }
}

extension TaskRelations {
  /// What a message says its task is a part of.
  public init(_ envelope: TaskEnvelope) {
    root = envelope.identifier(of: .rootID)
    parent = envelope.identifier(of: .parentID)
    group = envelope.identifier(of: .group)
    groupIndex = envelope.number(of: .groupIndex)
    chordSize = envelope.number(of: .chordSize)
  }
}
