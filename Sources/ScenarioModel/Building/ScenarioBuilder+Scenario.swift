extension ScenarioBuilder {
  /// The whole scenario, nil when there were problems. Rules that depend on the pattern are left out when that is one.
  mutating func build() -> Scenario? {
    let section = Section(root, keys: KeyTable.root, path: "", position: start)
    let version = count("schema", in: section)
    let name = text("name", in: section, default: defaultName)
    let summary = text("description", in: section)
    let seed = count("seed", in: section)
    let target = self.target(in: section)

    let workloadSection = section.section("workload")
    let isPatternGiven = workloadSection.given("pattern") != nil
    let patternText =
      isPatternGiven ? givenText("pattern", in: workloadSection) : workloadSection.keys.key("pattern")?.defaultText
    let pattern = patternText.flatMap(Scenario.Pattern.init(rawValue:))

    var topology = self.topology(for: pattern, in: section)
    var workload: Scenario.Workload?
    if let pattern { workload = self.workload(pattern, &topology, in: section) }
    let search = capacitySearch(in: section)
    let load = self.load(for: workload, topology, search, in: section)
    if let workload {
      checkInFlight(load, of: workload, topology)
      checkClosedLoops(load, of: workload, topology)
      checkSchedules(load, of: workload, in: section)
    }
    let trials = self.trials(in: section)
    let verification = self.verification(for: workload, topology, in: section.section("verify"))
    let faults = self.faults(for: workload, load, verification)
    let measure = self.measure(in: section.section("measure"))
    let output = self.output(in: section.section("output"))
    let time: Scenario.Time = choice("time", in: section)
    if let workload { checkStatistics(measure, of: workload, time, in: section.section("measure")) }
    if time == .virtual, let workload { checkVirtualTime(load, of: workload, faults, at: section.position(of: "time")) }
    checkTraceOutput(output, trials, load, of: workload, in: section)
    if let search {
      checkSearch(search, load, of: workload, time)
      dropTrialCount()
    }
    checkTimeout(trials, load, time, isSearched: search != nil, in: section)
    checkMetric(of: trials.stopEarly, load, workload, time)
    let comparison = self.comparison(load, workload, time, in: section)
    let comparedJSON = self.comparedJSON
    let objectives = self.objectives(load, workload, faults, measure, time)
    guard let workload, problems.isEmpty else { return nil }
    return Scenario(
      schemaVersion: Int(version), name: name, summary: summary, path: path, seed: UInt64(seed), target: target,
      topology: topology, workload: workload, load: load, trials: trials, verification: verification,
      objectives: objectives, faults: faults, measure: measure, output: output, comparison: comparison, search: search,
      time: time, settings: settings, resolvedJSON: json.text, comparedJSON: comparedJSON,
      searchlessJSON: search == nil ? nil : searchlessJSON,
      dataDigests: dataDigests)
  }

  /// What a run says of itself, how often it measures and what it leaves behind do not change what is measured.
  private var comparedJSON: String {
    var compared = json
    for key in ["description", "seed", "output"] { compared.remove(key) }
    for key in ["count", "stop_early", "disturbed", "timeout", "cool_down", "order"] {
      compared.remove(key, at: [.key("trials")])
    }
    return compared.text
  }

  private var searchlessJSON: JSONValue {
    var searchless = json
    searchless.remove("search")
    return searchless
  }

  /// The file's name without directories and extension, as far as a slug can hold it.
  private var defaultName: String {
    let file = path.split(separator: "/").last ?? "scenario"
    let stem = file.split(separator: ".").dropLast().joined(separator: ".")
    let slug = ScalarCheck.slug(from: stem.isEmpty ? String(file) : stem)
    return slug.isEmpty ? "scenario" : slug
  }

  private mutating func target(in section: Section) -> Scenario.Target {
    guard case .map = root["target"]?.kind else { return .init(driver: text("target", in: section)) }
    let keys = KeyTable.root.key("target")?.kind.objectKeys ?? []
    let inner = Section(root["target"], keys: keys, path: "target", position: section.position(of: "target"))
    let driver = givenText("driver", in: inner) ?? "embedded"
    // Spelt like the short form, so that both resolve to the same.
    record(.string(driver), driver, "target", in: section, isDefault: inner.given("driver") == nil)
    return .init(driver: driver)
  }
}

extension ValueKind {
  /// The keys of a map, also of one that is an alternative to a single value.
  var objectKeys: [ScenarioKey] {
    switch self {
    case .object(let keys): keys
    case .either(let kinds): kinds.lazy.map(\.objectKeys).first { !$0.isEmpty } ?? []
    default: []
    }
  }
}
