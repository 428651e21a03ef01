extension ScenarioBuilder {
  /// The phases, from either spelling; `workload` is nil when its pattern is not known.
  mutating func load(for workload: Scenario.Workload?, in root: Section) -> Scenario.Load {
    let section = root.section("load")
    let warmup = duration("warmup", in: section)
    var phases = phaseEntries(in: section).enumerated().compactMap { index, entry in
      phase(entry, index, workload, in: section)
    }
    if warmup > 0, var first = phases.first {
      first.name = "warmup"
      first.isWarmup = true
      first.durationNanoseconds = warmup
      if case .saturate = first.kind { first.kind = .saturate(messageCount: nil) }
      first.source = section.position(of: "warmup")
      phases.insert(first, at: 0)
    }
    checkPhaseNames(in: section, hasWarmup: warmup > 0)
    let pacing = section.section("pacing")
    return .init(
      phases: phases, pacingSpinNanoseconds: duration("spin", in: pacing),
      pacingMaxLagNanoseconds: duration("max_lag", in: pacing), drainNanoseconds: duration("drain", in: section))
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
  private static let phaseKindHint = "add constant: 10k/s, poisson: 10k/s, in_flight: 1, or saturate: 1M"

  private mutating func phase(
    _ entry: SourceNode.Entry, _ index: Int, _ workload: Scenario.Workload?, in load: Section
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
    let kind = isDefault ? defaultKind(for: workload, in: section) : kind(of: entry.key, in: section, workload)
    guard let kind else { return nil }
    if case .saturate(.some) = kind {
      return .init(
        name: entry.key, kind: kind, isWarmup: false, durationNanoseconds: nil, source: entry.keyPosition)
    }
    let duration = self.duration("for", in: section)
    checkSendsSomething(kind, duration, in: section)
    return .init(
      name: entry.key, kind: kind, isWarmup: false, durationNanoseconds: duration, source: entry.keyPosition)
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
    of name: String, in section: Section, _ workload: Scenario.Workload?
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
    guard let text = givenText(first.key, in: section), let kind = kind(text, first, in: section) else { return nil }
    if let workload, let ring = workload.ring {
      checkLoad(kind, on: ring, of: workload, first.key, at: first.keyPosition)
    }
    return kind
  }

  private mutating func kind(
    _ text: String, _ entry: SourceNode.Entry, in section: Section
  ) -> Scenario.Phase.Kind? {
    switch entry.key {
    case "constant": text.contains("..") ? nil : .constant(ratePerSecond: rate("constant", in: section))
    case "poisson": text.contains("..") ? nil : .poisson(ratePerSecond: rate("poisson", in: section))
    case "in_flight": .inFlight(perProducer: Int(count("in_flight", in: section)))
    case "saturate": saturate(text, entry, in: section)
    default: nil  // Refused as not supported yet.
    }
  }

  private mutating func rate(_ name: String, in section: Section) -> Double {
    value(name, in: section, parse: Quantity.rate, write: Quantity.rateText)
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
      if let duration = section.node?.entry("for") {
        report(
          .conflict, "`saturate: \(text)` is a number of messages and `for` is a time; a phase ends by one of them",
          at: duration.keyPosition, "remove `for`, or write saturate: true")
      }
      return .saturate(messageCount: count("saturate", in: section))
    }
  }

  private mutating func checkSendsSomething(_ kind: Scenario.Phase.Kind, _ duration: Int64, in section: Section) {
    let rate: Double
    switch kind {
    case .constant(let perSecond), .poisson(let perSecond): rate = perSecond
    case .inFlight, .saturate: return
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
