/// What fails, expires, overflows and is answered for by dead letters: combinations that cannot hold or cannot be verified.
extension ScenarioBuilder {
  /// Dead letters go to an exchange that exists.
  mutating func checkDeadLetters(_ topology: Scenario.Topology) {
    for queue in topology.queues {
      guard let address = queue.deadLetter, !address.exchange.isEmpty else { continue }
      checkReference(
        address.exchange, among: topology.exchanges.map(\.name), "exchange",
        at: deadLetterPosition(queue.name, "exchange"))
    }
  }

  private func deadLetterPosition(_ queue: String, _ key: String) -> SourcePosition {
    let node = root["topology"]?["queues"]?[queue]
    return node?["dead_letter"]?[key]?.position ?? node?["dead_letter"]?.position
      ?? node?["arguments"]?.position ?? queuePosition(queue, else: start)
  }

  /// The prefetch of a group's consumers: their own choice, unless the dispatch of their queue is one.
  mutating func prefetch(
    of group: Scenario.ConsumerGroup, _ topology: Scenario.Topology, in section: Section
  ) -> Int {
    let queue = topology.queues.first { group.queues.contains($0.name) && $0.prescribedPrefetch != nil }
    let prescribed = queue?.prescribedPrefetch
    let count = Int(
      value(
        "prefetch", in: section, default: prescribed.map { "\($0)" }, parse: Quantity.count, write: Quantity.countText,
        isLiteral: true))
    if let queue, let prescribed, count != prescribed, givenText("prefetch", in: section) != nil {
      let position = section.position(of: "prefetch")
      let name = queue.dispatch == .fair ? "fair" : "prefetch(\(prescribed))"
      // One value under `workload` may stand for several groups.
      if !problems.contains(where: { $0.code == .conflict && $0.position == position }) {
        report(
          .conflict, "`dispatch: \(name)` means a prefetch of \(prescribed), not \(count)", at: position,
          "remove `prefetch`, or use dispatch: shared")
      }
    }
    return count
  }

  mutating func busy(in section: Section) -> Scenario.ConsumerGroup.Busy {
    guard case .map = section.given("busy")?.kind else {
      let text = text("busy", in: section)
      return Scenario.ConsumerGroup.Busy.words.first { $0.key == text }?.value ?? .spin
    }
    let inner = Section(
      section.given("busy"), keys: section.keys.key("busy")?.kind.objectKeys ?? [], path: "\(section.path).busy",
      jsonPath: section.jsonPath + [.key("busy")], position: section.position(of: "busy"))
    guard inner.given("fibonacci") != nil else {
      report(.missingKey, "`busy` needs `fibonacci`", at: inner.position, "write spin, or { fibonacci: 30 }")
      return .spin
    }
    return givenText("fibonacci", in: inner) == nil ? .spin : .fibonacci(Int(count("fibonacci", in: inner)))
  }

  /// Failures are said by refusing, and must come to an end.
  mutating func checkFailures(_ group: Scenario.ConsumerGroup, _ topology: Scenario.Topology, in section: Section) {
    guard group.failingShare > 0 else { return }
    let position = section.position(of: "fail")
    if group.acknowledgement == .none {
      report(
        .conflict, "with `ack: none` a message counts as handled when it is delivered, so that it cannot `fail`",
        at: position, "use ack: each, or remove `fail`")
    }
    let endless = topology.queues.first {
      group.queues.contains($0.name) && $0.takesBackFailures && $0.deliveryLimit == nil
    }
    if let endless, group.failingShare == 1 {
      report(
        .conflict, "what always fails goes back into `\(endless.name)` for ever", at: position,
        "add delivery_limit: 3 to the queue, or use less than 100%")
    }
  }

  /// Rules about messages that leave their queue without having been handled.
  mutating func checkLosses(_ workload: Scenario.Workload, _ topology: Scenario.Topology) {
    for queue in topology.queues {
      checkDeadLetterRoutes(of: queue, workload, topology)
      checkLifetimes(of: queue, workload, topology)
    }
    guard workload.pattern.hasAnswers else { return }
    for queue in topology.queues where queue.mayLose || queue.deadLetter != nil {
      report(
        .notSupportedYet,
        "requests that `\(queue.name)` drops, expires or moves elsewhere are not supported yet: nobody would answer them",
        at: queuePosition(queue.name, else: start), "use overflow: block, without message_ttl and dead_letter")
    }
  }

