import Platform
import Serialization

extension TaskApplication {
  /// Sends a task with options.
  public func apply<Task: TaskDefinition>(
    _ task: Task, _ options: ApplyOptions = ApplyOptions()
  ) throws(TaskSendError) -> TaskHandle<Task.Output> {
    try applyOne(.task(try task.signature(options)), as: Task.Output.self, resultExpires: Task.options.resultExpires)
  }

  /// Sends a task with options.
  public func apply<Task: AsyncTaskDefinition>(
    _ task: Task, _ options: ApplyOptions = ApplyOptions()
  ) throws(TaskSendError) -> TaskHandle<Task.Output> {
    try applyOne(.task(try task.signature(options)), as: Task.Output.self, resultExpires: Task.options.resultExpires)
  }

  /// Sends a task, as its own options say.
  public func delay<Task: TaskDefinition>(_ task: Task) throws(TaskSendError) -> TaskHandle<Task.Output> {
    try apply(task)
  }

  /// Sends a task, as its own options say.
  public func delay<Task: AsyncTaskDefinition>(_ task: Task) throws(TaskSendError) -> TaskHandle<Task.Output> {
    try apply(task)
  }

  /// Sends a task by its name: also one that this application does not know.
  public func apply<Output: Sendable>(
    _ signature: Signature, as type: Output.Type
  ) throws(TaskSendError) -> TaskHandle<Output> {
    try apply(.task(signature), as: type)
  }

  /// Sends a workflow that ends with one task; `applyGroup` sends others. What has been sent of it before a full queue ends the call stays
  /// sent.
  public func apply<Output: Sendable>(
    _ workflow: Workflow, as type: Output.Type
  ) throws(TaskSendError) -> TaskHandle<Output> {
    try applyOne(workflow, as: type)
  }

  private func applyOne<Output: Sendable>(
    _ workflow: Workflow, as type: Output.Type, resultExpires: Duration? = nil
  ) throws(TaskSendError) -> TaskHandle<Output> {
    let count = workflow.resultCount
    guard count == 1 else { throw .notOneResult(count: count) }
    return try send(workflow, as: type, resultExpires: resultExpires).members[0]
  }

  /// Sends a workflow that ends with a group, of any number of members. What has been sent of it before a full queue ends the call stays
  /// sent.
  public func applyGroup<Output: Sendable>(
    _ workflow: Workflow, as type: Output.Type
  ) throws(TaskSendError) -> GroupResult<Output> {
    try send(workflow, as: type)
  }

  /// - Parameter resultExpires: How long results are kept of tasks that the registry says nothing of, if not as long as the application's.
  private func send<Output: Sendable>(
    _ workflow: Workflow, as type: Output.Type, resultExpires: Duration? = nil
  ) throws(TaskSendError) -> GroupResult<Output> {
    try checkOpen()
    let compiled = identifiers.withLock { WorkflowCompiler.compile(workflow, identifiers: &$0) }
    var children: [TaskIdentifier: [TaskIdentifier]] = [:]
    var lifetimes: [TaskIdentifier: Int64] = [:]
    compiled.visit { signature in
      guard let identifier = signature.identifier else { return }
      children[identifier] = (signature.options.link + signature.options.linkError).compactMap(\.identifier)
      let options = registry[signature.task]?.options
      guard !(signature.options.ignoreResult ?? options?.ignoreResult ?? false) else { return }
      let lifetime = options?.resultExpires ?? resultExpires ?? settings.resultExpires
      lifetimes[identifier] = lifetime.resultLifetimeNanoseconds
    }
    let accepted = settings.resultAcceptContent ?? settings.acceptContent
    guard let held = HeldTasks(lifetimes, in: results, clock: time, accepting: accepted) else {
      throw .tooManyResults(limit: settings.resultLimit)
    }
    for head in compiled.heads { try send(head) }
    let ends = Set(compiled.ends)
    let parents = Array(compiled.tasks.filter { !ends.contains($0) }.reversed())
    return GroupResult(
      members: compiled.ends.map { end in
        TaskHandle(end, children: children[end] ?? [], parents: parents, held: held)
      })
  }

