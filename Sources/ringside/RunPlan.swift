internal import Reports
internal import ResultModel
internal import ScenarioModel

/// What a run of a scenario would do on a machine with so many cores, as text.
struct RunPlan {
  private let run: ScenarioVariants
  private let coreCount: Int

  private var scenario: Scenario { run.first }

  init(of run: ScenarioVariants, coreCount: Int) {
    self.run = run
    self.coreCount = coreCount
  }

  /// The whole plan.
  var text: String {
    var text = "\(scenario.name) (\(scenario.path))\n"
    if !scenario.summary.isEmpty { text += "\(scenario.summary)\n" }
    let schedule = TrialSchedule(of: run)
    text += "\nVariants and trials\n" + schedule.overview.text(indentation: 2)
    text += schedule.warnings.map { "  warning: \($0)\n" }.joined()
    if let variants = schedule.variants { text += "\nVariants\n" + variants.text(indentation: 2) }
    if let order = schedule.order { text += "\nOrder of the trials\n" + order.text(indentation: 2) }
    let ofFirst = run.variants.count > 1 ? " of \(run.variants[0].slug)" : ""
    text += "\nPhases\(ofFirst)\n" + phases.text(indentation: 2)
    if scenario.workload.hasBeat { text += "\nSchedules\(ofFirst)\n" + schedules.text(indentation: 2) }
    text += "\nThreads\(ofFirst)\n" + threads
    if !scenario.objectives.isEmpty { text += "\nObjectives\(ofFirst)\n" + objectives.text(indentation: 2) }
    text += "\nSettings\(ofFirst) (* is a default)\n" + settings.text(indentation: 2)
    return text
  }

  private var phases: TextTable {
    var table = TextTable()
    for phase in scenario.load.phases {
      if let search = scenario.search, !phase.isWarmup {
        table.append(
          phase.name, search.isPoisson ? "poisson, rates as searched" : "constant, rates as searched",
          "for \(QuantityText.exactDuration(nanoseconds: search.durationNanoseconds))", "latency from the intended time"
        )
        continue
      }
      table.append(
        phase.name, describe(phase.kind),
        phase.durationNanoseconds.map { "for \(QuantityText.exactDuration(nanoseconds: $0))" } ?? "",
        phase.isWarmup ? "warm-up, not judged" : phase.isOpenLoop ? "latency from the intended time" : "service time")
    }
    return table
  }

  private func describe(_ kind: Scenario.Phase.Kind) -> String {
    switch kind {
    case .constant(let rate): "constant \(QuantityText.exactRate(perSecond: rate))"
    case .poisson(let rate): "poisson \(QuantityText.exactRate(perSecond: rate))"
    case .inFlight(let count): "\(count) in flight per producer"
    case .varying(let rate): describe(rate)
    case .burst(let count, let period):
      "\(QuantityText.count(Int(count))) at once every \(QuantityText.exactDuration(nanoseconds: period))"
    case .saturate(let count): count.map { "saturate with \(QuantityText.count(Int($0))) messages" } ?? "saturate"
    case .backlog(let count): "\(QuantityText.count(Int(count))) messages pile up, then are received"
    case .schedule: "tasks by their schedules"
    case .trace(let trace, let speed):
      "\(trace.path): \(QuantityText.count(trace.entries.count)) messages, \(QuantityText.significant(speed)) times as fast"
    }
  }

  private func describe(_ rate: Scenario.VaryingRate) -> String {
    let base = QuantityText.exactRate(perSecond: rate.basePerSecond)
    let text =
      switch rate.shape {
      case .ramp(let to): "from \(base) to \(QuantityText.exactRate(perSecond: to))"
      case .stairs(let to, let count): "from \(base) to \(QuantityText.exactRate(perSecond: to)) in \(count) steps"
      case .spike(let peak): "\(base), in the middle third \(QuantityText.exactRate(perSecond: peak))"
      case .wave(let amplitude, let period):
        "\(base) ± \(QuantityText.exactRate(perSecond: amplitude)) every \(QuantityText.exactDuration(nanoseconds: period))"
      }
    return (rate.isPoisson ? "poisson " : "constant ") + text
  }

  /// What the beat sends: when, and how often in each phase.
  private var schedules: TextTable {
    let clock = scenario.workload.beatClock
    var table = TextTable()
    for task in scenario.workload.tasks {
      guard let schedule = task.schedule else { continue }
      let counts = scenario.load.phases.compactMap { phase -> String? in
        guard let duration = phase.durationNanoseconds, !phase.isWarmup else { return nil }
        guard let count = schedule.dueCount(in: duration, by: clock, limit: Self.dueCountLimit) else {
          return "\(phase.name): as the time of day says"
        }
        let times = count == 1 ? "once" : "\(QuantityText.count(count)) times"
        return "\(phase.name): \(times)" + (count == Self.dueCountLimit ? " or more" : "")
      }
      table.append(
        task.name, schedule.summary, schedule.firstDueText(by: clock).map { "first at \($0)" } ?? "",
        counts.joined(separator: ", "))
    }
    return table
  }

  /// How far moments are counted that have to be looked up in a calendar.
  private static let dueCountLimit = 10_000

  private var threads: String {
    let producers = scenario.workload.sendingThreadCount
    let consumers = scenario.workload.consumerCount
    let lanes = consumers * (scenario.workload.pool?.laneCount ?? 0)
    let total = producers + consumers + lanes
    if scenario.time == .virtual {
      return "  \(producers) producing + \(consumers) consuming, simulated one after the other on one thread\n"
    }
    let beside = lanes == 0 ? "" : " + \(lanes) that run tasks"
    var text = "  \(producers) producing + \(consumers) consuming\(beside) = \(total), on \(coreCount) cores\n"
    if scenario.workload.pool?.kind == .processes { text += "  those that run tasks are child processes\n" }
    if scenario.workload.ring?.memory == .shared { text += "  those that consume belong to a child process\n" }
    if total > coreCount {
      text += """
          warning: more threads than cores. Threads wait by parking unless the scenario says otherwise, and latencies
          include the scheduler's.

        """
    }
    return text
  }

  private var objectives: TextTable {
    var table = TextTable()
    for objective in scenario.objectives {
      let window = objective.windowNanoseconds.map { window in
        let grace = objective.graceNanoseconds
        return "every \(QuantityText.exactDuration(nanoseconds: window))"
          + (grace > 0 ? " after \(QuantityText.exactDuration(nanoseconds: grace))" : "")
      }
      table.append(
        objective.expression.text, objective.phases.joined(separator: ", "), window ?? "as a whole",
        objective.endsRun ? "ends the run" : objective.severity == .warn ? "warning" : "error",
        "\(objective.source.file):\(objective.source.line)")
    }
    return table
  }

  private var settings: TextTable {
    var table = TextTable()
    for setting in scenario.settings { table.append(setting.isDefault ? "*" : " ", setting.path, setting.value) }
    return table
  }
}