  /// What can be told of a queue's dead letters only holds if all of them take the same way.
  private mutating func checkDeadLetterRoutes(
    of queue: Scenario.Queue, _ workload: Scenario.Workload, _ topology: Scenario.Topology
  ) {
    // One without exchange and key was reported where it is written.
    guard let address = queue.deadLetter, !address.exchange.isEmpty || address.key != nil,
      topology.isRouted(address.exchange)
    else { return }
    let ways = topology.deadLetterWays(of: queue, sentBy: workload)
    if ways.contains([]) {
      report(
        .unknownReference, "dead letters of `\(queue.name)` reach no queue", at: deadLetterPosition(queue.name, "key"),
        address.exchange.isEmpty
          ? Spelling.suggestion(for: address.key ?? "", among: topology.queues.map(\.name))
            ?? "the default exchange routes by queue name" : "bind a queue to `\(address.exchange)`")
    } else if ways.count > 1 {
      report(
        .notSupportedYet,
        "dead letters of `\(queue.name)` go different ways by the keys they came with, which is not supported yet",
        at: deadLetterPosition(queue.name, "exchange"), "give dead_letter a `key`, or a fanout exchange")
    } else if topology.isReached(queue, byDeadLettersOf: queue, sentBy: workload) {
      report(
        .notSupportedYet, "dead letters of `\(queue.name)` come back to it, which is not supported yet",
        at: deadLetterPosition(queue.name, "key"), "use `retry` for waits between attempts")
    } else if queue.overflow == .rejectPublishDeadLetter, ways.first?.count != 1 {
      report(
        .notSupportedYet,
        "refused messages of `\(queue.name)` go to \(ways.first?.count ?? 0) queues, which is not supported yet",
        at: deadLetterPosition(queue.name, "exchange"), "send them to one queue, or use overflow: reject_publish")
    }
  }

  /// A lane has no clock: what is in it waits until its consumer takes it.
  private mutating func checkLifetimes(
    of queue: Scenario.Queue, _ workload: Scenario.Workload, _ topology: Scenario.Topology
  ) {
    guard queue.dispatch.choosesAtPublish else { return }
    for group in workload.producerGroups where group.expirationNanoseconds != nil {
      guard group.keys.contains(where: { topology.queues(reachedBy: $0, of: group).contains(queue.name) }) else {
        continue
      }
      report(
        .conflict,
        "`dispatch: \(queue.dispatch.rawValue)` hands messages out when they are published, so that the `expiration` of "
          + "`\(group.name)` has no say",
        at: root["workload"]?["producers"]?[group.name]?["expiration"]?.position ?? group.source,
        "use a dispatch that consumers pull by: shared, fair, single_active")
    }
  }

  /// What dies with a consumer is handled twice, once for nothing, so that the books of queues that lose messages would not close.
  mutating func checkKills(_ workload: Scenario.Workload, _ topology: Scenario.Topology) {
    let kill = (root["faults"]?.items ?? []).first { $0["kind"]?.scalar == "kill_worker" }
    let loses =
      topology.queues.contains { $0.mayLose || $0.deadLetter != nil || $0.deliveryLimit != nil }
      || workload.producerGroups.contains { $0.expirationNanoseconds != nil }
      || workload.consumerGroups.contains { $0.failingShare > 0 }
    guard let kill, loses else { return }
    report(
      .notSupportedYet,
      "`kill_worker` is not supported yet where messages may fail, expire, overflow or become dead letters",
      at: kill["kind"]?.position ?? kill.position, "use pause or slow_consumer, or queues that only block")
  }

  /// A closed loop waits for each message to be handled, and waits for ever for one that is not.
  mutating func checkClosedLoops(_ load: Scenario.Load, of workload: Scenario.Workload, _ topology: Scenario.Topology) {
    let loses =
      topology.queues.first { $0.mayLose || $0.deliveryLimit != nil }?.name
      ?? (workload.producerGroups.contains { $0.expirationNanoseconds != nil } ? topology.queues.first?.name : nil)
      ?? topology.queues.first { queue in
        !queue.takesBackFailures
          && workload.consumerGroups.contains { $0.failingShare > 0 && $0.queues.contains(queue.name) }
      }?.name
    guard let loses, workload.pattern.isOneWay else { return }
    for phase in load.phases {
      guard case .inFlight = phase.kind else { continue }
      report(
        .conflict,
        "`in_flight` waits for every message to be handled, and `\(loses)` lets some go without that", at: phase.source,
        "use constant, poisson or saturate")
    }
  }
}

extension Scenario.Topology {
  /// The sets of queues that a queue's dead letters go to: one, unless their own keys decide.
  func deadLetterWays(of queue: Scenario.Queue, sentBy workload: Scenario.Workload) -> Set<[String]> {
    guard let address = queue.deadLetter else { return [] }
    if let key = address.key { return [queues(reachedBy: key, through: address.exchange)] }
    var ways: Set<[String]> = []
    for group in workload.producerGroups {
      for key in group.keys where queues(reachedBy: key, of: group).contains(queue.name) {
        ways.insert(queues(reachedBy: key, headers: group.headers, through: address.exchange))
      }
    }
    return ways
  }

  /// Whether dead letters of one queue come to another, possibly by way of others.
  func isReached(
    _ queue: Scenario.Queue, byDeadLettersOf source: Scenario.Queue, sentBy workload: Scenario.Workload
  ) -> Bool {
    var reached: Set<String> = []
    var names = deadLetterQueues(of: source, sentBy: workload)
    while let name = names.popLast() {
      guard reached.insert(name).inserted, let next = queues.first(where: { $0.name == name }) else { continue }
      names += deadLetterQueues(of: next, sentBy: workload)
    }
    return reached.contains(queue.name)
  }

  /// The queues that get a queue's dead letters.
  public func deadLetterQueues(of queue: Scenario.Queue, sentBy workload: Scenario.Workload) -> [String] {
    deadLetterWays(of: queue, sentBy: workload).first ?? []
  }
}
