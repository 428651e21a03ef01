import Distributions
import DriverInterface
import Histograms
import Platform
import ScenarioModel
import WorkloadLoops

extension WorkloadPlan {
  /// What the scenario says, in the driver's terms.
  init(_ scenario: Scenario, time: CycleCounter) {
    let threadCount = scenario.workload.producerCount + scenario.workload.consumerCount
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
          var consumer = Consumer(group, index: index, workload: scenario.workload, defaultWait: defaultWait)
          consumer.faults = FaultInjection(scenario, worker: consumer.name)
          return consumer
        }
      },
      serviceTimes: scenario.workload.producerGroups.flatMap { group in
        Array(repeating: ValueDistribution(duration: group.serviceTime), count: group.count)
      },
      checksPayload: scenario.verification.payload == .crc32c,
      checksOrder: scenario.verification.order == .perProducer,
      seed: scenario.seed,
      histogramLayout: HistogramLayout(
        highestTrackable: scenario.measure.histogramMaxNanoseconds,
        significantDigits: scenario.measure.histogramDigits),
      time: time)
    if scenario.time == .virtual { simulatedClock = SimulatedClock() }
    checksSizes = scenario.largestTracedByteCount == 0
    if scenario.output.tracePath != nil { sendLogCapacity = TraceRecorder.capacityPerProducer(scenario) }
  }

  /// Threads of the data path.
  var threadCount: Int { producers.count + consumers.count }
}

extension WorkloadPlan.Pattern {
  fileprivate init(_ workload: Scenario.Workload) {
    switch workload.pattern {
    case .workQueue, .publishSubscribe, .routing, .topics: self = .workQueue
    case .requestReply: self = .requestReply
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
    let sizes = ValueDistribution(payload: group.payload)
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
  }
}

extension WorkloadPlan.Consumer {
  fileprivate init(
    _ group: Scenario.ConsumerGroup, index: Int, workload: Scenario.Workload, defaultWait: WorkloadPlan.Wait
  ) {
    let hasWork = workload.producerGroups.contains { !ValueDistribution(duration: $0.serviceTime).isZero }
    self.init(
      name: "\(group.name).\(index)", queue: group.queue(of: index), prefetchCount: group.prefetchCount,
      acknowledgement: .init(group.acknowledgement),
      handler: HandlerPlan(
        busy: .init(group.busy), speed: group.speed, isIdle: !hasWork && group.busy != .touch),
      batchCount: group.batchCount, wait: group.wait.map(WorkloadPlan.Wait.init) ?? defaultWait)
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
  fileprivate init(_ busy: Scenario.ConsumerGroup.Busy) {
    switch busy {
    case .spin: self = .spin
    case .sleep: self = .sleep
    case .touch: self = .touch
    }
  }
}

extension Topology {
  fileprivate init(_ topology: Scenario.Topology) {
    self.init(
      exchanges: topology.exchanges.map {
        Exchange(name: $0.name, type: $0.kind.rawValue, isInternal: $0.isInternal, alternate: $0.alternate)
      },
      queues: topology.queues.map {
        Queue(
          name: $0.name, maxLength: $0.messageCountLimit, overflow: $0.overflow == .block ? .block : .rejectPublish)
      },
      bindings: topology.bindings.map {
        Binding(
          exchange: $0.exchange, destination: .init($0.destination), key: $0.key, arguments: $0.arguments)
      })
  }
}

extension Topology.Binding.Destination {
  fileprivate init(_ destination: Scenario.Binding.Destination) {
    switch destination {
    case .queue(let name): self = .queue(name)
    case .exchange(let name): self = .exchange(name)
    }
  }
}
