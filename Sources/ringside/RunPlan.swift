internal import Reports
internal import ResultModel
internal import ScenarioModel

/// What a run of a scenario would do on a machine with so many cores, as text.
struct RunPlan {
  private let scenario: Scenario
  private let coreCount: Int

  init(of scenario: Scenario, coreCount: Int) {
    self.scenario = scenario
    self.coreCount = coreCount
  }

  /// The whole plan.
  var text: String {
    var text = "\(scenario.name) (\(scenario.path))\n"
    if !scenario.summary.isEmpty { text += "\(scenario.summary)\n" }
    text += "\nVariants and trials\n" + variants.text(indentation: 2)
    text += "\nPhases\n" + phases.text(indentation: 2)
    text += "\nThreads\n" + threads
    text += "\nSettings (* is a default)\n" + settings.text(indentation: 2)
    return text
  }

  private var variants: TextTable {
    var table = TextTable()
    table.append("variants", "1")
    table.append("trials", "\(scenario.trials.count)")
    table.append("seed", "\(scenario.seed)")
    table.append("estimated time", estimatedTime)
    return table
  }

  /// Time of the phases that have one; a fixed number of messages takes as long as it takes.
  private var estimatedTime: String {
    let phases = scenario.load.phases
    let known = phases.reduce(Int64(0)) { $0 + ($1.durationNanoseconds ?? 0) } * Int64(scenario.trials.count)
    var text = QuantityText.exactDuration(nanoseconds: known)
    let countedPhases = phases.filter { $0.durationNanoseconds == nil }.count
    if countedPhases > 0 { text += " and the time \(countedPhases == 1 ? "its messages take" : "all messages take")" }
    return text + ", then at most \(QuantityText.exactDuration(nanoseconds: scenario.load.drainNanoseconds)) to drain"
  }

  private var phases: TextTable {
    var table = TextTable()
    for phase in scenario.load.phases {
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
    case .saturate(let count): count.map { "saturate with \(QuantityText.count(Int($0))) messages" } ?? "saturate"
    }
  }

  private var threads: String {
    let producers = scenario.workload.producerCount
    let consumers = scenario.workload.consumerCount
    let total = producers + consumers
    var text = "  \(producers) producing + \(consumers) consuming = \(total), on \(coreCount) cores\n"
    if total > coreCount {
      text += """
          warning: more threads than cores. Threads wait by parking unless the scenario says otherwise, and latencies
          include the scheduler's.

        """
    }
    return text
  }

  private var settings: TextTable {
    var table = TextTable()
    for setting in scenario.settings { table.append(setting.isDefault ? "*" : " ", setting.path, setting.value) }
    return table
  }
}
