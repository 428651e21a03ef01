extension ScenarioBuilder {
  /// Groups and ring of a pattern.
  mutating func workload(
    _ pattern: Scenario.Pattern, _ topology: inout Scenario.Topology, in root: Section
  ) -> Scenario.Workload {
    let section = root.section("workload")
    let recorded: Scenario.Pattern = choice("pattern", in: section)
    refuseUnused(in: section, used: KeyUse.workload(pattern), by: pattern)
    let ring = pattern == .ring ? self.ring(in: section.section("ring")) : nil
    let producers = groups("producers", KeyTable.producer, KeyUse.producer(pattern), pattern, in: section)
    let consumers =
      pattern == .tasks ? [] : groups("consumers", KeyTable.consumer, KeyUse.consumer(pattern), pattern, in: section)
    if pattern == .publishSubscribe { addOwnQueues(consumers, to: &topology, in: root) }
    let routes = topology
    let workers = pattern == .tasks ? self.workers(topology, in: section) : nil
    var workload = Scenario.Workload(
      pattern: recorded, ring: ring,
      producerGroups: producers.map { producerGroup($0, pattern, routes) },
      consumerGroups: workers.map { [$0.group] } ?? consumers.map { consumerGroup($0, pattern, routes) })
    if let workers {
      workload.pool = workers.pool
      workload.tasks = tasks(workers.pool, topology, in: section)
      workload.beatClock = beatClock(in: section)
      checkClients(workload, producers, topology, in: section)
    }
    if let ring {
      checkRing(ring, workload, producers, consumers, in: section.section("ring"))
    } else {
      checkRoutes(workload, topology, in: section)
    }
    if ring == nil {
      checkLosses(workload, topology)
      checkKills(workload, topology)
    }
    checkStreams(workload, producers, in: section)
    if ring == nil {
      checkThreadLimit(
        workload.producerGroups.map(\.count) + workload.consumerGroups.map(\.count),
        producers + (workers.map { [$0.place] } ?? consumers),
        Scenario.Workload.sessionLimit, "a broker has a session for each thread, so that there are",
        "producers and consumers", "use fewer of them")
    }
    return workload
  }

  /// Each producer numbers the messages of each routing key by themselves, and a number has 16 bits for whose it is.
  private mutating func checkStreams(_ workload: Scenario.Workload, _ producers: [Group], in section: Section) {
    let limit = 65_536
    var streamCount = 0
    for (group, producer) in zip(producers, workload.producerGroups) {
      streamCount += producer.count * (workload.pattern.isOneWay ? producer.keys.count : 1)
      guard streamCount > limit else { continue }
      report(
        .outOfRange,
        "producers times their routing keys make more than \(limit) streams, which cannot be told apart",
        at: group.section.given("keys")?.position ?? group.source, "use fewer producers or fewer keys")
      return
    }
  }

  /// A group's name and where its values come from.
  struct Group {
    let name: String
    let section: Section
    /// Where the name is written.
    let source: SourcePosition
  }

  /// The groups of the file, or one with the default name.
  private mutating func groups(
    _ name: String, _ keys: [ScenarioKey], _ used: Set<String>, _ pattern: Scenario.Pattern, in section: Section
  ) -> [Group] {
    var entries = section.node?[name]?.entries ?? []
    if entries.isEmpty {
      entries = [
        .init(
          key: String(name.dropLast()), keyPosition: section.position,
          value: .init(kind: .map([]), position: section.position))
      ]
    }
    var groups: [Group] = []
    for entry in entries {
      checkSlug(entry, of: "group")
      let path = "workload.\(name).\(entry.key)"
      let group = Section(
        entry.value, keys: keys, path: path, jsonPath: [.key("workload"), .key(name), .key(entry.key)],
        standIn: section.node, position: entry.keyPosition)
      refuseUnused(in: group, used: used, by: pattern)
      groups.append(Group(name: entry.key, section: group, source: entry.keyPosition))
    }
    return groups
  }

  /// Reports keys that exist but that `pattern` has no use for. Keys that are not supported at all are not repeated.
  private mutating func refuseUnused(in section: Section, used: Set<String>, by pattern: Scenario.Pattern) {
    for entry in section.node?.entries ?? [] where !used.contains(entry.key) {
      guard let key = section.keys.key(entry.key),
        !Support.unsupportedKeys.contains("\(key.family ?? section.path).\(key.name)")
      else { continue }
      let patterns = Scenario.Pattern.allCases.filter { KeyUse.workload($0).contains(entry.key) }.map(\.rawValue)
      report(
        .keyWithoutEffect, "the pattern `\(pattern.rawValue)` has no use for `\(entry.key)`", at: entry.keyPosition,
        "remove it" + (patterns.isEmpty ? "" : "; it belongs to \(patterns.joined(separator: ", "))"))
    }
  }

  /// Reports a name that could not become part of a file name.
  mutating func checkSlug(_ entry: SourceNode.Entry, of kind: String) {
    guard !ScalarCheck.isSlug(entry.key) else { return }
    let slug = ScalarCheck.slug(from: entry.key)
    report(
      .invalidValue, "the name of a \(kind) is \(ValueKind.slug.phrase)", at: entry.keyPosition,
      slug.isEmpty ? nil : "write \(slug)")
  }
}