  /// Makes the message of a signature, completes it, and publishes it.
  private func send(_ signature: Signature) throws(TaskSendError) {
    let now = time.now()
    var message = signature.message(
      identifier: identifiers.withLock { $0.next() }, options: registry[signature.task]?.options, now: now)
    let place = try destination(of: &message, now: now)
    message.origin = settings.name
    // Also where its own result is not wanted: those of what follows it are.
    message.replyTo = inboxAddress
    message.correlation = message.identifier.low
    let bytes: [UInt8]
    do { bytes = try message.encoded() } catch { throw .message(error) }
    try publish(OutgoingMessage(bytes: bytes, destination: place, priority: message.priority))
    events.taskSent(message, now: now)
  }

  /// Sends what follows from something that no worker has done: tasks, and word to those who wait for others.
  ///
  /// What finds no room is left out: its waiters go on waiting, until their time-outs.
  func send(_ consequences: TaskConsequences, now: Int64) {
    for message in consequences.messages {
      var message = message
      complete(&message)
      guard let place = try? destination(of: &message, now: now), let bytes = try? message.encoded() else { continue }
      guard (try? publish(OutgoingMessage(bytes: bytes, destination: place, priority: message.priority))) != nil else {
        continue
      }
      events.taskSent(message, now: now)
    }
    for notice in consequences.notices where notice.replyTo != 0 {
      var writer = ByteWriter(capacity: 256, limit: TaskEnvelope.byteCountLimit)
      OutcomeWriter.begin(&writer, for: notice.identifier, retries: 0)
      OutcomeWriter.end(&writer, notice.state, errorType: notice.errorType, text: notice.errorText, flags: [])
      OutcomeWriter.setCorrelation(&writer, notice.correlation)
      try? publish(OutgoingMessage(bytes: writer.copied(), destination: .address(notice.replyTo)))
    }
  }

  /// Where a message goes: by its routing key if it has one, else to its queue; to the keeper of its queue if its time has not come.
  /// - Throws: `TaskSendError.noQueue` when it is to wait for its time, and its key is none of the application's queues.
  private func destination(
    of message: inout TaskMessage, now: Int64
  ) throws(TaskSendError) -> OutgoingMessage.Destination {
    guard message.eta > now else {
      if let key = message.routingKey { return .route(exchange: settings.exchange, key: key) }
      return .route(exchange: "", key: queue(of: message) ?? settings.defaultQueue)
    }
    guard let queue = queue(of: message) else {
      throw .noQueue(
        "exchange '\(settings.exchange)', key '\(message.routingKey ?? "")'; a task that waits for its time does so at one of the "
          + "application's queues, and the key is none of them: name a queue as well")
    }
    message.queue = queue
    return .route(exchange: "", key: WorkerOptions.etaQueue(of: queue))
  }

  /// The queue that a message is for: the application's queues are bound to the exchange by their names. nil when it has a routing key that
  /// leads elsewhere, and no queue.
  func queue(of message: TaskMessage) -> String? {
    guard let key = message.routingKey else {
      return message.queue ?? settings.routes[message.task] ?? settings.defaultQueue
    }
    return settings.exchange.isEmpty || settings.allQueues.contains(key) ? key : message.queue
  }

  /// Publishes a message of a task; waits for room for `sendTimeout`.
  func publish(_ message: OutgoingMessage) throws(TaskSendError) {
    let end = MonotonicClock.now().advanced(upTo: settings.sendTimeout.wholeNanoseconds)
    while true {
      if try tasks.tryPublish(message, now: time.now()) { return }
      guard MonotonicClock.now() < end else { throw .queueFull }
      PrecisionSleep.sleep(nanoseconds: Self.roomPeriod)
    }
  }

  /// How often a call looks whether a full queue has room again, in nanoseconds.
  static var roomPeriod: Int64 { 200_000 }
}

extension CompiledWorkflow {
  /// Shows every signature in it to `body`, once.
  func visit(_ body: (Signature) -> Void) {
    var chords: Set<TaskIdentifier> = []
    func show(_ signature: Signature) {
      body(signature)
      for next in signature.options.link + signature.options.linkError { show(next) }
      for next in signature.chain + signature.members { show(next) }
      // Every member of a chord has its body.
      guard let group = signature.relations.group, chords.insert(group).inserted else { return }
      for next in signature.chord { show(next) }
    }
    for head in heads { show(head) }
  }
}
