extension Signature {
  /// How deep signatures may be in one another. Chains are no nesting: their signatures lie side by side.
  public static let depthLimit = 32

  /// The message of a new task.
  /// - Parameters:
  ///   - identifier: The task's identity, unless the signature has one.
  ///   - options: What the task's options say; nil where the sender does not know the task.
  ///   - now: The moment of sending, from which `countdown` and `expires` count, in nanoseconds.
  public func message(
    identifier: @autoclosure () -> TaskIdentifier, options defaults: TaskOptions? = nil, now: Int64
  ) -> TaskMessage {
    var message = prototype
    message.identifier = self.identifier ?? identifier()
    if let defaults { message.complete(with: defaults) }
    message.resolveTimes(now)
    // The first of a workflow is its root.
    message.relations.root = message.relations.root ?? message.identifier
    return message
  }

  /// The message as it is kept in others: with times that count from its sending, whenever that will be.
  var prototype: TaskMessage {
    var message = TaskMessage(task, identifier: identifier ?? .none, arguments: arguments)
    message.flags = .hasRelativeTimes
    if let ignoreResult = options.ignoreResult { message.flags.insert(ignoreResult ? .ignoresResult : .wantsResult) }
    if options.priority != nil { message.flags.insert(.hasPriority) }
    message.priority = options.priority ?? 0
    if let eta = options.eta {
      // An absolute moment among relative times: marked by its sign.
      message.eta = -max(1, eta)
    } else {
      message.eta = max(0, options.countdown?.wholeNanoseconds ?? 0)
    }
    message.expires = options.expires.map { max(1, $0.wholeNanoseconds) } ?? 0
    message.softTimeLimit = max(0, options.softTimeLimit?.wholeNanoseconds ?? 0)
    message.timeLimit = max(0, options.timeLimit?.wholeNanoseconds ?? 0)
    message.retries = UInt32(clamping: options.retries)
    message.relations = relations
    message.queue = options.queue
    message.routingKey = options.routingKey
    message.shadow = options.shadow
    message.headers = options.headers
    message.callbacks = options.link
    message.errbacks = options.linkError
    message.chain = chain
    message.chord = chord
    message.input = input
    message.members = members
    if isImmutable { message.flags.insert(.isImmutable) }
    return message
  }

  /// The signature that a prototype is the message of.
  public init(prototype message: TaskMessage) {
    self.init(message.task, arguments: message.arguments)
    identifier = message.identifier == .none ? nil : message.identifier
    if !message.flags.isDisjoint(with: [.ignoresResult, .wantsResult]) {
      options.ignoreResult = message.flags.contains(.ignoresResult)
    }
    options.priority = message.flags.contains(.hasPriority) ? message.priority : nil
    if message.eta < 0 { options.eta = -max(message.eta, -.max) }
    if message.eta > 0 { options.countdown = .nanoseconds(message.eta) }
    options.expires = message.expires > 0 ? .nanoseconds(message.expires) : nil
    options.softTimeLimit = message.softTimeLimit > 0 ? .nanoseconds(message.softTimeLimit) : nil
    options.timeLimit = message.timeLimit > 0 ? .nanoseconds(message.timeLimit) : nil
    options.retries = Int(message.retries)
    relations = message.relations
    options.queue = message.queue
    options.routingKey = message.routingKey
    options.shadow = message.shadow
    options.headers = message.headers
    options.link = message.callbacks
    options.linkError = message.errbacks
    chain = message.chain
    chord = message.chord
    input = message.input
    members = message.members
    isImmutable = message.flags.contains(.isImmutable)
  }
}

extension TaskMessage {
  /// Fills in what the call left to the task's options.
  mutating func complete(with defaults: TaskOptions) {
    if defaults.ignoreResult, !flags.contains(.wantsResult) { flags.insert(.ignoresResult) }
    if !flags.contains(.hasPriority) { priority = defaults.priority }
    if expires == 0, let lifetime = defaults.expires { expires = max(1, lifetime.wholeNanoseconds) }
  }

  /// Makes relative times absolute ones.
  mutating func resolveTimes(_ now: Int64) {
    guard flags.contains(.hasRelativeTimes) else { return }
    flags.remove(.hasRelativeTimes)
    if eta < 0 { eta = -max(eta, -.max) } else if eta > 0 { eta = now.advanced(upTo: eta) }
    if expires > 0 { expires = now.advanced(upTo: expires) }
  }
}

extension Int64 {
  /// The moment that is `duration` later, or the last there is: so long a time means never.
  @inlinable
  func advanced(upTo duration: Int64) -> Int64 {
    let (moment, overflows) = addingReportingOverflow(duration)
    return overflows ? .max : moment
  }
}
