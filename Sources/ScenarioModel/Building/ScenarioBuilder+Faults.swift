extension ScenarioBuilder {
  /// The faults. Each is read for itself; then those that take workers away for good are looked at together.
  mutating func faults(
    for workload: Scenario.Workload?, _ load: Scenario.Load, _ verification: Scenario.Verification
  ) -> [Scenario.Fault] {
    guard let node = root["faults"] else { return [] }
    var faults: [Scenario.Fault] = []
    for (index, item) in node.items.enumerated() {
      guard case .map(let entries) = item.kind else { continue }
      let section = Section(
        item, keys: KeyTable.fault, path: "faults.\(index)", jsonPath: [.key("faults"), .index(index)],
        position: entries.first?.keyPosition ?? item.position)
      guard let kind = faultKind(of: workload, in: section), let workload else { continue }
      let workers = faultyWorkers(kind, workload, in: section)
      checkFault(kind, workload, verification, in: section)
      if kind.hitsMessages {
        guard let oneIn = oneIn(in: section) else { continue }
        faults.append(
          .init(
            kind: kind, workers: workers, oneIn: oneIn, factor: 1, schedule: nil, source: section.position))
      } else {
        let factor = kind == .slowConsumer ? self.factor(in: section) : 1
        let schedule = self.schedule(of: kind, returns: workload.replaces(kind), load, in: section)
        faults.append(
          .init(
            kind: kind, workers: workers, oneIn: nil, factor: factor, schedule: schedule, source: section.position))
      }
    }
    if let workload { checkSurvivors(of: faults, workload) }
    return faults
  }

  private mutating func faultKind(
    of workload: Scenario.Workload?, in section: Section
  ) -> Scenario.Fault.Kind? {
    guard section.given("kind") != nil else {
      report(.missingKey, "a fault needs a `kind`", at: section.position, "write kind: lose, or another one")
      return nil
    }
    guard let text = givenText("kind", in: section), let kind = Scenario.Fault.Kind(rawValue: text) else { return nil }
    record(.string(text), text, "kind", in: section, isDefault: false)
    let isReplaced = workload?.replaces(kind) ?? false
    let used: Set<String> =
      if kind.hitsMessages {
        ["kind", "who", "one_in"]
      } else {
        Set(["kind", "who", "at", "every", "times"]).union(kind == .slowConsumer ? ["factor"] : [])
          .union(isReplaced ? [] : ["for"])
      }
    for entry in section.node?.entries ?? [] where !used.contains(entry.key) && KeyTable.fault.key(entry.key) != nil {
      report(
        .keyWithoutEffect, "`\(text)` has no use for `\(entry.key)`", at: entry.keyPosition,
        kind.hitsMessages && entry.key != "factor"
          ? "remove it: it hits one message in `one_in`, whenever that comes"
          : isReplaced ? "remove it: a child of a pool is replaced at once" : "remove it")
    }
    return kind
  }

  // MARK: - Who

  /// The consumers that `who` names: a group, or one of it; all when it is left out, which only a fault of messages may.
  private mutating func faultyWorkers(
    _ kind: Scenario.Fault.Kind, _ workload: Scenario.Workload, in section: Section
  ) -> [String] {
    let groups = workload.consumerGroups
    let all = groups.flatMap(\.workerNames)
    guard let who = givenText("who", in: section) else {
      if section.given("who") == nil, !kind.hitsMessages {
        report(
          .missingKey, "`\(kind.rawValue)` needs a worker that it happens to", at: section.position,
          "add who: \(all.first ?? "consumer.0")")
      }
      return all
    }
    record(.string(who), who, "who", in: section, isDefault: false)
    if let group = groups.first(where: { $0.name == who }) { return group.workerNames }
    if all.contains(who) { return [who] }
    let position = section.position(of: "who")
    let parts = who.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    if let group = groups.first(where: { $0.name == parts[0] }) {
      report(
        .unknownReference, "there is no worker `\(who)`: `\(group.name)` has \(group.count)", at: position,
        group.count == 1 ? "write \(group.name).0" : "write \(group.name).0 to \(group.name).\(group.count - 1)")
    } else if workload.producerGroups.contains(where: { $0.name == parts[0] }) {
      report(
        .conflict, "`\(parts[0])` sends, and faults happen where messages are received", at: position,
        "write who: \(groups.first?.name ?? "consumer")")
    } else {
      let names = groups.map(\.name)
      report(
        .unknownReference, "there are no workers `\(parts[0])`", at: position,
        Spelling.suggestion(for: parts[0], among: names) ?? "there is \(Spelling.list(names))")
    }
    return []
  }

  // MARK: - How

  private mutating func oneIn(in section: Section) -> Int64? {
    guard let text = givenText("one_in", in: section), let oneIn = try? Quantity.count(text) else {
      if section.given("one_in") == nil {
        report(.missingKey, "a fault of messages needs `one_in`", at: section.position, "add one_in: 1M")
      }
      return nil
    }
    record(.literal(Quantity.countText(oneIn)), Quantity.countText(oneIn), "one_in", in: section, isDefault: false)
    return oneIn
  }

  private mutating func factor(in section: Section) -> Double {
    guard let text = givenText("factor", in: section), let factor = try? Quantity.number(text) else {
      if section.given("factor") == nil {
        report(.missingKey, "`slow_consumer` needs a `factor`", at: section.position, "add factor: 4")
      }
      return 2
    }
    record(
      .literal(Quantity.decimalText(factor)), Quantity.decimalText(factor), "factor", in: section, isDefault: false)
    if !(1.0...1_000).contains(factor) || factor == 1 {
      report(.outOfRange, "`factor` is \(text); use more than 1, 1000 at most", at: section.position(of: "factor"))
    }
    return factor
  }

  /// A self-test needs a check that can catch it.
  private mutating func checkFault(
    _ kind: Scenario.Fault.Kind, _ workload: Scenario.Workload, _ verification: Scenario.Verification,
    in section: Section
  ) {
    let position = section.position(of: "kind")
    if workload.ring?.isRoundTrip == true {
      report(
        .conflict, "a ring with `round_trip` waits for each item, and `\(kind.rawValue)` would keep it waiting",
        at: position, "remove `round_trip`")
      return
    }
    if workload.ring?.memory == .shared {
      report(
        .conflict, "`\(kind.rawValue)` happens where items are received, which `memory: shared` makes another process",
        at: position, "use memory: private")
      return
    }
    if workload.pattern == .tasks {
      guard !workload.replaces(kind) else { return }
      report(
        .notSupportedYet, "`\(kind.rawValue)` is not supported yet with the pattern `tasks`", at: position,
        kind == .killWorker
          ? "use pool: processes, whose children can be killed" : "use the pattern work_queue or request_reply")
      return
    }
    switch kind {
    case .killWorker where workload.pattern == .ring:
      report(
        .conflict, "a ring has no acknowledgements: what a dead worker held is gone", at: position,
        "use the pattern work_queue")
    case .reorder where workload.pattern.hasAnswers:
      report(
        .conflict, "requests have no order that could be verified", at: position,
        "use lose, duplicate or corrupt, or the pattern work_queue")
    case .reorder where verification.order == .none:
      report(
        .conflict, "`reorder` is not caught while order is not verified", at: position,
        "write verify.order: per_producer"
      )
    case .corrupt where workload.pattern != .ring && verification.payload == .none:
      report(
        .conflict, "`corrupt` is not caught while bodies are not verified", at: position,
        "write verify.payload: crc32c")
    default: break
    }
  }

  /// Somebody must be left at every queue; a worker that comes back counts.
  private mutating func checkSurvivors(of faults: [Scenario.Fault], _ workload: Scenario.Workload) {
    guard workload.pattern != .tasks else { return }
    let killings = faults.filter { $0.kind == .killWorker && $0.schedule?.durationNanoseconds == nil }
    let dead = Set(killings.flatMap(\.workers))
    guard let last = killings.last else { return }
    var workersByQueue: [String: [String]] = [:]
    for group in workload.consumerGroups {
      for (index, worker) in group.workerNames.enumerated() {
        workersByQueue[group.queue(of: index), default: []].append(worker)
      }
    }
    for (queue, workers) in workersByQueue.sorted(by: { $0.key < $1.key }) where workers.allSatisfy(dead.contains) {
      let isOwn = workload.consumerGroups.contains { $0.hasOwnQueues && $0.queues.contains(queue) }
      report(
        .conflict,
        "nobody is left to take the messages of `\(queue)` when \(Spelling.list(workers)) "
          + (workers.count == 1 ? "is dead" : "are dead"),
        at: last.source,
        "add for: 200ms, after which a replacement takes over" + (isOwn ? "" : ", or another consumer"))
      return
    }
  }
}

extension Scenario.Workload {
  /// Whether what a fault takes away is replaced by itself: a child of a worker's pool.
  fileprivate func replaces(_ kind: Scenario.Fault.Kind) -> Bool { kind == .killWorker && pool?.kind == .processes }
}

extension Scenario.ConsumerGroup {
  /// `group.index` of each.
  fileprivate var workerNames: [String] { (0..<count).map { "\(name).\($0)" } }
}
