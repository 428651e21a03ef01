extension ScenarioBuilder {
  mutating func producerGroup(
    _ group: Group, _ pattern: Scenario.Pattern, _ topology: Scenario.Topology
  ) -> Scenario.ProducerGroup {
    let section = group.section
    let count = Int(self.count("count", in: section))
    let payload = payload(pattern, in: section)
    let encoding = encoding(pattern, in: section)
    // A client sends one request at a time; a batch for all groups is one of its servers.
    let batch = pattern.hasAnswers ? 1 : Int(self.count("batch", in: section))
    var result = Scenario.ProducerGroup(
      name: group.name, count: count, exchange: "", keys: [], keyChoice: .inTurn, headers: [:], payload: payload,
      compressibleShare: 0, serviceTime: .fixed(0), confirmsOutstandingLimit: 0, batchCount: batch,
      timeoutNanoseconds: 1_000_000_000, wait: wait(in: section), source: group.source)
    result.encoding = encoding
    checkEncodedSize(result, in: section)
    guard pattern != .ring else { return result }
    guard pattern != .tasks else {
      result.keys = topology.queues.prefix(1).map(\.name)
      result.compressibleShare = compressibleShare(in: section)
      // Retries and countdowns take their time.
      result.timeoutNanoseconds = value(
        "timeout", in: section, default: "1m", parse: Quantity.duration, write: Quantity.durationText)
      return result
    }
    result.exchange = exchange(in: section, pattern, topology)
    result.headers = headers(in: section)
    result.priority = distribution("priority", .priority, in: section)
    result.isPersistent = boolean("persistent", in: section)
    if pattern.isOneWay {
      result.isMandatory = boolean("mandatory", in: section)
      if givenText("expiration", in: section) != nil {
        result.expirationNanoseconds = duration("expiration", in: section)
      }
    }
    (result.keys, result.keyChoice) = keys(in: section, of: result, topology)
    result.compressibleShare = compressibleShare(in: section)
    result.serviceTime = distribution("service_time", .duration, in: section)
    if pattern.isOneWay {
      result.confirmsOutstandingLimit = Int(self.count("confirms", in: section))
      checkConfirms(result, in: section)
    } else {
      result.timeoutNanoseconds = duration("timeout", in: section)
      if result.keys.count > 1 {
        report(
          .conflict, "the requests of `\(group.name)` go by one routing key, not by \(result.keys.count)",
          at: section.position(of: "keys"), "keep one key, or make a group of clients for each")
      }
    }
    return result
  }

  mutating func consumerGroup(
    _ group: Group, _ pattern: Scenario.Pattern, _ topology: Scenario.Topology
  ) -> Scenario.ConsumerGroup {
    let section = group.section
    var result = Scenario.ConsumerGroup(
      name: group.name, count: Int(count("count", in: section)), queue: "", hasOwnQueues: false, prefetchCount: 256,
      acknowledgement: .each, busy: .spin, speed: 1, batchCount: Int(count("batch", in: section)),
      wait: wait(in: section), source: group.source)
    guard pattern != .ring else { return result }
    result.hasOwnQueues = pattern == .publishSubscribe && section.given("from") == nil
    if !result.hasOwnQueues { result.queue = queue(in: section, group, topology) }
    result.prefetchCount = prefetch(of: result, topology, in: section)
    result.acknowledgement = acknowledgement(in: section)
    result.busy = busy(in: section)
    result.priority = Int(count("priority", in: section))
    result.speed = number("speed", in: section)
    if !(0.001...1_000).contains(result.speed) {
      report(.outOfRange, "`speed` is 0.001 to 1000", at: section.position(of: "speed"))
    }
    if pattern.isOneWay {
      result.failingShare = share("fail", in: section)
      checkFailures(result, topology, in: section)
    }
    guard case .every(let every) = result.acknowledgement else { return result }
    if pattern == .requestReply {
      report(
        .conflict, "a server acknowledges each request with its reply", at: section.position(of: "ack"),
        "write ack: each or ack: none")
    } else if every > result.prefetchCount {
      let isDefault = section.given("prefetch") == nil
      report(
        .conflict,
        "acknowledging every \(every) messages never happens with a prefetch of \(result.prefetchCount)"
          + (isDefault ? " (the default)" : ""),
        at: section.position(of: "ack"), "use a prefetch of \(every) or more, or acknowledge more often")
    }
    return result
  }

  /// Not recorded when left out: what it becomes depends on the machine.
  mutating func wait(in section: Section) -> Scenario.Wait? {
    guard let text = givenText("wait", in: section), let wait = Scenario.Wait(rawValue: text) else {
      let path = section.path.isEmpty ? "wait" : "\(section.path).wait"
      settings.append(
        .init(path: path, value: "spin_then_park (park with more threads than cores)", isDefault: true))
      return nil
    }
    record(.string(text), text, "wait", in: section, isDefault: false)
    return wait
  }

  private mutating func acknowledgement(in section: Section) -> Scenario.ConsumerGroup.Acknowledgement {
    if case .map = section.given("ack")?.kind {
      let inner = Section(
        section.given("ack"), keys: section.keys.key("ack")?.kind.objectKeys ?? [], path: "\(section.path).ack",
        jsonPath: section.jsonPath + [.key("ack")], position: section.position(of: "ack"))
      guard inner.given("every") != nil else {
        report(.missingKey, "`ack` needs `every`", at: inner.position, "write each, none, or { every: 100 }")
        return .each
      }
      guard givenText("every", in: inner) != nil else { return .each }
      return .every(Int(count("every", in: inner)))
    }
    return text("ack", in: section) == "none" ? .none : .each
  }

  private mutating func checkConfirms(_ group: Scenario.ProducerGroup, in section: Section) {
    let limit = group.confirmsOutstandingLimit
    guard limit > 0, group.batchCount > limit else { return }
    report(
      .conflict, "a batch of \(group.batchCount) never fits into \(limit) outstanding confirms",
      at: section.position(of: "confirms"), "use confirms: \(group.batchCount) or more, or a smaller batch")
  }

  /// The least power of two that is not below `number`.
  static func powerOfTwo(near number: Int) -> Int {
    var power = 1
    while power < number { power *= 2 }
    return power
  }
}
