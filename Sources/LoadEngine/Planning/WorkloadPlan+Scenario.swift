import Distributions
import DriverInterface
import Histograms
import Platform
import ScenarioModel
import WorkloadLoops

extension WorkloadPlan {
  /// What the scenario says, in the driver's terms.
  init(_ scenario: Scenario, time: CycleCounter) {
    let workload = scenario.workload
    let threadCount = workload.producerCount + workload.consumerCount * (1 + (workload.pool?.laneCount ?? 0))
    let defaultWait: Wait = threadCount > CPUTopology.coreCount ? .park : .spinThenPark
    self.init(
      pattern: Pattern(scenario.workload),
      topology: Topology(scenario.topology),
      producers: scenario.workload.producerGroups.flatMap { group in
        (0..<group.count).map {
          Producer(group, index: $0, of: scenario, defaultWait: defaultWait)
        }
      },
      consumers: scenario.workload.consumerGroups.flatMap { group in
        (0..<group.count).map { index in
          var consumer = Consumer(group, index: index, of: scenario, defaultWait: defaultWait)
          consumer.faults = FaultInjection(scenario, worker: consumer.name)
          return consumer
        }
      },
      serviceTimes: scenario.workload.producerGroups.flatMap { group in
        Array(repeating: ValueDistribution(duration: group.serviceTime), count: group.count)
      },
      checksPayload: scenario.verification.payload == .crc32c,
      checksOrder: scenario.verification.order != .none,
      seed: scenario.seed,
      histogramLayout: HistogramLayout(
        highestTrackable: scenario.measure.histogramMaxNanoseconds,
        significantDigits: scenario.measure.histogramDigits),
      time: time)
    if scenario.time == .virtual { simulatedClock = SimulatedClock() }
    deadLetterQueues = Dictionary(
      scenario.topology.queues.map {
        ($0.name, scenario.topology.deadLetterQueues(of: $0, sentBy: scenario.workload))
      }, uniquingKeysWith: { first, _ in first }
    ).filter { !$0.value.isEmpty }
    accounts = QueueAccount.all(of: scenario, deadLetterQueues)
    checksSizes = scenario.largestTracedByteCount == 0
    if scenario.output.tracePath != nil { sendLogCapacity = TraceRecorder.capacityPerProducer(scenario) }
  }

  /// Threads of the data path, in this process and in children.
  var threadCount: Int {
    let laneCount = if case .tasks(let tasks) = pattern { tasks.laneCount } else { 0 }
    return producers.count + consumers.count * (1 + laneCount)
  }
}

extension WorkloadPlan.Pattern {
  fileprivate init(_ workload: Scenario.Workload) {
    switch workload.pattern {
    case .workQueue, .publishSubscribe, .routing, .topics: self = .workQueue
    case .requestReply: self = .requestReply
    case .tasks: self = .tasks(WorkloadPlan.TaskPlan(workload))
    case .ring:
      guard let ring = workload.ring else { preconditionFailure("a validated ring scenario has a ring") }
      self = .ring(
        .init(
          kind: .init(ring), capacity: ring.capacity, publishesLazily: ring.publish == .lazy,
          isRoundTrip: ring.isRoundTrip, itemByteCount: workload.producerGroups[0].payloadByteCount,
          isBetweenProcesses: ring.memory == .shared,
          hasVaryingRecords: workload.producerGroups.contains { group in
            if case .fixed = group.payload { false } else { true }
          }))
    }
  }
}

extension WorkloadPlan.RingPlan.Kind {
  fileprivate init(_ ring: Scenario.Ring) {
    switch ring.kind {
    case .spsc: self = .singleProducer
    case .mpsc: self = ring.lanes == .shared ? .manyToOne : .lanes
    case .mpmc: self = .manyToMany
    case .broadcast: self = .broadcast(laps: ring.slowReader == .lap)
    case .bytes: self = .bytes
    case .lifo: self = .stack
    }
  }
}

extension WorkloadPlan.Producer {
  fileprivate init(
    _ group: Scenario.ProducerGroup, index: Int, of scenario: Scenario, defaultWait: WorkloadPlan.Wait
  ) {
    let sizes = ValueDistribution(payload: group.payload, largestByteCount: group.payloadByteCountLimit)
    self.init(
      name: "\(group.name).\(index)", exchange: group.exchange, keys: group.keys,
      queuesByKey: group.keys.map {
        scenario.topology.queues(reachedBy: $0, headers: group.headers, through: group.exchange)
      },
      keyChoice: KeyDistribution(group.keyChoice, count: group.keys.count), headers: group.headers,
      payloadByteCount: max(group.payloadByteCount, scenario.largestTracedByteCount), payloadSizes: sizes,
      compressibleShare: group.compressibleShare, batchCount: group.batchCount,
      confirmsOutstandingLimit: group.confirmsOutstandingLimit, timeoutNanoseconds: group.timeoutNanoseconds,
      wait: group.wait.map(WorkloadPlan.Wait.init) ?? defaultWait)
    encoding = PayloadEncoding(group.encoding)
    priorities = ValueDistribution(priority: group.priority)
    expirationNanoseconds = group.expirationNanoseconds
    isPersistent = group.isPersistent
    isMandatory = group.isMandatory
  }
}

extension WorkloadPlan.Consumer {
  fileprivate init(
    _ group: Scenario.ConsumerGroup, index: Int, of scenario: Scenario, defaultWait: WorkloadPlan.Wait
  ) {
    let hasWork = scenario.workload.producerGroups.contains { !ValueDistribution(duration: $0.serviceTime).isZero }
    self.init(
      name: "\(group.name).\(index)", queue: group.queue(of: index), prefetchCount: group.prefetchCount,
      acknowledgement: .init(group.acknowledgement),
      handler: HandlerPlan(
        busy: .init(group.busy), speed: group.speed, isIdle: !hasWork && !HandlerPlan.Busy(group.busy).isWork),
      batchCount: group.batchCount, wait: group.wait.map(WorkloadPlan.Wait.init) ?? defaultWait)
    priority = group.priority
    guard let source = scenario.topology.queues.first(where: { $0.name == queue }) else { return }
    if group.failingShare > 0 {
      failures = FailurePlan(share: group.failingShare, requeues: source.takesBackFailures, seed: scenario.seed)
    }
    let promised = scenario.topology.promisedOrder(of: source, sentBy: scenario.workload)
    order = .init([promised, scenario.verification.order].min { $0.strength < $1.strength } ?? promised)
  }
}

extension WorkloadPlan.Wait {
  fileprivate init(_ wait: Scenario.Wait) {
    switch wait {
    case .spin: self = .spin
    case .yield: self = .yield
    case .backoff: self = .backoff
    case .park: self = .park
    case .spinThenPark: self = .spinThenPark
    }
  }
}

extension WorkloadPlan.Acknowledgement {
  fileprivate init(_ acknowledgement: Scenario.ConsumerGroup.Acknowledgement) {
    switch acknowledgement {
    case .each: self = .each
    case .none: self = .none
    case .every(let count): self = .every(count)
    }
  }
}

extension HandlerPlan.Busy {
  init(_ busy: Scenario.ConsumerGroup.Busy) {
    switch busy {
    case .spin: self = .spin
    case .sleep: self = .sleep
    case .touch: self = .touch
    case .fibonacci(let number): self = .fibonacci(number)
    }
  }
}

extension WorkloadPlan.OrderCheck {
  fileprivate init(_ order: Scenario.Verification.Order) {
    switch order {
    case .none: self = .none
    case .perProducer: self = .perProducer
    case .perKey: self = .perKey
    }
  }
}
