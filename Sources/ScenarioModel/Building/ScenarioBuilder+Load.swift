extension ScenarioBuilder {
  /// The phases, from either spelling, or that of the search; `workload` is nil when its pattern is not known.
  mutating func load(
    for workload: Scenario.Workload?, _ topology: Scenario.Topology, _ search: Scenario.CapacitySearch?,
    in root: Section
  ) -> Scenario.Load {
    let section = root.section("load")
    let warmup = duration("warmup", in: section)
    var phases: [Scenario.Phase]
    if let search {
      phases = searchedPhases(search, of: workload, in: section)
    } else {
      phases = phaseEntries(in: section).enumerated().compactMap { index, entry in
        phase(entry, index, workload, topology, in: section)
      }
    }
    if warmup > 0, var first = phases.first {
      first.name = "warmup"
      first.isWarmup = true
      first.durationNanoseconds = warmup
      first.kind = Self.warmupKind(of: first.kind)
      first.source = section.position(of: "warmup")
      phases.insert(first, at: 0)
    }
    checkPhaseNames(in: section, hasWarmup: warmup > 0)
    let pacing = section.section("pacing")
    return .init(
      phases: phases, pacingSpinNanoseconds: duration("spin", in: pacing),
      pacingMaxLagNanoseconds: duration("max_lag", in: pacing), drainNanoseconds: duration("drain", in: section))
  }

  /// The load before a load: the same as far as a time can end it, at the rate that the phase begins with.
  private static func warmupKind(of kind: Scenario.Phase.Kind) -> Scenario.Phase.Kind {
    switch kind {
    case .saturate, .backlog: .saturate(messageCount: nil)
    case .varying(let rate) where rate.isPoisson: .poisson(ratePerSecond: rate.basePerSecond)
    case .varying(let rate): .constant(ratePerSecond: rate.basePerSecond)
    case .constant, .poisson, .burst, .inFlight, .trace: kind
    }
  }

  /// One entry per phase: those of `phases`, else `load` itself as the phase `main`, else the default load.
  private mutating func phaseEntries(in section: Section) -> [SourceNode.Entry] {
    let own = section.node?.entries.filter { KeyTable.phase.key($0.key) != nil } ?? []
    if let phases = section.node?.entry("phases") {
      let items = phases.value.items.filter { $0.entries.count == 1 }
      if let first = own.first {
        let name = items.first?.entries[0].key ?? "main"
        report(
          .conflict, "`load` is either one phase or a list of `phases`, not both", at: first.keyPosition,
          "move `\(first.key)` into a phase: load.phases.\(name).\(first.key)")
      }
      if case .list(let all) = phases.value.kind, all.isEmpty {
        report(.missingKey, "`phases` is empty", at: phases.value.position, "add - main: { constant: 10k/s, for: 5s }")
      }
      return items.map { $0.entries[0] }
    }
    let position = section.position
    if !own.isEmpty {
      return [.init(key: "main", keyPosition: position, value: .init(kind: .map(own), position: position))]
    }
    if case .map(let entries) = section.node?.kind, !entries.contains(where: { section.keys.key($0.key) != nil }) {
      // A misspelt key may have been the load.
      guard entries.isEmpty else { return [] }
      report(.missingKey, "`load` says nothing about the load", at: position, Self.phaseKindHint)
    }
    return [.init(key: "main", keyPosition: position, value: .init(kind: .null, position: position))]
  }

  static let phaseKinds = ["constant", "poisson", "burst", "in_flight", "saturate", "backlog", "trace"]
  private static let phaseKindHint =
    "add constant: 10k/s, poisson: 10k/s, burst: 1k, in_flight: 1, saturate: 1M, backlog: 10k or trace: file.csv"

  private mutating func phase(
    _ entry: SourceNode.Entry, _ index: Int, _ workload: Scenario.Workload?, _ topology: Scenario.Topology,
    in load: Section
  ) -> Scenario.Phase? {
    checkSlug(entry, of: "phase")
    let isDefault = entry.value.kind == .null
    let section = Section(
      isDefault ? nil : entry.value, keys: KeyTable.phase, path: "load.phases.\(entry.key)",
      jsonPath: [.key("load"), .key("phases"), .index(index), .key(entry.key)], position: entry.keyPosition)
    guard isDefault || section.node?.entries.isEmpty == false else {
      if case .map = entry.value.kind {
        report(.missingKey, "the phase `\(entry.key)` has no load", at: entry.keyPosition, Self.phaseKindHint)
      }
      return nil
    }
    let kind =
      isDefault ? defaultKind(for: workload, in: section) : kind(of: entry.key, in: section, workload, topology)
    guard let kind else { return nil }
    let duration = self.duration(of: kind, in: section)
    if let duration { checkSendsSomething(kind, duration, in: section) }
    return .init(
      name: entry.key, kind: kind, isWarmup: false, durationNanoseconds: duration, source: entry.keyPosition)
  }

  /// How long a phase lasts; nil for a number of messages. A trace lasts until its last message.
  private mutating func duration(of kind: Scenario.Phase.Kind, in section: Section) -> Int64? {
    switch kind {
    case .saturate(.some), .backlog: return nil
    case .trace(let trace, let speed) where section.given("for") == nil:
      let last = trace.entries[trace.entries.count - 1].offsetNanoseconds
      return Int64((Double(last) / speed).rounded(.up)) + 1
    case .constant, .poisson, .varying, .burst, .inFlight, .saturate, .trace: return duration("for", in: section)
    }
  }

  /// 10 k/s; a ring is saturated, or keeps one item going back and forth.
  private mutating func defaultKind(for workload: Scenario.Workload?, in section: Section) -> Scenario.Phase.Kind {
    guard let ring = workload?.ring else {
      record(.string("10k/s"), "10k/s", "constant", in: section, isDefault: true)
      return .constant(ratePerSecond: 10_000)
    }
    if ring.isRoundTrip {
      record(.literal("1"), "1", "in_flight", in: section, isDefault: true)
      return .inFlight(perProducer: 1)
    }
    record(.literal("true"), "true", "saturate", in: section, isDefault: true)
    return .saturate(messageCount: nil)
  }

  private mutating func kind(
    of name: String, in section: Section, _ workload: Scenario.Workload?, _ topology: Scenario.Topology
  ) -> Scenario.Phase.Kind? {
    let given = (section.node?.entries ?? []).filter { Self.phaseKinds.contains($0.key) }
    guard let first = given.first else {
      let isMisspelt = section.node?.entries.contains { KeyTable.phase.key($0.key) == nil } == true
      guard !isMisspelt else { return nil }
      report(.missingKey, "the phase `\(name)` has no load", at: section.position, Self.phaseKindHint)
      return nil
    }
    if given.count > 1 {
      let isInherited = given[0].keyPosition.file != given[1].keyPosition.file
      report(
        .conflict, "the phase `\(name)` has two loads, `\(first.key)` and `\(given[1].key)`", at: given[1].keyPosition,
        isInherited ? "write `\(first.key): null` to drop the inherited one" : "keep one, or make two phases of them")
      return nil
    }
    refuseStrayCompanions(of: first.key, in: section)
    // A rate that cannot be read is still a rate: what it cannot be combined with is said at once.
    let text = givenText(first.key, in: section)
    guard let kind = text.map({ kind($0, first, in: section, workload, topology) }) ?? Self.standIn(for: first.key)
    else {
      return nil
    }
    if let workload, let ring = workload.ring {
      checkLoad(kind, on: ring, of: workload, first.key, at: first.keyPosition)
    }
    return kind
  }

  /// What stands for a load whose value the key check has refused; a trace has nothing to stand for it.
  private static func standIn(for key: String) -> Scenario.Phase.Kind? {
    switch key {
    case "constant": .constant(ratePerSecond: 1e12)
    case "poisson": .poisson(ratePerSecond: 1e12)
    case "in_flight": .inFlight(perProducer: 1)
    case "saturate": .saturate(messageCount: nil)
    case "burst": .burst(messageCount: 1, periodNanoseconds: 1_000_000_000)
    case "backlog": .backlog(messageCount: 1)
    default: nil
    }
  }

  private mutating func kind(
    _ text: String, _ entry: SourceNode.Entry, in section: Section, _ workload: Scenario.Workload?,
    _ topology: Scenario.Topology
  ) -> Scenario.Phase.Kind? {
    switch entry.key {
    case "constant", "poisson": rateKind(entry.key, text, in: section)
    case "burst": burst(entry, in: section)
    case "in_flight": .inFlight(perProducer: Int(count("in_flight", in: section)))
    case "saturate": saturate(text, entry, in: section)
    case "backlog": backlog(text, in: section, workload, topology)
    default: trace(text, in: section, workload)
    }
  }

  private mutating func saturate(
    _ text: String, _ entry: SourceNode.Entry, in section: Section
  ) -> Scenario.Phase.Kind? {
    switch text {
    case "true":
      if section.given("for") == nil {
        report(
          .missingKey, "`saturate: true` needs a time", at: entry.value.position,
          "add for: 5s, or give a number of messages")
      }
      _ = boolean("saturate", in: section)
      return .saturate(messageCount: nil)
    case "false":
      report(
        .invalidValue, "`saturate: false` is no load", at: entry.value.position, "remove it, or write true or a count")
      return nil
    default:
      refuseTime(beside: "saturate: \(text)", in: section)
      return .saturate(messageCount: count("saturate", in: section))
    }
  }

  private mutating func checkSendsSomething(_ kind: Scenario.Phase.Kind, _ duration: Int64, in section: Section) {
    let rate: Double
    switch kind {
    case .constant(let perSecond), .poisson(let perSecond): rate = perSecond
    case .varying(let varying): rate = varying.basePerSecond
    case .burst, .inFlight, .saturate, .backlog, .trace: return
    }
    if rate * Double(duration) / 1e9 < 1 {
      report(
        .outOfRange, "\(Quantity.rateText(rate)) for \(Quantity.durationText(duration)) sends no message",
        at: section.position(of: "for"), "use a longer time or a higher rate")
    }
  }

  private mutating func checkPhaseNames(in section: Section, hasWarmup: Bool) {
    var seen: Set<String> = hasWarmup ? ["warmup"] : []
    for item in section.node?["phases"]?.items ?? [] where item.entries.count == 1 {
      let entry = item.entries[0]
      if !seen.insert(entry.key).inserted {
        report(.conflict, "there are two phases `\(entry.key)`", at: entry.keyPosition, "give each phase its own name")
      }
    }
  }
}
