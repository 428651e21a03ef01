import Distributions
import DriverInterface
import Histograms
import MessageBroker
import Platform
import TaskWorkers
import WorkloadLoops

/// Makes the workers of tasks, each with the pool that the plan asks for.
struct TaskServers {
  private let plan: WorkloadPlan
  private let tasks: WorkloadPlan.TaskPlan
  private let broker: Broker
  /// Where endings are entered that results do not tell; nil where they tell all. A worker's own thread enters them, also those of tasks
  /// that ran in its lanes.
  private let books: TaskBooks?
  private let child: PeerProgram?

  init(
    _ plan: WorkloadPlan, _ tasks: WorkloadPlan.TaskPlan, _ broker: Broker, books: TaskBooks?, child: PeerProgram?
  ) {
    self.plan = plan
    self.tasks = tasks
    self.broker = broker
    self.books = books
    self.child = child
  }

  /// Makes worker `index` of the plan; its children are ready to run tasks.
  func makeWorker(_ index: Int) throws -> any LoadWorker {
    if tasks.laneCount == 0 { return try makeAlone(index) }
    return tasks.pool == .processes ? try makeWithChildren(index) : try makeWithThreads(index)
  }

  private func makeAlone(_ index: Int) throws -> any LoadWorker {
    let setting = setting(index, tally: TaskTally(), hasChildren: false)
    var core = WorkerCore(
      endpoint: try openEndpoint(index), registry: registry(setting), options: options(index), time: plan.time)
    if let bookkeeper { core.observe(bookkeeper) }
    return loopWorker(index, SoloTasks(core), setting)
  }

  private func makeWithThreads(_ index: Int) throws -> any LoadWorker {
    let setting = setting(index, tally: TaskTally(), hasChildren: false)
    let bell = try LaneBell()
    var worker = try pooled(index, registry(setting), bell, of: ThreadLane.self)
    for lane in 0..<tasks.concurrency {
      // Each thread has bodies of its own.
      let (registry, time) = (registry(setting), plan.time)
      worker.pool.grow(
        by: try ThreadLane(
          try laneOptions(index, lane), name: "\(plan.consumers[index].name).\(lane)", bell: bell, time: time
        ) {
          PrecisionSleep.setTimerSlack(nanoseconds: 1)
          return TaskLaneHandler(registry: registry, clock: time)
        })
    }
    return loopWorker(index, PooledTasks(worker), setting)
  }

  // MARK: - Children

  private func makeWithChildren(_ index: Int) throws -> any LoadWorker {
    guard let child else {
      throw DriverError(.notSupported, "tasks in child processes; the program has no way to start them")
    }
    let recipe = TaskChildRecipe(plan, tasks)
    let memory = try TaskChildMemory(recipe)
    let setting = setting(index, tally: memory.tally, hasChildren: true, decodeTime: memory.decodeTime(recipe))
    var program = TaskChildProgram(executable: child.executable, arguments: child.arguments)
    program.attachment = memory.memory
    let bell = try LaneBell()
    // Nothing runs here: the worker looks for names and options only.
    var worker = try pooled(index, registry(setting), bell, of: ChildLane.self)
    for lane in 0..<tasks.concurrency {
      worker.pool.grow(
        by: try ChildLane(
          program, try laneOptions(index, lane), bell: bell, now: plan.time.now(), calibration: plan.time.calibration))
    }
    try waitUntilReady(&worker.pool, bell)
    let served = PooledTasks(worker) { pool, number in
      pool.killChild(from: Int(truncatingIfNeeded: number % UInt64(max(1, pool.takingCount)))).map {
        "process \($0.processID), with \($0.inHandCount) task\($0.inHandCount == 1 ? "" : "s") in hand"
      }
    }
    return loopWorker(index, served, setting)
  }

  /// Waits for the children of one worker, so that no phase measures their start.
  private func waitUntilReady(_ pool: inout LanePool<ChildLane>, _ bell: LaneBell) throws(DriverError) {
    while !pool.isReady {
      let ticket = bell.doorbell.prepareToWait()
      let now = plan.time.now()
      let next = pool.attend(now: now)
      if let failure = pool.failure { throw DriverError(.unavailable, "a child for tasks: \(failure)") }
      guard next > now, !pool.isReady else {
        bell.doorbell.cancelWait()
        continue
      }
      bell.doorbell.wait(ticket, timeoutNanoseconds: next &- now)
    }
  }

  // MARK: - What all of them need

  private func openEndpoint(_ index: Int) throws(BrokerError) -> BrokerEndpoint {
    let worker = plan.consumers[index]
    return try TaskEndpointOpener(broker: broker).openWorker(
      of: worker.queue, prefetchCount: worker.prefetchCount, mayPark: worker.wait.parks)
  }

