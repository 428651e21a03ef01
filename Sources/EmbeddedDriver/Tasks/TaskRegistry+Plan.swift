import TaskWorkers
import WorkloadLoops

extension TaskOptions {
  /// What a kind of task says, in the terms of the workers.
  init(_ kind: WorkloadPlan.TaskPlan.Kind, _ encoding: PayloadEncoding) {
    self.init()
    maxRetries = kind.retryLimit
    autoretryFor = kind.retryLimit > 0 ? [TaskBody.Failure.self, SoftTimeLimitExceeded.self] : []
    defaultRetryDelay = .zero
    retryBackoff = kind.retryBackoffNanoseconds.map { .nanoseconds($0) }
    if let limit = kind.retryBackoffLimitNanoseconds { retryBackoffMax = .nanoseconds(limit) }
    retryJitter = kind.hasRetryJitter
    `throws` = [TaskBody.Failure.self, SoftTimeLimitExceeded.self]
    rateLimit = kind.rateLimitPerSecond.flatMap { RateLimit($0, per: .second) }
    softTimeLimit = kind.softTimeLimitNanoseconds.map { .nanoseconds($0) }
    timeLimit = kind.timeLimitNanoseconds.map { .nanoseconds($0) }
    expires = kind.expiryNanoseconds.map { .nanoseconds($0) }
    priority = kind.priority
    acksLate = kind.acknowledgesLate
    rejectOnWorkerLost = kind.isRejectedOnWorkerLost
    serializer = encoding.serializer
    compression = encoding.compression
  }
}

extension TaskRegistry {
  /// The built-in tasks of a plan, one for each of its kinds that is no workflow.
  /// - Parameters:
  ///   - inputs: What tasks get from those before them, where their identities say which they are.
  ///   - tally: Where the beginnings of attempts are counted, if they are.
  ///   - hasChildren: Whether children run them. A task of which three die is given up then: tried as often as the library's default
  ///     says, it would hold up its child for a minute, longer than a run waits for what is under way.
  init(
    _ kinds: [WorkloadPlan.TaskPlan.Kind], _ bodies: [TaskBody], _ encoding: PayloadEncoding,
    inputs: WorkflowInputs? = nil, countingIn tally: TaskTally? = nil, hasChildren: Bool = false
  ) {
    self.init()
    for (kind, body) in zip(kinds, bodies) where kind.workflow == nil {
      var options = TaskOptions(kind, encoding)
      if hasChildren { options.redeliveryLimit = 2 }
      let task = BuiltInTask(body: body, encoding: encoding, inputs: inputs, tally: tally)
      if kind.batchCount > 1 {
        registerBatch(kind.name, options: options, limit: kind.batchCount) { try task.run(&$0) }
      } else {
        register(kind.name, options: options) { invocation, writer in try task.run(invocation, into: &writer) }
      }
    }
  }
}
