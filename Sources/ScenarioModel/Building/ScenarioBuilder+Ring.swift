extension ScenarioBuilder {
  /// The ring of the pattern `ring`.
  mutating func ring(in section: Section) -> Scenario.Ring {
    let ring = Scenario.Ring(
      kind: choice("kind", in: section), lanes: choice("lanes", in: section),
      slowReader: choice("slow_reader", in: section), capacity: Int(count("capacity", in: section)),
      publish: choice("publish", in: section), isRoundTrip: boolean("round_trip", in: section),
      memory: choice("memory", in: section))
    if ring.capacity & (ring.capacity - 1) != 0 {
      let above = Self.powerOfTwo(near: ring.capacity)
      report(
        .outOfRange, "the capacity of a ring is a power of two", at: section.position(of: "capacity"),
        "use \(above / 2) or \(above)")
    }
    checkKeys(of: ring, in: section)
    return ring
  }

  /// Keys that only some kinds have a use for; their defaults may be written anywhere.
  private mutating func checkKeys(of ring: Scenario.Ring, in section: Section) {
    let misplaced: (key: String, kind: Scenario.Ring.Kind)? =
      if ring.lanes != .shared, ring.kind != .mpsc {
        ("lanes", .mpsc)
      } else if ring.slowReader != .block, ring.kind != .broadcast {
        ("slow_reader", .broadcast)
      } else {
        nil
      }
    if let misplaced {
      report(
        .keyWithoutEffect, "`\(misplaced.key)` says nothing about a ring of kind `\(ring.kind.rawValue)`",
        at: section.position(of: misplaced.key), "remove it, or use kind: \(misplaced.kind.rawValue)")
    }
    if ring.slowReader == .lap, ring.isRoundTrip {
      report(
        .conflict, "`round_trip` needs every item back, and `slow_reader: lap` overwrites some",
        at: section.position(of: "slow_reader"), "use slow_reader: block")
    }
  }

  /// What a ring of this kind and size allows.
  mutating func checkRing(
    _ ring: Scenario.Ring, _ workload: Scenario.Workload, _ producers: [Group], _ consumers: [Group],
    in section: Section
  ) {
    checkThreads(
      workload.producerGroups.map(\.count), producers, "producer", isLimited: !ring.kind.allowsProducers, ring)
    checkThreads(
      workload.consumerGroups.map(\.count), consumers, "consumer", isLimited: !ring.kind.allowsConsumers, ring)
    if ring.kind == .mpsc, ring.lanes == .perProducer {
      checkThreadLimit(
        workload.producerGroups.map(\.count), producers, Scenario.Ring.laneLimit,
        "an `mpsc` ring with `lanes: per_producer` has", "producers", "use fewer producers, or lanes: shared")
    }
    if ring.kind == .broadcast {
      checkThreadLimit(
        workload.consumerGroups.map(\.count), consumers, Scenario.Ring.readerLimit,
        "a ring of kind `broadcast` has", "consumers", "use fewer consumers, or the pattern publish_subscribe")
    }
    var reported: Set<SourcePosition> = []
    for (group, producer) in zip(producers, workload.producerGroups) {
      checkBatch(producer.batchCount, of: group, isProducer: true, ring, &reported)
    }
    for (group, consumer) in zip(consumers, workload.consumerGroups) {
      checkBatch(consumer.batchCount, of: group, isProducer: false, ring, &reported)
    }
    if ring.isRoundTrip, ring.publish == .lazy {
      report(
        .conflict, "`round_trip` waits for each item, and `publish: lazy` holds items back",
        at: section.position(of: "publish"), "use publish: each")
    }
    checkItemSizes(workload, producers)
    checkRecords(on: ring, workload, producers, in: section)
    checkMemory(of: ring, workload, in: section)
  }

  private mutating func checkMemory(of ring: Scenario.Ring, _ workload: Scenario.Workload, in section: Section) {
    let largest = workload.producerGroups.map(\.payloadByteCount).max() ?? 0
    guard largest <= 256 else { return }
    // Beyond the limit of lanes that is what has been reported.
    let laneCount = ring.lanes == .perProducer ? min(workload.producerCount, Scenario.Ring.laneLimit) : 1
    var slots = (count: Int64(ring.capacity), byteCount: Int64(largest), name: "slots of \(largest)B")
    if ring.kind == .bytes {
      // Each behind a header of 8 bytes, on a boundary of 8, and one more for what is lost at the end of the ring.
      slots = (slots.count + 1, (slots.byteCount + 15) & ~7, "records of \(largest)B with their headers")
    }
    if slots.count * slots.byteCount * Int64(laneCount) > 1 << 30 {
      let lanes = laneCount > 1 ? " in each of \(laneCount) lanes" : ""
      report(
        .outOfRange, "\(ring.capacity) \(slots.name)\(lanes) take more than 1GiB",
        at: section.position(of: "capacity"), "use a smaller capacity")
    }
  }

  /// A batch that never fits, or that the ring's way of publishing leaves no room for; one `batch` may hold for many
  /// groups and is reported once.
  private mutating func checkBatch(
    _ count: Int, of group: Group, isProducer: Bool, _ ring: Scenario.Ring, _ reported: inout Set<SourcePosition>
  ) {
    let problem: (message: String, suggestion: String)
    if count > ring.capacity {
      problem = (
        "a batch of \(count) never fits into a ring of \(ring.capacity)",
        "use a batch of \(ring.capacity) or less, or a larger capacity"
      )
    } else if count > 1, ring.isRoundTrip {
      problem = ("`round_trip` sends items one by one, not in batches of \(count)", "use batch: 1")
    } else if count > 1, isProducer, ring.publish == .lazy {
      problem = (
        "`publish: lazy` is for items one by one, not for batches of \(count)", "use batch: 1, or publish: each"
      )
    } else {
      return
    }
    let position = group.section.position(of: "batch")
    guard reported.insert(position).inserted else { return }
    report(.conflict, problem.message, at: position, problem.suggestion)
  }

  /// All items of a ring are alike.
  private mutating func checkItemSizes(_ workload: Scenario.Workload, _ producers: [Group]) {
    let sizes = workload.producerGroups.map(\.payloadByteCount)
    guard let other = sizes.firstIndex(where: { $0 != sizes[0] }) else { return }
    report(
      .conflict, "the items of a ring have one size, and these producers have \(sizes[0])B and \(sizes[other])B",
      at: producers[other].section.position(of: "payload"), "give all producers the same payload")
  }

  /// Reports more threads of a role than there may be, at the group that exceeds the limit.
  mutating func checkThreadLimit(
    _ counts: [Int], _ groups: [Group], _ limit: Int, _ subject: String, _ role: String, _ suggestion: String
  ) {
    let total = counts.reduce(0, +)
    guard total > limit else { return }
    var sum = 0
    let exceeding = zip(counts, groups).first { count, _ in
      sum += count
      return sum > limit
    }
    report(
      .outOfRange, "\(subject) \(limit) \(role) at most, not \(total)",
      at: exceeding?.1.section.position(of: "count") ?? start, suggestion)
  }

  private mutating func checkThreads(
    _ counts: [Int], _ groups: [Group], _ role: String, isLimited: Bool, _ ring: Scenario.Ring
  ) {
    let total = counts.reduce(0, +)
    guard total > 1, isLimited || ring.isRoundTrip else { return }
    let position =
      zip(counts, groups).first { $0.0 > 1 }?.1.section.position(of: "count") ?? groups.last?.source ?? start
    if isLimited {
      report(
        .conflict, "a ring of kind `\(ring.kind.rawValue)` has one \(role), not \(total)", at: position,
        ring.kind == .bytes || ring.kind == .broadcast
          ? "use one \(role), or kind: mpmc" : "use kind: mpmc, or one \(role)")
    } else {
      report(
        .conflict, "`round_trip` measures one pair of threads, not \(total) \(role)s", at: position,
        "use one \(role)")
    }
  }
}
