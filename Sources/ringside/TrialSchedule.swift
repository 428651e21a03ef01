internal import LoadEngine
internal import Reports
internal import ResultModel
internal import ScenarioModel
internal import Statistics

/// The variants, the order of the trials and the time they take.
struct TrialSchedule {
  private let run: ScenarioVariants
  private let plan: TrialPlan

  /// Rows of a table beyond these are only counted.
  private static let shownCount = 20
  /// What a trial costs beside its measured time: starting its process, preparing the subject, handing the result over.
  private static let overheadNanoseconds: Int64 = 50_000_000

  init(of run: ScenarioVariants) {
    self.run = run
    plan = TrialPlan(variantCount: run.variants.count, trials: run.first.trials, seed: run.first.seed)
  }

  private var trials: Scenario.Trials { run.first.trials }

  /// The numbers of the run.
  var overview: TextTable {
    if let search = run.first.search { return searchOverview(search) }
    var table = TextTable()
    table.append("variants", "\(run.variants.count)")
    table.append("trials", trialsText)
    table.append("order", run.variants.count > 1 ? trials.order.rawValue : "one after the other")
    table.append("process", processText)
    let lastSeed = run.first.seed &+ UInt64(trials.countMax - 1)
    table.append("seed", trials.countMax > 1 ? "\(run.first.seed) to \(lastSeed)" : "\(run.first.seed)")
    table.append("estimated time", estimatedTime)
    return table
  }

  /// A search has as many trials as it needs: what is known beforehand is the most.
  private func searchOverview(_ search: Scenario.CapacitySearch) -> TextTable {
    let most = CapacitySearch.largestTrialCounts(CapacitySearch.Options(search))
    let variantCount = run.variants.count
    var table = TextTable()
    table.append("variants", "\(variantCount)")
    table.append(
      "search",
      "the highest rate with \(search.metric) under "
        + "\(QuantityText.exactDuration(nanoseconds: search.limitNanoseconds)), to \(percent(search.precision))")
    table.append(
      "rates",
      "from \(QuantityText.exactRate(perSecond: search.from)), "
        + "\(QuantityText.exactRate(perSecond: search.lowestRatePerSecond)) at least, "
        + "\(QuantityText.exactRate(perSecond: search.to)) at most")
    table.append(
      "trials", "\(most.short) of each variant at most, and up to \(most.long) longer ones to confirm the result")
    table.append("process", trials.process == .fresh ? "a fresh one for each trial" : "shared")
    table.append("estimated time", run.first.time == .virtual ? Self.simulatedTime : searchTime(search, most))
    return table
  }

  /// A subject with a clear knee needs half of the trials, and one confirmation.
  private func searchTime(_ search: Scenario.CapacitySearch, _ most: (short: Int, long: Int)) -> String {
    let around = run.first.load.phases.filter(\.isWarmup).reduce(Self.overheadNanoseconds + trials.coolDownNanoseconds)
    {
      $0 + ($1.durationNanoseconds ?? 0)
    }
    func time(_ short: Int, _ long: Int) -> String {
      let measured = search.durationNanoseconds * (Int64(short) + Scenario.confirmationFactor * Int64(long))
      return QuantityText.duration(nanoseconds: Int64(run.variants.count) * (measured + around * Int64(short + long)))
    }
    let drain = QuantityText.exactDuration(nanoseconds: run.first.load.drainNanoseconds)
    return
      "\(time(most.short / 2, search.trialCount)) to \(time(most.short, most.long)), and up to \(drain) to drain where "
      + "the subject is overloaded"
  }

  private func percent(_ share: Double) -> String { "\(QuantityText.significant(100 * share)) %" }

  private static let simulatedTime = "simulated, so it does not take the time of its phases"

  private var processText: String {
    if trials.process == .fresh { return "a fresh one for each trial" }
    return isRehearsed ? "shared; its first trial is run once more before, and does not count" : "shared"
  }

  private var isRehearsed: Bool { plan.rehearsal != nil && run.first.time == .wall }

  private var trialsText: String {
    guard let rule = trials.stopEarly else { return "\(trials.count) of each, \(plan.trials.count) in all" }
    return "\(rule.leastCount) to \(rule.mostCount) of each, \(plan.trials.count) in all at most"
  }

