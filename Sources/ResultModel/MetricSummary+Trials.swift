import Statistics

extension MetricSummary {
  /// What the trials say about one metric together; nil without values.
  ///
  /// - Parameter alpha: The level that the smallest detectable change is meant for.
  public init?(of values: [Double], alpha: Double = 0.01) {
    guard let median = SampleStatistics.median(values) else { return nil }
    let variation = SampleStatistics.coefficientOfVariation(values)
    self.init(
      median: median,
      ci95: AcceleratedBootstrap.median(of: values).map { Interval($0.low, $0.high) },
      medianAbsoluteDeviation: SampleStatistics.medianAbsoluteDeviation(values), variation: variation, values: values,
      outliers: TukeyFences(of: values).map { fences in
        let outliers = fences.outliers(in: values)
        return Outliers(mild: outliers.mild, severe: outliers.severe)
      },
      minimalDetectableEffectPercent: variation.flatMap {
        DetectableEffect.minimal(variation: $0, count: values.count, alpha: alpha)
      }.map { 100 * $0 })
  }

  /// The summaries of one metric, one for each normal phase whose trials all have it.
  public static func all(of trials: [TrialResult], metric: String) -> [MetricSummary] {
    phaseNames(of: trials).compactMap { values(of: metric, phase: $0, in: trials) }.compactMap { MetricSummary(of: $0) }
  }

  /// All summaries of a variant by the name of their metric: `latency.p99`, or `latency.p99@steady` where there are several
  /// normal phases. Percentiles are there where every trial supports them.
  /// - Parameters:
  ///   - metric: One that is wanted beside the usual ones, such as the one that decides; with or without a phase.
  ///   - alpha: The level that the smallest detectable changes are meant for.
  public static func all(
    of trials: [TrialResult], adding metric: String? = nil, alpha: Double = 0.01
  ) -> [String: MetricSummary] {
    let phases = phaseNames(of: trials)
    let metrics = Set(summarisedMetrics + [metric].compactMap { $0.map(ComparisonRules.metric) })
    var summaries: [String: MetricSummary] = [:]
    for phase in phases {
      for metric in metrics {
        guard let values = values(of: metric, phase: phase, in: trials),
          let summary = MetricSummary(of: values, alpha: alpha)
        else { continue }
        summaries[phases.count > 1 ? "\(metric)@\(phase)" : metric] = summary
      }
    }
    return summaries
  }

  /// The metrics that summaries are made of.
  public static let summarisedMetrics =
    ["throughput"] + ["latency", "service_time"].flatMap { name in ["p50", "p99", "p99.9"].map { "\(name).\($0)" } }
    + [
      "send_delay.p99", "confirm_time.p99", "encode_time.p50", "decode_time.p50", "encoded_bytes_per_message",
      "cpu_per_message", "allocated_bytes_per_message",
    ]

  private static func phaseNames(of trials: [TrialResult]) -> [String] {
    var names: [String] = []
    for phase in trials.flatMap(\.phases) where phase.sampleType == .normal && !names.contains(phase.name) {
      names.append(phase.name)
    }
    return names
  }

  /// Nil when a trial lacks the phase or the metric: what is left would be a selection.
  private static func values(of metric: String, phase name: String, in trials: [TrialResult]) -> [Double]? {
    var values: [Double] = []
    for trial in trials {
      guard let phase = trial.phases.first(where: { $0.name == name && $0.sampleType == .normal }),
        let value = phase.value(ofMetric: metric)
      else { return nil }
      values.append(value)
    }
    return values
  }
}

extension VariantResult {
  /// The trials whose figures count: all that went right, or when none did all that went wrong. What was disturbed says more about
  /// the disturbance than about the subject, so it never counts; a confirmation is compared by itself.
  public var countedTrials: [TrialResult] {
    let planned = trials.filter { $0.batch == nil }
    let sound = planned.filter { $0.status == .ok }
    return sound.isEmpty ? planned.filter { !$0.phases.isEmpty && $0.status != .disturbed } : sound
  }

  /// The trials of one confirmation as if they were all, with what they say together.
  /// - Parameter metric: One that is wanted beside the usual ones, such as the one that decides.
  public func confirmation(_ batch: Int, adding metric: String?) -> VariantResult {
    var variant = self
    variant.trials = trials.filter { $0.batch == batch }.map { trial in
      var trial = trial
      trial.batch = nil
      return trial
    }
    variant.summary = MetricSummary.all(of: variant.countedTrials, adding: metric)
    return variant
  }
}
