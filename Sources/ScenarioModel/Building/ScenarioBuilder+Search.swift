extension ScenarioBuilder {
  /// The search of a capacity; nil when the file has none.
  mutating func capacitySearch(in root: Section) -> Scenario.CapacitySearch? {
    let search = root.section("search")
    guard let given = root.given("search") else { return nil }
    guard search.given("capacity") != nil else {
      if case .map(let entries) = given.kind, entries.isEmpty {
        report(.missingKey, "`search` searches nothing", at: given.position, Self.capacityHint)
      }
      return nil
    }
    let section = search.section("capacity")
    if section.given("limit") == nil, case .map = section.node?.kind {
      report(.missingKey, "`capacity` needs a `limit`", at: section.position, Self.capacityHint)
    }
    // What the key check found fault with stands in for itself, so that the rest is looked at.
    let limit = givenText("limit", in: section) == nil ? 1_000_000 : duration("limit", in: section)
    let result = Scenario.CapacitySearch(
      metric: text("metric", in: section), limitNanoseconds: limit,
      from: value("from", in: section, parse: Quantity.rate, write: Quantity.rateText),
      to: value("to", in: section, parse: Quantity.rate, write: Quantity.rateText),
      precision: share("precision", in: section), trialCount: Int(count("trials", in: section)),
      isPoisson: text("arrivals", in: section) == "poisson", durationNanoseconds: duration("for", in: section),
      source: section.position(of: "limit"))
    checkRates(of: result, in: section)
    return result
  }

  private static let capacityHint = "write capacity: { metric: latency.p99, limit: 1ms }"

  private mutating func checkRates(of search: Scenario.CapacitySearch, in section: Section) {
    if search.precision < 0.001 {
      report(
        .outOfRange, "a capacity is never known to \(Quantity.shareText(search.precision))",
        at: section.position(of: "precision"), "use 0.1% or more")
    }
    if search.to <= search.from {
      report(
        .conflict, "the search ends at \(Quantity.rateText(search.to)) and starts at \(Quantity.rateText(search.from))",
        at: section.position(of: section.given("to") == nil ? "from" : "to"), "use a `to` above `from`")
    }
    if search.from < search.lowestRatePerSecond * (1 - 1e-9) {
      report(
        .outOfRange,
        "\(Quantity.rateText(search.from)) for \(Quantity.durationText(search.durationNanoseconds)) are too few messages "
          + "for \(search.metric): at least ten must lie beyond it", at: section.position(of: "from"),
        "use \(Quantity.rateText(search.lowestRatePerSecond.rounded(.up))) or more, or a longer `for`")
    }
  }

  /// The phase that a search makes its trials of; the load says only what is around it.
  mutating func searchedPhases(
    _ search: Scenario.CapacitySearch, of workload: Scenario.Workload?, in load: Section
  ) -> [Scenario.Phase] {
    for entry in load.node?.entries ?? [] where KeyTable.phase.key(entry.key) != nil || entry.key == "phases" {
      report(
        .conflict, "`search` chooses the load, and `\(entry.key)` says another", at: entry.keyPosition,
        "remove it; warmup, pacing and drain may stay")
    }
    let kind = search.phaseKind(ratePerSecond: search.from)
    if let workload, let ring = workload.ring {
      let key = search.isPoisson ? "poisson" : "constant"
      checkLoad(kind, on: ring, of: workload, key, at: root["search"]?.position ?? load.position)
    }
    return [
      Scenario.Phase(
        name: "main", kind: kind, isWarmup: false, durationNanoseconds: search.durationNanoseconds,
        source: search.source)
    ]
  }

  /// How many trials there are, and in which order, is the search's to say.
  mutating func dropTrialCount() {
    for name in ["count", "order"] {
      json.remove(name, at: [.key("trials")])
      settings.removeAll { $0.path == "trials.\(name)" }
    }
  }

  /// What else the file asks for must make sense for trials at many rates.
  mutating func checkSearch(
    _ search: Scenario.CapacitySearch, _ load: Scenario.Load, of workload: Scenario.Workload?, _ time: Scenario.Time
  ) {
    let metric = root["search"]?["capacity"]?["metric"]?.position ?? search.source
    let times = MetricKnowledge.statistics.filter { !["min", "stddev", "max"].contains($0) }
    if let workload {
      let knowledge = MetricKnowledge(workload: workload, phases: load.phases, isSimulated: time == .virtual)
      if let problem = knowledge.problem(with: search.metric) {
        report(.conflict, problem.message, at: metric, problem.suggestion)
      } else if !times.contains(String(search.metric.dropFirst(search.series.count + 1))) {
        report(
          .conflict, "`\(search.metric)` has no limit that a rate could keep", at: metric,
          "use latency with one of \(times.joined(separator: ", "))")
      }
    }
    refuseBeside("slo", "its limit is that of the search")
    refuseBeside("baseline", "variants have different loads, and what is compared are their capacities")
    refuseBeside("compare", "variants have different loads, and what is compared are their capacities")
    let reason = "says how many trials a step has: search.capacity.trials"
    if let trials = root["trials"] {
      for name in ["count", "stop_early", "order"] {
        guard let entry = trials.entry(name) else { continue }
        report(.conflict, "`search` \(reason)", at: entry.keyPosition, "remove `\(name)`")
      }
      if trials.scalar != nil { report(.conflict, "`search` \(reason)", at: trials.position, "remove `trials`") }
    }
    if let trace = root["output"]?.entry("trace") {
      report(.conflict, "a search has many trials, and `trace` records one", at: trace.keyPosition, "remove `trace`")
    }
  }

  private mutating func refuseBeside(_ name: String, _ reason: String) {
    guard let entry = root.entry(name) else { return }
    report(.conflict, "`\(name)` means nothing beside `search`: \(reason)", at: entry.keyPosition, "remove `\(name)`")
  }
}
