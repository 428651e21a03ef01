extension ScenarioBuilder {
  mutating func queue(_ entry: SourceNode.Entry, in root: Section) -> Scenario.Queue {
    checkName(entry, "queue")
    let section = Section(
      withoutArguments(entry.value), keys: KeyTable.queue, path: "topology.queues.\(entry.key)",
      jsonPath: [.key("topology"), .key("queues"), .key(entry.key)], standIn: root.node?["workload"],
      position: entry.keyPosition)
    var queue = Scenario.Queue(name: entry.key, messageCountLimit: Int(count("max_length", in: section)))
    queue.overflow = choice("overflow", in: section)
    queue.order = choice("order", in: section)
    (queue.dispatch, queue.prescribedPrefetch) = dispatch(in: section)
    if isGiven("max_bytes", in: section) { queue.byteCountLimit = size("max_bytes", in: section) }
    if isGiven("priorities", in: section) { queue.highestPriority = Int(count("priorities", in: section)) }
    if isGiven("message_ttl", in: section) { queue.messageLifetimeNanoseconds = duration("message_ttl", in: section) }
    if isGiven("expires", in: section) { queue.expiryNanoseconds = duration("expires", in: section) }
    if isGiven("delivery_limit", in: section) { queue.deliveryLimit = Int(count("delivery_limit", in: section)) }
    if isGiven("unacknowledged_limit", in: section) {
      queue.unacknowledgedLimit = Int(count("unacknowledged_limit", in: section))
    }
    queue.deadLetter = deadLetter(in: section)
    queue.retry = retry(in: section)
    checkQueue(queue, in: section)
    return queue
  }

  private func isGiven(_ name: String, in section: Section) -> Bool { givenText(name, in: section) != nil }

  /// Who gets a message, and the prefetch that this means. `single_active: true` is another way to say the dispatch of that name.
  private mutating func dispatch(in section: Section) -> (Scenario.Queue.Dispatch, Int?) {
    let isSingle = boolean("single_active", in: section)
    let own = section.node?["dispatch"]
    if isSingle, let own, let text = own.scalar, text != "single_active" {
      report(
        .conflict, "`single_active` is a dispatch of its own, beside `dispatch: \(text)`",
        at: section.position(of: "single_active"), "keep one of them")
    }
    if isSingle, own == nil {
      record(.string("single_active"), "single_active", "dispatch", in: section, isDefault: false)
      return (.singleActive, nil)
    }
    let text = text("dispatch", in: section)
    if let count = ScalarCheck.argument(of: text, calling: "prefetch") { return (.shared, count) }
    let dispatch = Scenario.Queue.Dispatch(rawValue: text) ?? .shared
    return (dispatch, dispatch == .fair ? 1 : nil)
  }

  private mutating func deadLetter(in queue: Section) -> Scenario.Queue.DeadLetter? {
    guard case .map = queue.given("dead_letter")?.kind else { return nil }
    let section = queue.section("dead_letter")
    var address = Scenario.Queue.DeadLetter(exchange: text("exchange", in: section), key: nil)
    if isGiven("key", in: section) { address.key = text("key", in: section) }
    if address.exchange.isEmpty, address.key == nil {
      report(
        .missingKey, "`dead_letter` does not say where dead letters go", at: section.position,
        "write { key: name-of-a-queue }, or { exchange: name }")
    }
    return address
  }

  private mutating func retry(in queue: Section) -> Scenario.Queue.Retry? {
    guard case .map = queue.given("retry")?.kind else { return nil }
    let section = queue.section("retry")
    guard section.given("backoff") != nil else {
      report(
        .missingKey, "`retry` needs `backoff`, the first wait", at: section.position,
        "write { backoff: 100ms, max: 10s }")
      return nil
    }
    guard isGiven("backoff", in: section) else { return nil }
    let retry = Scenario.Queue.Retry(
      backoffNanoseconds: duration("backoff", in: section), limitNanoseconds: duration("max", in: section),
      hasJitter: boolean("jitter", in: section))
    if retry.limitNanoseconds < retry.backoffNanoseconds {
      report(
        .conflict,
        "the longest wait, \(Quantity.durationText(retry.limitNanoseconds)), is shorter than the first, "
          + Quantity.durationText(retry.backoffNanoseconds), at: section.position(of: "max"), "use a larger `max`")
    }
    return retry
  }

  /// What contradicts itself within one queue.
  private mutating func checkQueue(_ queue: Scenario.Queue, in section: Section) {
    if queue.order == .lifo, queue.highestPriority != nil {
      report(
        .conflict, "a queue with `priorities` hands out the oldest of the highest priority, not the newest",
        at: section.position(of: "order"), "remove `order: lifo` or `priorities`")
    }
    if queue.overflow == .rejectPublishDeadLetter, queue.deadLetter == nil {
      report(
        .conflict, "`overflow: reject_publish_dlx` makes dead letters, and the queue has no `dead_letter`",
        at: section.position(of: "overflow"), "add dead_letter: { key: name-of-a-queue }, or use reject_publish")
    }
    guard queue.dispatch.choosesAtPublish else { return }
    let contradictions = [
      ("order", queue.order == .lifo), ("priorities", queue.highestPriority != nil),
      ("overflow", queue.overflow == .dropHead), ("max_bytes", queue.byteCountLimit != nil),
      ("message_ttl", queue.messageLifetimeNanoseconds != nil), ("retry", queue.retry != nil),
      ("unacknowledged_limit", queue.unacknowledgedLimit != nil),
    ]
    for (name, contradicts) in contradictions where contradicts {
      report(
        .conflict,
        "`dispatch: \(queue.dispatch.rawValue)` hands messages out when they are published, so that `\(name)` has no say",
        at: section.position(of: name), "use a dispatch that consumers pull by: shared, fair, single_active")
    }
  }
}

extension Scenario.Queue.Overflow {
  /// Whether a full queue refuses messages, so that each one's fate is known to its publisher.
  public var refuses: Bool { self == .rejectPublish || self == .rejectPublishDeadLetter }
}

extension DistributionUnit {
  /// Priorities of messages.
  static let priority = DistributionUnit(parse: Quantity.count, write: Quantity.countText, example: "5") { priority in
    priority <= 255 ? nil : ("a priority is 255 at most, not \(priority)", nil, .outOfRange)
  }
}