  private func setting(
    _ index: Int, tally: TaskTally, hasChildren: Bool, decodeTime: HistogramRecorder? = nil
  ) -> TaskServeSetting {
    let worker = plan.consumers[index]
    let meters = WorkerMeters(
      layout: plan.histogramLayout, encodes: !plan.encodings.isEmpty, decodeTime: decodeTime)
    let seed = SplitMix64.mix(plan.seed &+ UInt64(index))
    return TaskServeSetting(
      batchCount: worker.prefetchCount, wait: worker.wait, time: plan.time, meters: meters, tally: tally,
      countsAttempts: hasChildren || books != nil, hasChildren: hasChildren,
      faults: worker.faults.isEmpty
        ? nil : WorkerFaults(worker.faults.workerFaults, log: meters.injections, time: plan.time),
      seed: seed, loss: WorkerLoss())
  }

  /// The tasks for one thread.
  private func registry(_ setting: TaskServeSetting) -> TaskRegistry {
    let decoder = ArgumentDecoder(plan, recordingIn: setting.meters.encoding?.decodeTime)
    let bodies = tasks.kinds.map {
      TaskBody($0, of: plan, decoder: decoder, tally: setting.tally, findings: setting.meters.findings)
    }
    return TaskRegistry(
      tasks.kinds, bodies, plan.producers[0].encoding, inputs: books.map { WorkflowInputs($0.recipes) },
      countingIn: setting.countsAttempts ? setting.tally : nil, hasChildren: setting.hasChildren)
  }

  /// Fills the books for one worker, on its own thread; nil without books.
  private var bookkeeper: TaskBookkeeper? { books.map { TaskBookkeeper($0, plan.producers[0].encoding) } }

  private func options(_ index: Int) -> WorkerOptions {
    let worker = plan.consumers[index]
    var options = WorkerOptions(queue: worker.queue)
    options.seed = plan.seed
    // A quarter of what it may hold: limited tasks must not keep the others away.
    options.heldLimit = max(1, worker.prefetchCount / 4)
    return options
  }

  private func pooled<Lane: TaskLane & ~Copyable>(
    _ index: Int, _ registry: TaskRegistry, _ bell: LaneBell, of kind: Lane.Type
  ) throws(BrokerError) -> PooledWorkerCore<BrokerEndpoint, CycleCounter, Lane> {
    var worker = PooledWorkerCore<BrokerEndpoint, CycleCounter, Lane>(
      endpoint: try openEndpoint(index), registry: registry, options: options(index), time: plan.time,
      canKill: tasks.pool == .processes, laneLimit: tasks.concurrency, bell: bell)
    if let bookkeeper { worker.core.observe(bookkeeper) }
    return worker
  }

  /// A lane holds its share of what the worker may: a task then never waits behind more than that many others.
  private func laneOptions(_ index: Int, _ lane: Int) throws(DriverError) -> LaneOptions {
    let worker = plan.consumers[index]
    var options = LaneOptions()
    options.depth = max(1, worker.prefetchCount / tasks.concurrency)
    let largest = try TaskBooks.largestMessage(plan, tasks)
    options.requestByteCapacity = ringByteCapacity(for: largest + TaskPatternWorkers.overheadByteCount)
    // A batch is cut to what fits; what comes of it must fit.
    let batchCount = min(worker.prefetchCount, tasks.kinds.map(\.batchCount).max() ?? 1)
    options.completionByteCapacity = ringByteCapacity(for: batchCount * TaskBooks.resultByteCount)
    options.recordLimitPerChild = tasks.tasksPerChildLimit
    // Beside the threads of the workload, each of which has a core while there are any.
    options.core = CPUTopology.core(
      forThread: plan.producers.count + plan.consumers.count + index * tasks.concurrency + lane)
    options.waiting =
      switch worker.wait {
      case .spin: .spinning
      case .yield, .backoff, .spinThenPark: .spinningThenParked
      case .park: .parked
      }
    return options
  }

  /// A ring of records of up to so many bytes, of which it holds at least four.
  private func ringByteCapacity(for byteCount: Int) -> Int {
    var capacity = LaneOptions().requestByteCapacity
    while capacity < 4 * byteCount { capacity *= 2 }
    return capacity
  }

  private func loopWorker<Tasks: ServedTasks & SendableMetatype & ~Copyable>(
    _ index: Int, _ served: consuming Tasks, _ setting: TaskServeSetting
  ) -> any LoadWorker {
    let box = LoopBox(TaskServeLoop(served, setting))
    return LoopWorker(
      role: .consumer, name: plan.consumers[index].name, meters: setting.meters, loss: setting.loss
    ) { phase in
      box.withLoop { $0.run(phase) }
    }
  }
}