  /// Time of the phases that have one; a fixed number of messages takes as long as it takes.
  private var estimatedTime: String {
    if run.first.time == .virtual { return Self.simulatedTime }
    let rest = trials.coolDownNanoseconds * Int64(max(0, plan.trials.count - 1))
    let each = run.variants.map { variant in
      variant.scenario.load.phases.reduce(Self.overheadNanoseconds) { $0 + ($1.durationNanoseconds ?? 0) }
    }
    let rehearsal = isRehearsed ? each[plan.trials[0].variantIndex] + trials.coolDownNanoseconds : 0
    let known = each.reduce(0) { $0 + $1 * Int64(trials.countMax) } + rest + rehearsal
    var text = QuantityText.duration(nanoseconds: known)
    if run.variants.contains(where: { $0.scenario.load.phases.contains { $0.durationNanoseconds == nil } }) {
      text += " and the time that numbers of messages take"
    }
    let drain = run.variants.map(\.scenario.load.drainNanoseconds).max() ?? 0
    text += ", each phase then at most \(QuantityText.exactDuration(nanoseconds: drain)) to drain"
    let confirmations = run.first.comparison?.confirmationCount ?? 0
    return confirmations > 0 ? text + "; as much again, \(confirmations) times at most, to confirm a regression" : text
  }

  /// Every variant with its values; nil without a matrix.
  var variants: TextTable? {
    guard run.variants.count > 1 else { return nil }
    var table = TextTable()
    for variant in run.variants.prefix(Self.shownCount) {
      table.append(variant.slug, variant.id, variant.isBaseline ? "baseline" : "")
    }
    if run.variants.count > Self.shownCount { table.append("…", "and \(run.variants.count - Self.shownCount) more") }
    return table
  }

  /// The first trials in their order; nil when there is only one.
  var order: TextTable? {
    guard plan.trials.count > 1, run.first.search == nil else { return nil }
    var table = TextTable()
    for trial in plan.trials.prefix(Self.shownCount) {
      table.append(
        "\(trial.order + 1).", run.variants[trial.variantIndex].slug, "trial \(trial.index + 1)", "seed \(trial.seed)")
    }
    if plan.trials.count > Self.shownCount { table.append("…", "and \(plan.trials.count - Self.shownCount) more") }
    return table
  }

  /// How many comparisons decide: of each variant with the baseline and with an earlier run, in each phase that has the figure.
  private var decidingCount: Int {
    let others = run.variants.contains(where: \.isBaseline) ? run.variants.count - 1 : 0
    let earlier = run.first.comparison?.against == nil ? 0 : run.variants.count
    if run.first.comparison?.metric?.contains("@") == true { return others + earlier }
    let phases = run.first.load.phases.filter { !$0.isWarmup }
    let open = phases.count(where: \.isOpenLoop)
    let needsSchedule = ["latency", "send_delay", "offered"].contains {
      run.first.comparison?.metric?.hasPrefix($0) == true
    }
    let isOfAllPhases = run.first.comparison?.metric == nil ? open == 0 : !needsSchedule
    return (others + earlier) * (isOfAllPhases ? phases.count : open)
  }

  /// What these trials cannot do, in sentences.
  var warnings: [String] {
    var warnings: [String] = []
    let alpha = run.first.comparison?.alpha ?? 0.01
    let comparisons = decidingCount
    if comparisons > 0 {
      // Holm's first step divides alpha by the number of comparisons.
      let isPaired = trials.order == .paired && run.first.comparison?.against == nil
      let needed = DetectableEffect.leastCount(alpha: alpha / Double(comparisons), isPaired: isPaired)
      if trials.countMax < needed {
        warnings.append(
          "\(trials.countMax) trials cannot show a difference at alpha \(alpha) in \(comparisons) comparisons, "
            + "whatever is measured; \(needed) can")
      }
    }
    if let rule = trials.stopEarly, rule.mostCount < AcceleratedBootstrap.leastCount {
      warnings.append(
        "stop_early never stops: an interval needs \(AcceleratedBootstrap.leastCount) trials, "
          + "and \(rule.mostCount) is the most")
    }
    return warnings
  }
}
