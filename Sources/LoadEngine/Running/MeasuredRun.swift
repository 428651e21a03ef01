import DriverInterface
import ResultModel
import ScenarioModel

/// What a run has measured so far.
struct MeasuredRun {
  private(set) var variants: [VariantResult]
  /// Interval histograms; times count from the start of the run.
  private(set) var intervals: [IntervalHistogram] = []
  /// What the subject said after the last trial.
  private(set) var statistics = SubjectStatistics()
  /// What was sent, when the scenario asks for it.
  private(set) var trace: RecordedTrace?
  /// What was to be known about the trials, each sentence once.
  private(set) var notes: [String] = []
  /// How often the subject's statistics were read, when a variant asks for it.
  private(set) var readings: StatisticsReadings?

  /// By variant, the trials of a search that the result does not show: no more of them than their verification.
  private(set) var unshownTrials: [[TrialResult]]

  /// Whether the user ended the run before everything was measured.
  var wasStopped = false

  /// - Parameter tools: The build that runs each variant; empty where that is the run's own.
  init(variants: [ScenarioVariant], tools: [ToolInformation] = []) {
    self.variants = variants.enumerated().map { index, variant in
      var result = VariantResult(
        id: variant.id, slug: variant.slug,
        parameters: Dictionary(
          variant.parameters.map { ($0.axis, JSONValue.string($0.value)) }, uniquingKeysWith: { first, _ in first }),
        baseline: variant.isBaseline, trials: [])
      if tools.indices.contains(index) { result.tool = tools[index] }
      return result
    }
    unshownTrials = variants.map { _ in [] }
  }

  /// Whether no trial has been run yet.
  var isEmpty: Bool { variants.allSatisfy(\.trials.isEmpty) }

  /// Adds what the search of a variant found.
  mutating func note(_ capacity: CapacityResult, ofVariant index: Int) { variants[index].capacity = capacity }

  /// Adds a trial that the result does not show, to be verified.
  mutating func addUnshown(_ trial: TrialResult, ofVariant index: Int) {
    var trial = trial
    trial.events = []
    trial.phases = trial.phases.map { phase in
      var verified = PhaseResult(
        name: phase.name, sampleType: phase.sampleType, startOffsetNanoseconds: phase.startOffsetNanoseconds,
        durationNanoseconds: phase.durationNanoseconds, counts: phase.counts, rates: phase.rates)
      verified.verification = phase.verification
      verified.faults = phase.faults
      return verified
    }
    unshownTrials[index].append(trial)
  }

  /// Adds a trial that began so long after the start of the run.
  mutating func add(_ outcome: TrialOutcome, of trial: PlannedTrial, startOffset: Int64) {
    var result = outcome.result
    result.startOffsetNanoseconds = startOffset
    variants[trial.variantIndex].trials.append(result)
    if result.status == .aborted { wasStopped = true }
    if outcome.threadCount > 0 { variants[trial.variantIndex].threads = outcome.threadCount }
    intervals += outcome.intervals.map { interval in
      var interval = interval
      interval.startNanoseconds += startOffset
      return interval
    }
    statistics = outcome.statistics
    trace = outcome.trace ?? trace
    if let more = outcome.readings { readings = readings.map { $0 + more } ?? more }
    for note in outcome.notes where !notes.contains(note) { notes.append(note) }
  }
}
