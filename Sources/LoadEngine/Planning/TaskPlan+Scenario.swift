import Distributions
import ScenarioModel
import WorkloadLoops

extension WorkloadPlan.TaskPlan {
  /// What the scenario says.
  init(_ workload: Scenario.Workload) {
    guard let pool = workload.pool else { preconditionFailure("a validated scenario of tasks has workers") }
    self.init(
      pool: Pool(pool.kind), concurrency: pool.concurrency, tasksPerChildLimit: pool.tasksPerChildLimit,
      kinds: workload.tasks.map(Kind.init))
  }
}

extension WorkloadPlan.TaskPlan.Pool {
  fileprivate init(_ kind: Scenario.TaskPool.Kind) {
    switch kind {
    case .threads: self = .threads
    case .solo: self = .solo
    case .processes: self = .processes
    }
  }
}

extension WorkloadPlan.TaskPlan.Kind {
  fileprivate init(_ task: Scenario.TaskKind) {
    self.init(name: task.name)
    busy = HandlerPlan.Busy(task.busy)
    serviceTime = ValueDistribution(duration: task.serviceTime)
    weight = task.weight
    failingShare = task.failingShare
    retryLimit = task.retryLimit
    retryBackoffNanoseconds = task.retryBackoffNanoseconds
    retryBackoffLimitNanoseconds = task.retryBackoffLimitNanoseconds
    hasRetryJitter = task.hasRetryJitter
    timeLimitNanoseconds = task.timeLimitNanoseconds
    softTimeLimitNanoseconds = task.softTimeLimitNanoseconds
    rateLimitPerSecond = task.rateLimitPerSecond
    countdownNanoseconds = task.countdownNanoseconds
    expiryNanoseconds = task.expiryNanoseconds
    priority = UInt8(task.priority)
    acknowledgesLate = task.acknowledgesLate
    isRejectedOnWorkerLost = task.isRejectedOnWorkerLost
    batchCount = task.batchCount
  }
}
