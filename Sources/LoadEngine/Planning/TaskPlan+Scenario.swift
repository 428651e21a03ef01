import Distributions
import ScenarioModel
import WorkloadLoops

extension WorkloadPlan.TaskPlan {
  /// What the scenario says.
  init(_ workload: Scenario.Workload) {
    guard let pool = workload.pool else { preconditionFailure("a validated scenario of tasks has workers") }
    self.init(
      pool: Pool(pool.kind), concurrency: pool.concurrency, tasksPerChildLimit: pool.tasksPerChildLimit,
      kinds: workload.tasks.map { Kind($0, of: workload) })
    beatClock = BeatClock(
      fromNanoseconds: workload.beatClock.fromSeconds.map { Int64($0) * 1_000_000_000 },
      speed: workload.beatClock.speed)
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
  fileprivate init(_ task: Scenario.TaskKind, of workload: Scenario.Workload) {
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
    ignoresResult = task.ignoresResult
    if let payload = task.payload {
      // Checked: all clients encode alike.
      let limit = workload.producerGroups[0].payloadByteCountLimit
      payloadSizes = ValueDistribution(payload: payload, largestByteCount: limit)
      payloadByteCount = payload.highest.map(Int.init) ?? limit
    }
    schedule = task.schedule.map(WorkloadPlan.TaskPlan.Schedule.init)
    workflow = task.workflow.map { WorkloadPlan.TaskPlan.Workflow($0, of: workload) }
  }
}

extension WorkloadPlan.TaskPlan.Schedule {
  fileprivate init(_ schedule: Scenario.TaskSchedule) {
    switch schedule {
    case .every(let period): self = .every(period)
    case .crontab(let crontab): self = .crontab(crontab.fields, timeZone: crontab.timeZone)
    }
  }
}

extension WorkloadPlan.TaskPlan.Workflow {
  fileprivate init(_ workflow: Scenario.TaskWorkflow, of workload: Scenario.Workload) {
    let index = { (name: String) -> Int in
      guard let index = workload.tasks.firstIndex(where: { $0.name == name }) else {
        preconditionFailure("a validated workflow names tasks")
      }
      return index
    }
    switch workflow {
    case .chain(let names): self = .chain(names.map(index))
    case .group(let names): self = .group(names.map(index))
    case .chord(let header, let body): self = .chord(header: header.map(index), body: index(body))
    }
  }
}
