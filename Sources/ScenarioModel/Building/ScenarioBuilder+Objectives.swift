extension ScenarioBuilder {
  /// The limits of `slo`: each comparison was read by `KeyChecker` already, here it meets the phases that it is about.
  mutating func objectives(
    _ load: Scenario.Load, _ workload: Scenario.Workload?, _ faults: [Scenario.Fault], _ measure: Scenario.Measure,
    _ time: Scenario.Time
  ) -> [Scenario.Objective] {
    guard let node = root["slo"] else { return [] }
    let judged = load.phases.filter { !$0.isWarmup }
    var objectives: [Scenario.Objective] = []
    var recoveries: [(phases: [String], position: SourcePosition)] = []
    // The short form of one objective is a list of one.
    for item in node.scalar == nil ? node.items : [node] {
      let section = Section(
        item, keys: KeyTable.objective, path: "slo.\(objectives.count)",
        jsonPath: [.key("slo"), .index(objectives.count)],
        position: item.entries.first?.keyPosition ?? item.position)
      guard let (expression, source) = expression(of: item, in: section) else { continue }
      let phases = self.phases(judged, in: section)
      var objective = Scenario.Objective(
        expression: expression, phases: phases.map(\.name), severity: choice("severity", in: section),
        windowNanoseconds: nil, endsRun: false, graceNanoseconds: 0, source: source.position)
      window(of: &objective, phases, measure, in: section)
      if let workload, !phases.isEmpty {
        let knowledge = MetricKnowledge(workload: workload, phases: phases, isSimulated: time == .virtual)
        checkMetrics(of: objective, phases, knowledge, at: source)
      }
      objectives.append(objective)
      if let metric = expression.metrics.first(where: { $0.name == "recovery_time" }) {
        recoveries.append((objective.phases, source.position(at: metric.offset)))
      }
    }
    for recovery in recoveries { checkRecovery(in: recovery.phases, objectives, faults, at: recovery.position) }
    return objectives
  }

  /// The comparison of one entry, and the value that it is written in; nil when it is missing or was refused.
  private mutating func expression(
    of item: SourceNode, in section: Section
  ) -> (expression: ObjectiveExpression, source: SourceNode)? {
    guard let source = item.scalar == nil ? item["expect"] : item, let text = source.scalar else {
      if case .map = item.kind, item["expect"] == nil {
        report(
          .missingKey, "an objective needs `expect`, what must hold", at: section.position,
          "add expect: \"latency.p99 < 1ms\"")
      }
      return nil
    }
    guard let expression = try? ObjectiveExpression(parsing: text) else { return nil }
    record(.string(expression.text), expression.text, "expect", in: section, isDefault: false)
    return (expression, source)
  }

  /// The phases that an objective is about: the one that it names, or all.
  private mutating func phases(_ judged: [Scenario.Phase], in section: Section) -> [Scenario.Phase] {
    guard let node = section.node?["phase"], let name = node.scalar else { return judged }
    record(.string(name), name, "phase", in: section, isDefault: false)
    guard !judged.isEmpty, !judged.contains(where: { $0.name == name }) else {
      return judged.filter { $0.name == name }
    }
    report(
      .unknownReference, "there is no phase `\(name)`", at: node.position,
      Spelling.suggestion(for: name, among: judged.map(\.name)) ?? "there is \(Spelling.list(judged.map(\.name)))")
    return []
  }

  // MARK: - Windows

  /// The keys that are about stretches of a phase.
  private mutating func window(
    of objective: inout Scenario.Objective, _ phases: [Scenario.Phase], _ measure: Scenario.Measure, in section: Section
  ) {
    guard givenText("window", in: section) != nil else {
      for name in ["abort", "grace"] where section.given(name) != nil {
        report(
          .keyWithoutEffect, "`\(name)` is about stretches of a phase, and this objective judges it as a whole",
          at: section.position(of: name), "add window: 1s")
      }
      return
    }
    let window = duration("window", in: section)
    objective.windowNanoseconds = window
    objective.endsRun = boolean("abort", in: section)
    objective.graceNanoseconds = duration("grace", in: section)
    if objective.endsRun, objective.severity == .warn {
      report(
        .conflict, "a run that is ended early has failed, which is more than a warning",
        at: section.position(of: "abort"), "use severity: error, or remove `abort`")
    }
    if window < measure.intervalNanoseconds {
      report(
        .conflict,
        "a window of \(Quantity.durationText(window)) is shorter than an interval, of which windows are made",
        at: section.position(of: "window"),
        "use \(Quantity.durationText(measure.intervalNanoseconds)) or more, or a shorter measure.interval")
    }
    guard let phase = phases.first(where: { $0.durationNanoseconds ?? .max < window + objective.graceNanoseconds }),
      let length = phase.durationNanoseconds
    else { return }
    let name = length < window ? "window" : "grace"
    report(
      .conflict,
      "the phase `\(phase.name)` takes \(Quantity.durationText(length)), so that no window of "
        + "\(Quantity.durationText(window)) is judged in it", at: section.position(of: name),
      "use a shorter \(name)" + (phases.count > 1 ? ", or name another `phase`" : ""))
  }

  // MARK: - Metrics

  /// Every metric must be one of every phase, and in a window one that is known from moment to moment.
  private mutating func checkMetrics(
    of objective: Scenario.Objective, _ phases: [Scenario.Phase], _ knowledge: MetricKnowledge, at source: SourceNode
  ) {
    for metric in objective.expression.metrics {
      let name = String(metric.name.prefix { $0 != "." })
      let position = source.position(at: metric.offset)
      // Which faults there are is known when all objectives are read.
      if name != "recovery_time" {
        if let phase = phases.first(where: { !$0.isOpenLoop }), ["latency", "send_delay", "offered"].contains(name) {
          report(
            .conflict,
            name == "latency"
              ? "`latency` counts from the intended time, and the phase `\(phase.name)` has none"
              : "the phase `\(phase.name)` has no intended sending times, and so no `\(name)`", at: position,
            (name == "offered" ? "compare with a rate" : "use service_time")
              + (phases.count > 1
                ? ", or name a `phase` with constant or poisson" : ", or a phase with constant or poisson"))
          continue
        }
        if let problem = knowledge.absence(of: name) {
          report(.conflict, problem.message, at: position, problem.suggestion)
          continue
        }
      }
      guard objective.windowNanoseconds != nil else { continue }
      let timed = phases.allSatisfy(\.isOpenLoop) ? "latency" : "service_time"
      let known = [timed, "throughput", "sent", "offered"]
      guard !known.contains(name) || (name == "service_time" && phases.contains(where: \.isOpenLoop)) else { continue }
      report(
        .conflict, "`\(name)` is not known for each window", at: position,
        "a window has \(known.joined(separator: ", ")); remove `window` to judge the phase as a whole")
    }
  }

  /// A recovery is known where a fault ends in a phase and an objective with a window says when all is well again.
  private mutating func checkRecovery(
    in phases: [String], _ objectives: [Scenario.Objective], _ faults: [Scenario.Fault], at position: SourcePosition
  ) {
    for phase in phases {
      let ends = faults.contains { $0.schedule?.phase == phase && $0.schedule?.durationNanoseconds != nil }
      let isWatched = objectives.contains { $0.windowNanoseconds != nil && $0.phases.contains(phase) }
      if ends, isWatched { continue }
      report(
        .conflict,
        ends
          ? "no objective with a `window` says when the phase `\(phase)` has recovered"
          : "no fault ends in the phase `\(phase)`, so that it has nothing to recover from", at: position,
        ends
          ? "add one, such as { expect: \"latency.p99 < 10ms\", window: 1s }"
          : "name the `phase` of a fault with `for`")
      return
    }
  }
}

extension SourceNode {
  /// Whether some phase may have a recovery time: a fault ends, and an objective judges windows.
  var mayRecover: Bool {
    (self["faults"]?.items ?? []).contains { $0["for"] != nil }
      && (self["slo"]?.items ?? []).contains { $0["window"] != nil }
  }
}
